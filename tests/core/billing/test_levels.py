"""IDN-6: levels follow what a customer has spent and how long they are here, and what they bring is in the ledger."""

from datetime import timedelta
from uuid import UUID

import pytest

from kassa.core import billing, identity, ledger
from kassa.core.access import Actor, ActorKind
from kassa.core.billing import levels
from kassa.core.billing.levels import Level, Levels, Perks
from kassa.kit import clock
from kassa.kit.db import Database
from kassa.kit.money import Money

from .shop import Shop, open_shop

TWO = Levels(
    [
        Level("Newcomer", {"en": "Newcomer"}),
        Level("Regular", {"en": "Regular"}, spent_units=9000, days=2, discount_percent=10, bonus_percent=5),
    ]
)


def test_all_thresholds_have_to_be_reached() -> None:
    assert TWO.reached(0, 0, 0) == "Newcomer"
    assert TWO.reached(9000, 1, 0) == "Newcomer"
    assert TWO.reached(8999, 99, 0) == "Newcomer"
    assert TWO.reached(9000, 2, 0) == "Regular"
    assert Levels().reached(10**9, 10**4, 99) == ""


def test_a_price_never_becomes_nothing() -> None:
    assert Perks(100, 0).discount(9800) == 9799
    assert Perks(3, 0).discount(9800) == 294
    assert Perks(0, 5).bonus(150_000) == 7500


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await open_shop(database)


async def level(shop: Shop) -> str:
    async with shop.database.transaction() as session:
        return await identity.level_of(session, shop.customer.id)


async def refund(shop: Shop, order: billing.Order) -> None:
    staff = Actor(ActorKind.SYSTEM, UUID(int=0), shop.customer.organization_id)
    await billing.give_back(shop.app, staff, order.payment.id, None, "a test", None)


async def test_a_level_follows_purchases_time_and_refunds(shop: Shop) -> None:
    shop.app.put(billing.Levels, TWO)
    order = await shop.buy()
    await levels.recalculate(shop.app, str(shop.customer.id))
    assert await level(shop) == "Newcomer"
    with clock.moved(timedelta(days=3)):
        await levels.recalculate_all(shop.app)
        assert await level(shop) == "Regular"
        await refund(shop, order)
        await levels.recalculate(shop.app, str(shop.customer.id), order_id="of the event")
        assert await level(shop) == "Newcomer"


async def test_what_a_level_brings_is_in_the_ledger(shop: Shop) -> None:
    """BIL-6, LED-6: less to pay, more tokens, the discount on its own account; a refund takes the bonus back too."""
    order = await shop.buy(perks=Perks(10, 5))
    assert order.amount == Money(8820, "RUB")
    assert (await shop.balance()).available == 157_500
    kinds = [ledger.AccountKind.REVENUE, ledger.AccountKind.DISCOUNTS]
    since, until = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
    async with shop.database.transaction() as session:
        sums = await ledger.turnover(session, shop.customer.organization_id, kinds, since, until)
    assert {row.kind: row.units for row in sums} == {"revenue": -9800, "discounts": 980}
    assert await shop.red() == []
    await refund(shop, order)
    assert (await shop.balance()).available == 0
    assert await shop.red() == []
