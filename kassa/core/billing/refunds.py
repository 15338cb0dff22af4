"""Giving money back: through the provider, with that purchase's tokens (BIL-6)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, i18n, ledger
from kassa.core.access import Actor, ActorKind, Permission
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import clock, events, ids, jobs
from kassa.kit.errors import Conflict, Invalid, NotFound
from kassa.kit.failpoints import failpoint
from kassa.kit.money import Money, Rounding, divide, from_decimal_string

from .models import BillingEntitlement, BillingOrder, BillingPayment, BillingPlanVersion, BillingRefund
from .notices import notify
from .ports import Outcome, ProviderRefund
from .types import OrderStatus, PaymentRefunded, PaymentStatus, PlanTerms, Refund, RefundFailed, RefundStatus

logger = structlog.get_logger(__name__)

REFUNDABLE = (PaymentStatus.SUCCEEDED.value, PaymentStatus.PARTIALLY_REFUNDED.value)


async def request_refund(
    session: AsyncSession, actor: Actor, payment_id: UUID, units: int | None, reason: str, idempotency_key: str
) -> tuple[Refund, bool]:
    """Write a refund (None: all that is left) to be sent to the provider after the commit; False for a repeat.

    The purchase's tokens are taken back now, in proportion, so that they cannot be spent while the money returns;
    if the provider refuses, they come back. `payment_id` may be the order's id too.

    Raises Denied, NotFound `billing.payment_not_found`, Conflict `billing.not_refundable`,
    Invalid `billing.refund_amount_invalid`, `billing.refund_reason_missing`, Conflict `billing.idempotency_conflict`.
    """
    actor.require(Permission.REFUND)
    if not reason.strip():
        raise Invalid("billing.refund_reason_missing", "A refund needs a reason")
    payment = (
        await session.scalars(
            select(BillingPayment)
            .where(
                or_(BillingPayment.id == payment_id, BillingPayment.order_id == payment_id),
                BillingPayment.organization_id == actor.organization_id,
            )
            .order_by(BillingPayment.created_at.desc())
            .limit(1)
            .with_for_update()
        )
    ).one_or_none()
    if payment is None:
        raise NotFound("billing.payment_not_found", "No such payment")
    earlier = (
        await session.scalars(
            select(BillingRefund).where(
                BillingRefund.payment_id == payment.id, BillingRefund.idempotency_key == idempotency_key
            )
        )
    ).one_or_none()
    if earlier is not None:
        if units is not None and units != earlier.units:
            raise Conflict("billing.idempotency_conflict", "This Idempotency-Key was used for another refund")
        return _refund(earlier, payment), False
    amount = _amount(payment, units, await _pending_units(session, payment.id))
    order = await session.get_one(BillingOrder, payment.order_id, with_for_update=True)
    refund_id = ids.new()
    share = await _share(session, order, payment, amount)
    taken = 0
    if share != 0:
        taken = await ledger.take_back(
            session, payment.organization_id, f"refund:{refund_id}:tokens", f"order:{order.id}", share,
            void=share is None,
        )  # fmt: skip
    row = BillingRefund(
        id=refund_id, payment_id=payment.id, status=RefundStatus.PENDING.value, units=amount, tokens_taken=taken,
        reason=reason.strip()[:250], failure="", idempotency_key=idempotency_key, actor_id=actor.id, checks=0,
        next_check_at=clock.now() + timedelta(seconds=30), created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await jobs.enqueue(session, "billing.send_refund", refund_id=str(refund_id))
    await audit.record(
        session, actor, "payment.refunded", "payment", payment.id, reason=row.reason,
        after={"units": amount, "asset": payment.asset, "order": order.number, "tokens": taken},
    )  # fmt: skip
    return _refund(row, payment), True


async def foresee_refund(session: AsyncSession, actor: Actor, payment_id: UUID, units: int | None) -> tuple[Money, int]:
    """What a refund (None: all that is left) would give back now, and the tokens that it would take.

    Raises as `request_refund`.
    """
    actor.require(Permission.REFUND)
    payment = await session.get(BillingPayment, payment_id)
    if payment is None or payment.organization_id != actor.organization_id:
        raise NotFound("billing.payment_not_found", "No such payment")
    amount = _amount(payment, units, await _pending_units(session, payment.id))
    order = await session.get_one(BillingOrder, payment.order_id)
    share = await _share(session, order, payment, amount)
    held = await ledger.balance(session, order.organization_id, order.customer_id)
    free = sum(grant.remaining - grant.held for grant in held.grants if grant.reference == f"order:{order.id}")
    return Money(amount, payment.asset), free if share is None else min(share, free)


async def apply_refund(session: AsyncSession, texts: i18n.Texts, refund_id: UUID, seen: ProviderRefund) -> RefundStatus:
    """Apply what the provider says of a refund now. Repeating it changes nothing."""
    row = (
        await session.scalars(select(BillingRefund).where(BillingRefund.id == refund_id).with_for_update())
    ).one_or_none()
    if row is None:
        raise NotFound("billing.refund_not_found", "No such refund")
    if seen.ref and row.provider_ref is None:
        row.provider_ref = seen.ref
    if row.status != RefundStatus.PENDING.value or seen.outcome in (Outcome.PENDING, Outcome.UNKNOWN):
        return RefundStatus(row.status)
    payment = await session.get_one(BillingPayment, row.payment_id, with_for_update=True)
    order = await session.get_one(BillingOrder, payment.order_id, with_for_update=True)
    row.settled_at, row.next_check_at = clock.now(), None
    if seen.outcome is Outcome.FAILED:
        row.status, row.failure = RefundStatus.FAILED.value, seen.reason
        await _return_tokens(session, order, row)
        await events.publish(session, RefundFailed(str(row.id), str(order.id), str(order.organization_id)))
        return RefundStatus.FAILED
    row.status = RefundStatus.SUCCEEDED.value
    await _book(session, order, payment, row.id, row.units)
    failpoint("billing.inside_refund")
    await notify(session, texts, order, payment, "billing-refunded", units=row.units, suffix=f":{row.id}")
    await events.publish(
        session, PaymentRefunded(str(row.id), str(order.id), str(order.customer_id), str(order.organization_id))
    )
    return RefundStatus.SUCCEEDED


async def record_outside_refund(session: AsyncSession, texts: i18n.Texts, seen: ProviderRefund) -> UUID | None:
    """A refund made in the provider's cabinet: its row, with the tokens taken back. None when it is not our payment."""
    if seen.amount is None:
        return None
    payment = (
        await session.scalars(
            select(BillingPayment).where(BillingPayment.provider_ref == seen.payment_ref).with_for_update()
        )
    ).one_or_none()
    if payment is None or payment.status not in REFUNDABLE:
        return None
    known = (
        await session.scalars(select(BillingRefund.id).where(BillingRefund.provider_ref == seen.ref))
    ).one_or_none()
    if known is not None:
        return known
    actor = Actor(ActorKind.SYSTEM, UUID(int=0), payment.organization_id)
    refund, _ = await request_refund(session, actor, payment.id, seen.amount.units, "made at the provider", seen.ref)
    await session.execute(update(BillingRefund).where(BillingRefund.id == refund.id).values(provider_ref=seen.ref))
    return refund.id


