"""What a provider's answer changes: status, ledger, grants, entitlements and messages, in one transaction (PAY-1).

The webhook's job and the poller call the same `apply_payment`; whoever comes second changes nothing.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import i18n, ledger, policies
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import clock, events, ids, metrics
from kassa.kit.errors import NotFound
from kassa.kit.failpoints import failpoint

from .models import BillingEntitlement, BillingOrder, BillingPayment, BillingPlanVersion, BillingReview
from .notices import close_payment_link, notify
from .ports import Outcome, ProviderPayment
from .types import OrderPaid, OrderStatus, PaymentStatus, PlanKind, PlanTerms, ReviewOpened

logger = structlog.get_logger(__name__)

_SETTLED = (PaymentStatus.SUCCEEDED, PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED)
CHECK_AFTER_S = (30, 60, 120, 300, 900, 3600, 3600, 3600, 10800, 21600, 43200)
"""Pauses of the poller for a payment that is not decided; then once a day, five times more."""
DAILY_CHECKS = 5


async def record_opened(session: AsyncSession, payment_id: UUID, seen: ProviderPayment) -> None:
    """Remember the provider's reference and the address where the customer pays."""
    payment = await _lock(session, payment_id)
    if seen.ref and payment.provider_ref is None:
        payment.provider_ref = seen.ref
    if seen.confirmation_url:
        payment.confirmation_url = seen.confirmation_url


async def apply_payment(
    session: AsyncSession, texts: i18n.Texts, payment_id: UUID, seen: ProviderPayment, *, accept_test: bool
) -> PaymentStatus:
    """Apply what the provider says of a payment now; the status that follows. Repeating it changes nothing.

    Money that does not fit (another amount or currency, a test payment in production, an order that is paid already)
    is recorded and put up for review: it is never credited and never dropped.
    """
    payment = await _lock(session, payment_id)
    status = PaymentStatus(payment.status)
    if status in _SETTLED or seen.outcome in (Outcome.PENDING, Outcome.UNKNOWN):
        return status
    if status is PaymentStatus.REVIEW:
        payment.next_check_at = None
        return status
    order = await session.get_one(BillingOrder, payment.order_id, with_for_update=True)
    if seen.outcome is Outcome.FAILED:
        return await _fail(session, texts, order, payment, seen)
    mismatch = _mismatch(payment, order, seen, accept_test=accept_test)
    if mismatch:
        return await _review(session, payment, seen, mismatch)
    terms = PlanTerms(**(await session.get_one(BillingPlanVersion, order.plan_version_id)).terms)
    await _settle(session, order, payment, seen)
    await give(session, order, terms)
    failpoint("billing.inside_settlement")
    await policies.convert(session, order.organization_id, order.customer_id, "order_paid", payment.units)
    await close_payment_link(session, texts, order, payment, "paid")
    await notify(session, texts, order, payment, "billing-paid", terms=terms)
    await events.publish(session, OrderPaid(str(order.id), str(order.customer_id), str(order.organization_id)))
    metrics.payments_applied.labels(payment.provider, "succeeded").inc()
    logger.info("payment_settled", payment_id=str(payment.id), order_id=str(order.id))
    return PaymentStatus.SUCCEEDED


async def give(session: AsyncSession, order: BillingOrder, terms: PlanTerms) -> None:
    """Give what the plan promises: tokens with their expiry, and entitlements. Once per order."""
    now = clock.now()
    ends_at = now + timedelta(days=terms.days) if terms.days else None
    if terms.tokens:
        await ledger.grant(
            session, order.organization_id, f"order:{order.id}:tokens", order.customer_id, terms.tokens,
            source="purchase", reference=f"order:{order.id}", expires_at=ends_at,
        )  # fmt: skip
    if order.bonus_tokens:
        await ledger.grant(
            session, order.organization_id, f"order:{order.id}:bonus", order.customer_id, order.bonus_tokens,
            source="level_bonus", reference=f"order:{order.id}", expires_at=ends_at,
        )  # fmt: skip
    # What everybody who bought something has: rules and flags ask for the plans that a customer owns.
    kinds: list[tuple[str, str | None]] = [("plan", None)]
    if terms.kind is PlanKind.UNLIMITED:
        kinds.append(("unlimited", None))
    if terms.light_model:
        kinds.append(("light_model", terms.light_model))
    if terms.api:
        kinds.append(("api", None))
    for kind, model in kinds:
        await session.execute(
            insert(BillingEntitlement)
            .values(
                id=ids.new(), organization_id=order.organization_id, customer_id=order.customer_id, order_id=order.id,
                kind=kind, plan_slug=order.plan_slug, model=model, starts_at=now,
                ends_at=ends_at or now + timedelta(days=36500),
            )
            .on_conflict_do_nothing(index_elements=["order_id", "kind"])
        )  # fmt: skip


async def plan_next_check(session: AsyncSession, payment_id: UUID) -> bool:
    """Set when the poller asks again about an undecided payment; False when it has asked long enough."""
    payment = await _lock(session, payment_id)
    if PaymentStatus(payment.status) is not PaymentStatus.PENDING:
        payment.next_check_at = None
        return False
    done = payment.checks
    payment.checks = done + 1
    if done < len(CHECK_AFTER_S):
        payment.next_check_at = clock.now() + timedelta(seconds=CHECK_AFTER_S[done])
        return True
    if done < len(CHECK_AFTER_S) + DAILY_CHECKS:
        payment.next_check_at = clock.now() + timedelta(days=1)
        return True
    payment.next_check_at = None
    await _note_review(session, payment, "outcome_unknown", {})
    return False


