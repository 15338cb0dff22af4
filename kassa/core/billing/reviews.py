"""Money that does not fit: a person decides what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, ledger
from kassa.core.access import Actor, Permission
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import clock
from kassa.kit.errors import Conflict, Invalid, NotFound

from .models import BillingOrder, BillingPayment, BillingPlanVersion, BillingReview
from .settlement import give
from .types import PlanTerms


class Decision(StrEnum):
    """What is done with money that does not fit."""

    GIVE = "give"
    """The customer gets what the order promises, and the money becomes revenue."""
    RETURNED = "returned"
    """The money was returned in the provider's cabinet: it leaves the account of unassigned money."""
    KEEP = "keep"
    """Nothing is given: the money stays unassigned, and the reason is kept."""


@dataclass(frozen=True, slots=True)
class Review:
    """One case: what was seen, and what became of it."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    order_number: int
    customer_id: UUID
    provider: str
    kind: str
    facts: dict[str, Any]
    created_at: datetime
    resolved_at: datetime | None


def reviews(actor: Actor, *, is_open: bool | None = None) -> Select[BillingReview]:
    """The cases, in no order yet. Raises Denied."""
    actor.require(Permission.PAYMENTS_VIEW)
    found = select(BillingReview).where(BillingReview.organization_id == actor.organization_id)
    if is_open is not None:
        found = found.where(BillingReview.resolved_at.is_(None) if is_open else BillingReview.resolved_at.is_not(None))
    return found


async def describe(session: AsyncSession, rows: list[BillingReview]) -> list[Review]:
    """Cases as they leave the module, in the given order."""
    found = await session.execute(
        select(BillingPayment, BillingOrder)
        .join(BillingOrder, BillingOrder.id == BillingPayment.order_id)
        .where(BillingPayment.id.in_([row.payment_id for row in rows]))
    )
    known = {payment.id: (payment, order) for payment, order in found}
    return [_review(row, *known[row.payment_id]) for row in rows]


async def open_reviews(session: AsyncSession, actor: Actor, limit: int) -> list[Review]:
    """The cases that wait, the oldest first. Raises Denied."""
    rows = await session.scalars(reviews(actor, is_open=True).order_by(BillingReview.created_at).limit(limit))
    return await describe(session, list(rows))


async def get_review(session: AsyncSession, actor: Actor, review_id: UUID) -> Review:
    """One case. Raises Denied, NotFound `billing.review_not_found`."""
    rows = await session.scalars(reviews(actor).where(BillingReview.id == review_id))
    found = await describe(session, list(rows))
    if not found:
        raise NotFound("billing.review_not_found", "No such case")
    return found[0]


async def resolve(session: AsyncSession, actor: Actor, review_id: UUID, decision: Decision, reason: str) -> Review:
    """Decide a case, once. The ledger follows the decision in the same transaction.

    Raises Denied, NotFound `billing.review_not_found`, Conflict `billing.review_resolved`,
    Invalid `billing.review_no_money` when nothing came that could be given or returned.
    """
    actor.require(Permission.REVIEWS_RESOLVE)
    row = await session.get(BillingReview, review_id, with_for_update=True)
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound("billing.review_not_found", "No such case")
    if row.resolved_at is not None:
        raise Conflict("billing.review_resolved", "This case is decided already")
    payment = await session.get_one(BillingPayment, row.payment_id, with_for_update=True)
    order = await session.get_one(BillingOrder, payment.order_id, with_for_update=True)
    if decision is not Decision.KEEP:
        await _book(session, row, payment, decision)
    if decision is Decision.GIVE:
        terms = PlanTerms(**(await session.get_one(BillingPlanVersion, order.plan_version_id)).terms)
        await give(session, order, terms)
    row.resolved_at = clock.now()
    row.facts = row.facts | {"decision": decision.value, "reason": reason, "by": actor.label}
    await audit.record(
        session, actor, "review.resolved", "payment", payment.id,
        before={"kind": row.kind, "seen": row.facts.get("seen")}, after={"decision": decision.value}, reason=reason,
    )  # fmt: skip
    return _review(row, payment, order)


async def _book(session: AsyncSession, row: BillingReview, payment: BillingPayment, decision: Decision) -> None:
    units, _, asset = str(row.facts.get("seen", "")).partition(" ")
    if not units.isdigit() or not asset or row.kind in {"test_payment", "outcome_unknown"}:
        raise Invalid("billing.review_no_money", "No money came that could be given or returned", kind=row.kind)
    target = AccountKind.REVENUE.value if decision is Decision.GIVE else ledger.clearing(payment.provider)
    await ledger.post(
        session, row.organization_id, f"review:{row.id}", f"review_{decision.value}", f"payment:{payment.id}",
        [
            Entry(Account(AccountKind.UNASSIGNED_MONEY, asset), int(units)),
            Entry(Account(target, asset), -int(units)),
        ],
    )  # fmt: skip


def _review(row: BillingReview, payment: BillingPayment, order: BillingOrder) -> Review:
    return Review(
        row.id, payment.id, order.id, order.number, order.customer_id, payment.provider, row.kind, row.facts,
        row.created_at, row.resolved_at,
    )  # fmt: skip
