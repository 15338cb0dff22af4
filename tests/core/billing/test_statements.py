"""LED-5: the provider's own list is compared with the ledger."""

from datetime import timedelta

import pytest

from kassa.core import billing
from kassa.core.billing import StatementLine
from kassa.kit import clock
from kassa.kit.db import Database
from kassa.kit.money import Money

from .shop import Shop, open_shop


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await open_shop(database)


async def later(shop: Shop) -> list[str]:
    """The problems that a comparison an hour from now finds."""
    with clock.moved(timedelta(hours=1)):
        (check,) = await billing.compare_statements(shop.app)
    return [example["problem"] for example in check.examples]


async def test_equal_books_are_green(shop: Shop) -> None:
    order = await shop.buy(fee=343)
    shop.provider.lines = [StatementLine(False, f"p-{order.payment.id}", order.amount, str(order.payment.id))]
    assert await later(shop) == []
    assert await shop.red() == []


async def test_a_payment_the_provider_does_not_know_is_red(shop: Shop) -> None:
    await shop.buy()
    assert await later(shop) == ["payment_unknown_to_provider"]


async def test_a_payment_we_did_not_book_is_red_and_repaired(shop: Shop) -> None:
    order = await shop.buy(pay=False)
    shop.provider.settle(f"p-{order.payment.id}", order.amount.units)
    shop.provider.lines = [StatementLine(False, f"p-{order.payment.id}", order.amount, str(order.payment.id))]
    assert await later(shop) == ["payment_not_applied"]
    queued = await shop.database.call("select entrypoint from pgqueuer where entrypoint = 'billing.check_payment'")
    assert len(queued) == 1


async def test_another_amount_is_red(shop: Shop) -> None:
    order = await shop.buy()
    shop.provider.lines = [StatementLine(False, f"p-{order.payment.id}", Money(1, "RUB"), str(order.payment.id))]
    assert await later(shop) == ["amount_differs"]


async def test_somebody_elses_payment_in_the_same_shop_is_not_ours_to_judge(shop: Shop) -> None:
    shop.provider.lines = [StatementLine(False, "p-of-a-web-shop", Money(100, "RUB"))]
    assert await later(shop) == []