def _mismatch(payment: BillingPayment, order: BillingOrder, seen: ProviderPayment, *, accept_test: bool) -> str:
    """Why the money does not fit, or an empty word."""
    if seen.is_test and not accept_test:
        return "test_payment"
    if seen.amount is None or seen.amount.asset != payment.asset:
        return "other_currency"
    if seen.amount.units != payment.units:
        return "underpaid" if seen.amount.units < payment.units else "overpaid"
    if seen.our_payment_id and seen.our_payment_id != str(payment.id):
        return "other_payment"
    if order.status not in (OrderStatus.PENDING.value, OrderStatus.FAILED.value):
        return "order_already_paid"
    return ""


async def _settle(session: AsyncSession, order: BillingOrder, payment: BillingPayment, seen: ProviderPayment) -> None:
    income = seen.income.units if seen.income and seen.income.asset == payment.asset else payment.units
    fee = payment.units - income
    clearing = Account(ledger.clearing(payment.provider), payment.asset)
    entries = [
        Entry(clearing, income),
        Entry(Account(AccountKind.REVENUE, payment.asset), -payment.units - order.discount_units),
    ]
    if order.discount_units:
        # Revenue is what the goods are sold for; what a level takes off it is a cost that can be looked at.
        entries.append(Entry(Account(AccountKind.DISCOUNTS, payment.asset), order.discount_units))
    if fee:
        entries.append(Entry(Account(AccountKind.FEES, payment.asset), fee))
    await ledger.post(
        session, payment.organization_id, f"pay:{payment.provider}:{seen.ref}", "payment", f"order:{order.id}", entries
    )
    payment.status = PaymentStatus.SUCCEEDED.value
    payment.provider_ref = payment.provider_ref or seen.ref
    payment.income_units, payment.is_test = income, seen.is_test
    payment.next_check_at, payment.settled_at = None, clock.now()
    order.status, order.paid_at = OrderStatus.PAID.value, clock.now()


async def _fail(
    session: AsyncSession, texts: i18n.Texts, order: BillingOrder, payment: BillingPayment, seen: ProviderPayment
) -> PaymentStatus:
    if payment.status == PaymentStatus.FAILED.value:
        return PaymentStatus.FAILED
    payment.status, payment.reason = PaymentStatus.FAILED.value, seen.reason
    payment.next_check_at, payment.settled_at = None, clock.now()
    if order.status == OrderStatus.PENDING.value:
        order.status = OrderStatus.FAILED.value
        await close_payment_link(session, texts, order, payment, "failed")
        await notify(session, texts, order, payment, "billing-failed", reason=seen.reason)
    metrics.payments_applied.labels(payment.provider, "failed").inc()
    return PaymentStatus.FAILED


async def _review(session: AsyncSession, payment: BillingPayment, seen: ProviderPayment, kind: str) -> PaymentStatus:
    """Keep money that does not fit on an account of its own. A test payment is no money and only noted."""
    if seen.amount is not None and seen.amount.units > 0 and kind != "test_payment":
        asset = seen.amount.asset
        await ledger.post(
            session, payment.organization_id, f"pay:{payment.provider}:{seen.ref}", "payment_unassigned",
            f"payment:{payment.id}",
            [
                Entry(Account(ledger.clearing(payment.provider), asset), seen.amount.units),
                Entry(Account(AccountKind.UNASSIGNED_MONEY, asset), -seen.amount.units),
            ],
        )  # fmt: skip
    payment.status, payment.reason = PaymentStatus.REVIEW.value, kind
    payment.next_check_at, payment.settled_at, payment.is_test = None, clock.now(), seen.is_test
    payment.provider_ref = payment.provider_ref or seen.ref
    facts = {"seen": f"{seen.amount.units} {seen.amount.asset}" if seen.amount else "nothing", "ref": seen.ref}
    await _note_review(session, payment, kind, facts)
    metrics.payments_applied.labels(payment.provider, "review").inc()
    return PaymentStatus.REVIEW


async def _note_review(session: AsyncSession, payment: BillingPayment, kind: str, facts: dict[str, str]) -> None:
    logger.error("payment_needs_review", payment_id=str(payment.id), kind=kind, **facts)
    opened = await session.scalar(
        insert(BillingReview)
        .values(
            id=ids.new(), organization_id=payment.organization_id, payment_id=payment.id, kind=kind, facts=facts,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["payment_id", "kind"])
        .returning(BillingReview.id)
    )  # fmt: skip
    if opened is not None:
        await events.publish(session, ReviewOpened(str(opened), str(payment.organization_id)))


async def _lock(session: AsyncSession, payment_id: UUID) -> BillingPayment:
    payment = (
        await session.scalars(select(BillingPayment).where(BillingPayment.id == payment_id).with_for_update())
    ).one_or_none()
    if payment is None:
        raise NotFound("billing.payment_not_found", "No such payment")
    return payment
