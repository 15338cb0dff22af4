"""Orders, payments and providers' events as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import identity
from kassa.core.access import Actor, Permission
from kassa.kit import jobs
from kassa.kit.errors import Conflict, NotFound
from kassa.kit.money import Money

from .models import BillingEvent, BillingOrder, BillingPayment, BillingRefund
from .types import OrderStatus, PaymentStatus, Refund, RefundStatus

_PAID = (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)


@dataclass(frozen=True, slots=True)
class Sale:
    """An order with its payment and who placed it."""

    id: UUID
    number: int
    customer_id: UUID
    customer_number: int
    customer_name: str
    plan: str
    amount: Money
    status: OrderStatus
    provider: str
    provider_ref: str | None
    payment_id: UUID
    payment_status: PaymentStatus
    refunded_units: int
    reason: str
    is_test: bool
    bot_id: UUID | None
    created_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class SaleEvent:
    """What a provider told about a payment."""

    id: UUID
    provider: str
    kind: str
    ref: str
    state: str
    remote_ip: str
    received_at: datetime
    handled_at: datetime | None


def sales(
    actor: Actor,
    *,
    q: str = "",
    status: str = "",
    provider: str = "",
    plan: str = "",
    customer_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[BillingOrder]:
    """The orders that a search finds, in no order yet: by number, an id of ours or the provider's. Raises Denied."""
    actor.require(Permission.PAYMENTS_VIEW)
    found = select(BillingOrder).where(BillingOrder.organization_id == actor.organization_id)
    wanted = q.strip().removeprefix("#").removeprefix("№").strip()
    payments = select(BillingPayment.order_id)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
        found = found.where(BillingOrder.number == int(wanted))
    elif wanted:
        matches: list[ColumnElement[bool]] = [
            BillingOrder.id.in_(payments.where(BillingPayment.provider_ref == wanted))
        ]
        try:
            one = UUID(wanted)
            matches += [BillingOrder.id == one, BillingOrder.id.in_(payments.where(BillingPayment.id == one))]
        except ValueError:
            pass
        found = found.where(or_(*matches))
    if status:
        in_payment = payments.where(BillingPayment.status == status)
        found = found.where(or_(BillingOrder.status == status, BillingOrder.id.in_(in_payment)))
    if provider:
        found = found.where(BillingOrder.id.in_(payments.where(BillingPayment.provider == provider)))
    if plan:
        found = found.where(BillingOrder.plan_slug == plan)
    if customer_id is not None:
        found = found.where(BillingOrder.customer_id == customer_id)
    if since is not None:
        found = found.where(BillingOrder.created_at >= since)
    if until is not None:
        found = found.where(BillingOrder.created_at < until)
    return found


async def with_payments(session: AsyncSession, rows: Sequence[BillingOrder]) -> list[Sale]:
    """Orders as staff see them, in the given order."""
    found = await session.scalars(select(BillingPayment).where(BillingPayment.order_id.in_([row.id for row in rows])))
    payments = {payment.order_id: payment for payment in found}
    people = await identity.names_of(session, {row.customer_id for row in rows})
    return [_sale(row, payments[row.id], *people.get(row.customer_id, (0, ""))) for row in rows]


async def get_sale(session: AsyncSession, actor: Actor, wanted: UUID) -> Sale:
    """One order by its id or its payment's. Raises Denied, NotFound `billing.order_not_found`."""
    rows = (await session.scalars(sales(actor, q=str(wanted)))).all()
    if not rows:
        raise NotFound("billing.order_not_found", "No such order")
    return (await with_payments(session, rows))[0]


async def latest_sales(
    session: AsyncSession, actor: Actor, limit: int, *, status: str = "", customer_id: UUID | None = None,
    before: int | None = None,
) -> list[Sale]:  # fmt: skip
    """The newest orders, those before a number when one is given. Raises Denied."""
    wanted = sales(actor, status=status, customer_id=customer_id)
    if before is not None:
        wanted = wanted.where(BillingOrder.number < before)
    rows = (await session.scalars(wanted.order_by(BillingOrder.number.desc()).limit(limit))).all()
    return await with_payments(session, rows)


