"""PAY-1, BIL-6: what a provider's answer changes, and that repeating it changes nothing."""

import pytest

from kassa.core import billing
from kassa.core.access import Actor, ActorKind, Permission
from kassa.core.billing import OrderStatus, Outcome, PaymentStatus, ProviderPayment, RefundStatus
from kassa.kit.db import Database
from kassa.kit.errors import Conflict, Denied, Invalid
from kassa.kit.money import Money

from .shop import Shop, open_shop


@pytest.fixture
async def shop(database: Database) -> Shop:
    return await open_shop(database)


def staff(shop: Shop) -> Actor:
    return Actor(ActorKind.STAFF, shop.customer.id, shop.customer.organization_id, frozenset({Permission.REFUND}))


async def test_paying_gives_tokens_with_their_term_once(shop: Shop) -> None:
    """PAY-1: the poller and the webhook's job may both apply a payment; it counts once."""
    order = await shop.buy(fee=343)
    await billing.check_payment(shop.app, str(order.payment.id))
    balance = await shop.balance()
    assert (order.status, balance.available) == (OrderStatus.PAID, 150_000)
    assert balance.grants[0].expires_at is not None
    rows = await shop.database.call(
        "select a.kind, sum(e.amount)::bigint as total from ledger_entry e join ledger_account a on a.id = e.account_id"
        " where e.asset = 'RUB' group by a.kind"
    )
    assert {row["kind"]: row["total"] for row in rows} == {"clearing:yookassa": 9457, "fees": 343, "revenue": -9800}
    async with shop.database.transaction() as session:
        kinds = {item.kind: item.model for item in await billing.entitlements(session, shop.customer.id)}
    assert kinds == {"plan": None, "light_model": "chatgpt-4-omni-mini"}
    assert await shop.red() == []


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (ProviderPayment("x", Outcome.SUCCEEDED, Money(9700, "RUB")), "underpaid"),
        (ProviderPayment("x", Outcome.SUCCEEDED, Money(9900, "RUB")), "overpaid"),
        (ProviderPayment("x", Outcome.SUCCEEDED, Money(9800, "USD")), "other_currency"),
        (ProviderPayment("x", Outcome.SUCCEEDED, Money(9800, "RUB"), is_test=True), "test_payment"),
        (ProviderPayment("x", Outcome.SUCCEEDED, Money(9800, "RUB"), our_payment_id="another"), "other_payment"),
    ],
)
async def test_money_that_does_not_fit_is_kept_for_review(shop: Shop, seen: ProviderPayment, reason: str) -> None:
    """PAY-1: late, partial, over- and test payments are recorded and routed, never credited and never dropped."""
    order = await shop.buy(pay=False)
    ref = f"p-{order.payment.id}"
    shop.provider.payments[ref] = ProviderPayment(
        ref, seen.outcome, seen.amount, is_test=seen.is_test, our_payment_id=seen.our_payment_id
    )
    await billing.check_payment(shop.app, str(order.payment.id))
    order = await shop.order(order.id)
    assert (order.payment.status, order.payment.reason) == (PaymentStatus.REVIEW, reason)
    assert (await shop.balance()).available == 0
    reviews = await shop.database.call("select kind from billing_review")
    assert [row["kind"] for row in reviews] == [reason]
    kept = await shop.database.call(
        "select coalesce(sum(e.amount), 0)::bigint as total from ledger_entry e join ledger_account a"
        " on a.id = e.account_id where a.kind = 'unassigned_money'"
    )
    assert seen.amount is not None
    assert kept[0]["total"] == (0 if seen.is_test else -seen.amount.units)


async def test_a_partial_refund_takes_its_share_and_a_full_one_the_rest(shop: Shop) -> None:
    """BIL-6: money goes back through the provider, and only that purchase's tokens are taken."""
    order = await shop.buy()
    other = await shop.buy("eternal-150k")
    made = await billing.give_back(shop.app, staff(shop), order.payment.id, 4900, "half", "a")
    again = await billing.give_back(shop.app, staff(shop), order.payment.id, 4900, "half", "a")
    assert (made.id, made.status, made.tokens_taken) == (again.id, RefundStatus.SUCCEEDED, 75_000)
    await billing.give_back(shop.app, staff(shop), order.payment.id, None, "rest", "b")
    assert (await shop.balance()).available == 150_000
    assert (await shop.order(order.id)).status is OrderStatus.REFUNDED
    assert (await shop.order(other.id)).status is OrderStatus.PAID
    async with shop.database.transaction() as session:
        left = await billing.entitlements(session, shop.customer.id)
        assert [(item.kind, item.plan) for item in left] == [("plan", "eternal-150k")]
    with pytest.raises(Conflict, match="cannot be refunded"):
        await billing.give_back(shop.app, staff(shop), order.payment.id, None, "more", "c")


async def test_a_refund_the_provider_refuses_gives_the_tokens_back(shop: Shop) -> None:
    """BIL-6: tokens are taken when the refund is asked for, and return when there is none."""
    order = await shop.buy()
    shop.provider.refund_outcome = Outcome.FAILED
    made = await billing.give_back(shop.app, staff(shop), order.payment.id, None, "please", None)
    assert made.status is RefundStatus.FAILED
    assert (await shop.balance()).available == 150_000
    assert (await shop.order(order.id)).status is OrderStatus.PAID


async def test_a_pending_refund_holds_its_amount(shop: Shop) -> None:
    """BIL-6: two refunds under way never exceed the payment."""
    order = await shop.buy()
    shop.provider.refund_outcome = Outcome.PENDING
    await billing.give_back(shop.app, staff(shop), order.payment.id, 9000, "first", "a")
    with pytest.raises(Invalid, match="More than is left"):
        await billing.give_back(shop.app, staff(shop), order.payment.id, 900, "second", "b")


async def test_only_staff_with_the_permission_refund(shop: Shop) -> None:
    """IDN-4: the check is in the verb, so every edge is covered."""
    order = await shop.buy()
    with pytest.raises(Denied, match="may not"):
        await billing.give_back(shop.app, shop.customer, order.payment.id, None, "mine", None)