async def find_ours(session: AsyncSession, our_id: str) -> UUID | None:
    """Our refund by the id that a provider carries for us; the answer to our own call may not have come yet."""
    try:
        wanted = UUID(our_id)
    except ValueError:
        return None
    found: UUID | None = await session.scalar(select(BillingRefund.id).where(BillingRefund.id == wanted))
    return found


async def plan_next_check(session: AsyncSession, refund_id: UUID) -> None:
    """Set when the poller asks about a refund again: only successes are notified, so pending ones are asked for."""
    row = await session.get_one(BillingRefund, refund_id, with_for_update=True)
    if row.status == RefundStatus.PENDING.value:
        row.checks += 1
        row.next_check_at = clock.now() + timedelta(seconds=min(3600 * 6, 30 * 2**row.checks))
    else:
        row.next_check_at = None


def read_amount(given: Any, asset: str = "RUB") -> int | None:
    """A refund's amount as the API takes it: units, "49.00", or {"units", "asset"}; None is all.

    Raises Invalid `billing.refund_amount_invalid`.
    """
    if given is None:
        return None
    if isinstance(given, dict) and isinstance(given.get("units"), int) and given.get("asset", asset) == asset:
        given = given["units"]
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str):
        return from_decimal_string(given, asset).units
    raise Invalid("billing.refund_amount_invalid", 'Give units, "49.00", or {"units": 4900, "asset": "RUB"}')