async def find_sale(session: AsyncSession, actor: Actor, number: int) -> Sale:
    """One order by its number. Raises Denied, NotFound `billing.order_not_found`."""
    rows = (await session.scalars(sales(actor, q=str(number)))).all()
    if not rows:
        raise NotFound("billing.order_not_found", "No such order")
    return (await with_payments(session, rows))[0]


async def spent_by(session: AsyncSession, customer_id: UUID) -> list[Money]:
    """What a customer has paid and not been given back, by asset, the largest first."""
    total = func.sum(BillingPayment.units - BillingPayment.refunded_units)
    rows = await session.execute(
        select(BillingPayment.asset, total)
        .join(BillingOrder, BillingOrder.id == BillingPayment.order_id)
        .where(BillingOrder.customer_id == customer_id, BillingPayment.settled_at.is_not(None),
               BillingPayment.status.in_([status.value for status in _PAID]))
        .group_by(BillingPayment.asset)
        .order_by(total.desc())
    )  # fmt: skip
    return [Money(int(units), asset) for asset, units in rows.tuples().all()]


async def refunds_of(session: AsyncSession, sale: Sale) -> list[Refund]:
    """The refunds of a sale, the newest first."""
    rows = await session.scalars(
        select(BillingRefund)
        .where(BillingRefund.payment_id == sale.payment_id)
        .order_by(BillingRefund.created_at.desc())
    )
    return [
        Refund(row.id, row.payment_id, RefundStatus(row.status), Money(row.units, sale.amount.asset), row.tokens_taken,
               row.reason, row.created_at)
        for row in rows
    ]  # fmt: skip


async def events_of(session: AsyncSession, sale: Sale) -> list[SaleEvent]:
    """What the provider told about a sale, the newest first."""
    refunds = select(BillingRefund.provider_ref).where(BillingRefund.payment_id == sale.payment_id)
    refs = [ref for ref in (sale.provider_ref, *(await session.scalars(refunds))) if ref]
    rows = await session.scalars(
        select(BillingEvent)
        .where(BillingEvent.provider == sale.provider, BillingEvent.ref.in_(refs))
        .order_by(BillingEvent.received_at.desc())
    )
    return [event_of(row) for row in rows]


def inbox(actor: Actor, *, state: str = "", provider: str = "") -> Select[BillingEvent]:
    """Providers' events, in no order yet. They belong to the installation: a shop is not one organization's.

    Raises Denied.
    """
    actor.require(Permission.OPERATIONS_VIEW)
    found = select(BillingEvent)
    if state:
        found = found.where(BillingEvent.state == state)
    if provider:
        found = found.where(BillingEvent.provider == provider)
    return found


async def replay_event(session: AsyncSession, actor: Actor, event_id: UUID) -> None:
    """Handle an event once more; what it already caused does not happen twice.

    Raises Denied, NotFound `billing.event_not_found`, Conflict `billing.event_new` while it waits anyway.
    """
    actor.require(Permission.OPERATIONS_REPLAY)
    row = await session.get(BillingEvent, event_id, with_for_update=True)
    if row is None:
        raise NotFound("billing.event_not_found", "No such event")
    if row.state == "new":
        raise Conflict("billing.event_new", "This event waits to be handled")
    row.state, row.handled_at = "new", None
    await jobs.enqueue(session, "billing.apply_event", event_id=str(event_id))


def event_of(row: BillingEvent) -> SaleEvent:
    """A row as it leaves the module."""
    return SaleEvent(row.id, row.provider, row.kind, row.ref, row.state, row.remote_ip, row.received_at, row.handled_at)


def _sale(order: BillingOrder, payment: BillingPayment, customer_number: int, customer_name: str) -> Sale:
    return Sale(
        order.id, order.number, order.customer_id, customer_number, customer_name, order.plan_slug,
        Money(order.units, order.asset), OrderStatus(order.status), payment.provider, payment.provider_ref, payment.id,
        PaymentStatus(payment.status), payment.refunded_units, payment.reason, payment.is_test, order.bot_id,
        order.created_at, order.paid_at,
    )  # fmt: skip
