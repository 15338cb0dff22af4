"""Orders, payments, refunds, cases for review and providers' events for staff, over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import AwareDatetime, BaseModel, Field, StrictInt, StrictStr
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.core.billing import jobs, refunds, reviews, sales
from kassa.core.billing.models import BillingEvent, BillingOrder, BillingReview
from kassa.core.billing.types import OrderStatus, PaymentStatus, Refund, RefundStatus
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import add_list
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class Amount(BaseModel):
    """Whole smallest units of an asset."""

    units: int
    asset: str


class SaleOut(BaseModel):
    """An order with its payment and who placed it."""

    id: UUID
    number: int
    customer_id: UUID
    customer_number: int
    customer_name: str
    plan: str
    amount: Amount
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


class RefundOut(BaseModel):
    """Money on its way back, or given back."""

    id: UUID
    payment_id: UUID
    status: RefundStatus
    amount: Amount
    tokens_taken: int
    reason: str
    created_at: datetime


class EventOut(BaseModel):
    """What a provider told."""

    id: UUID
    provider: str
    kind: str
    ref: str
    state: str
    remote_ip: str
    received_at: datetime
    handled_at: datetime | None


class SaleDetail(SaleOut):
    """An order with everything that happened to it."""

    refunds: list[RefundOut]
    events: list[EventOut]


class ReviewOut(BaseModel):
    """Money that does not fit, and what became of it."""

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


class ResolutionIn(BaseModel):
    """What is done, and why."""

    decision: reviews.Decision
    reason: str = Field(min_length=1, max_length=500)


class RefundIn(BaseModel):
    """How much to give back (all that is left when empty) and why."""

    amount: StrictInt | StrictStr | dict[str, Any] | None = None
    reason: str = Field(min_length=1, max_length=250)


class SaleFilters:
    """What to look for."""

    def __init__(
        self,
        q: str = Query("", max_length=100, description="A number, or an id of ours or the provider's"),
        status: str = Query("", max_length=30),
        provider: str = Query("", max_length=30),
        plan: str = Query("", max_length=80),
        customer_id: UUID | None = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> None:
        self.facts = {"q": q, "status": status, "provider": provider, "plan": plan, "customer_id": customer_id,
                      "since": since, "until": until}  # fmt: skip


class ReviewFilters:
    """Which cases."""

    def __init__(self, is_open: bool | None = None) -> None:
        self.is_open = is_open


class EventFilters:
    """Which events."""

    def __init__(self, state: str = Query("", max_length=20), provider: str = Query("", max_length=30)) -> None:
        self.state, self.provider = state, provider


async def _fetch_sales(
    session: AsyncSession, actor: Actor, filters: SaleFilters, page: Page
) -> tuple[list[SaleOut], str | None]:
    wanted = sales.sales(actor, **filters.facts)  # type: ignore[arg-type]
    rows, after = await fetch_page(session, wanted, page, BillingOrder.created_at, BillingOrder.id)
    return [
        SaleOut.model_validate(item, from_attributes=True) for item in await sales.with_payments(session, rows)
    ], after


async def _fetch_reviews(
    session: AsyncSession, actor: Actor, filters: ReviewFilters, page: Page
) -> tuple[list[ReviewOut], str | None]:
    wanted = reviews.reviews(actor, is_open=filters.is_open)
    rows, after = await fetch_page(session, wanted, page, BillingReview.created_at, BillingReview.id)
    found = await reviews.describe(session, list(rows))
    return [ReviewOut.model_validate(item, from_attributes=True) for item in found], after


async def _fetch_events(
    session: AsyncSession, actor: Actor, filters: EventFilters, page: Page
) -> tuple[list[EventOut], str | None]:
    wanted = sales.inbox(actor, state=filters.state, provider=filters.provider)
    rows, after = await fetch_page(session, wanted, page, BillingEvent.received_at, BillingEvent.id)
    return [_event(sales.event_of(row)) for row in rows], after


for path, title in (("/orders", "Orders"), ("/payments", "Payments")):
    add_list(router, path, SaleOut, _fetch_sales, actor=StaffActor, filters=SaleFilters, title=title)
add_list(router, "/reviews", ReviewOut, _fetch_reviews, actor=StaffActor, filters=ReviewFilters, title="Reviews")
add_list(
    router, "/inbox/payments", EventOut, _fetch_events, actor=StaffActor, filters=EventFilters, title="Payment events"
)


@router.get("/orders/{order_id}")
@router.get("/payments/{order_id}", name="get_payment")
async def get_sale(order_id: UUID, actor: StaffActor, session: Tx) -> SaleDetail:
    """One order, by its id or its payment's, with its refunds and the provider's events."""
    sale = await sales.get_sale(session, actor, order_id)
    return SaleDetail(
        **SaleOut.model_validate(sale, from_attributes=True).model_dump(),
        refunds=[_refund(item) for item in await sales.refunds_of(session, sale)],
        events=[_event(item) for item in await sales.events_of(session, sale)],
    )


@router.post("/payments/{payment_id}/refund", status_code=201)
async def refund(
    request: Request,
    payment_id: UUID,
    body: RefundIn,
    actor: StaffActor,
    idempotency_key: str | None = Header(default=None, max_length=200),
) -> RefundOut:
    """Give money back through the provider and take the purchase's tokens back."""
    units = refunds.read_amount(body.amount)
    return _refund(await jobs.give_back(app_of(request), actor, payment_id, units, body.reason, idempotency_key))


@router.post("/reviews/{review_id}/resolve")
async def resolve_review(review_id: UUID, body: ResolutionIn, actor: StaffActor, session: Tx) -> ReviewOut:
    """Decide what becomes of money that does not fit."""
    decided = await reviews.resolve(session, actor, review_id, body.decision, body.reason)
    return ReviewOut.model_validate(decided, from_attributes=True)


@router.post("/inbox/payments/{event_id}/replay", status_code=202)
async def replay_event(event_id: UUID, actor: StaffActor, session: Tx) -> dict[str, bool]:
    """Handle a provider's event once more."""
    await sales.replay_event(session, actor, event_id)
    return {"ok": True}


def _refund(made: Refund) -> RefundOut:
    return RefundOut.model_validate(made, from_attributes=True)


def _event(event: sales.SaleEvent) -> EventOut:
    return EventOut.model_validate(event, from_attributes=True)