def _amount(payment: BillingPayment, units: int | None, pending: int) -> int:
    if payment.status not in REFUNDABLE:
        raise Conflict("billing.not_refundable", "This payment cannot be refunded", status=payment.status)
    left = payment.units - payment.refunded_units - pending
    if left <= 0:
        raise Conflict("billing.not_refundable", "Nothing is left to refund", status=payment.status)
    amount = left if units is None else units
    if not 0 < amount <= left:
        raise Invalid("billing.refund_amount_invalid", "More than is left of this payment, or nothing",
                      asked=amount, left=left)  # fmt: skip
    return amount


async def _share(session: AsyncSession, order: BillingOrder, payment: BillingPayment, amount: int) -> int | None:
    """How many of the purchase's tokens go with so much of its money; None is all that are left of them."""
    terms = PlanTerms(**(await session.get_one(BillingPlanVersion, order.plan_version_id)).terms)
    if not terms.tokens:
        return 0
    if payment.refunded_units + amount == payment.units:
        return None
    return divide(terms.tokens + order.bonus_tokens, amount, payment.units, Rounding.UP)


async def _pending_units(session: AsyncSession, payment_id: UUID) -> int:
    total = await session.scalar(
        select(func.coalesce(func.sum(BillingRefund.units), 0)).where(
            BillingRefund.payment_id == payment_id, BillingRefund.status == RefundStatus.PENDING.value
        )
    )
    return int(total or 0)


async def _book(
    session: AsyncSession, order: BillingOrder, payment: BillingPayment, refund_id: UUID, units: int
) -> None:
    await ledger.post(
        session, payment.organization_id, f"refund:{refund_id}", "refund", f"order:{order.id}",
        [
            Entry(Account(ledger.clearing(payment.provider), payment.asset), -units),
            Entry(Account(AccountKind.REFUNDS, payment.asset), units),
        ],
    )  # fmt: skip
    payment.refunded_units += units
    is_full = payment.refunded_units == payment.units
    payment.status = (PaymentStatus.REFUNDED if is_full else PaymentStatus.PARTIALLY_REFUNDED).value
    order.status = (OrderStatus.REFUNDED if is_full else OrderStatus.PARTIALLY_REFUNDED).value
    if is_full:
        await session.execute(
            update(BillingEntitlement)
            .where(BillingEntitlement.order_id == order.id, BillingEntitlement.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


async def _return_tokens(session: AsyncSession, order: BillingOrder, row: BillingRefund) -> None:
    """The provider refused: the customer keeps the purchase, on the term it had."""
    if not row.tokens_taken:
        return
    terms = PlanTerms(**(await session.get_one(BillingPlanVersion, order.plan_version_id)).terms)
    paid_at = order.paid_at or order.created_at
    await ledger.grant(
        session, order.organization_id, f"refund:{row.id}:returned", order.customer_id, row.tokens_taken,
        source="refund_failed", reference=f"order:{order.id}",
        expires_at=paid_at + timedelta(days=terms.days) if terms.days else None,
    )  # fmt: skip


def _refund(row: BillingRefund, payment: BillingPayment) -> Refund:
    return Refund(row.id, row.payment_id, RefundStatus(row.status), Money(row.units, payment.asset),
                  row.tokens_taken, row.reason, row.created_at)  # fmt: skip
