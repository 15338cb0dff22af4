"""What customers buy over HTTP, and providers' webhooks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field

from kassa.core import i18n, identity, policies
from kassa.core.access import ActorKind, CustomerActor, Visitor
from kassa.core.billing import inbox, jobs, orders, plans
from kassa.core.billing.account import account as read_account
from kassa.core.billing.types import Order
from kassa.kit import metrics
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Invalid, Kind
from kassa.kit.listing import decode_cursor, encode_cursor
from kassa.kit.web import Tx, app_of

router = APIRouter(prefix="/api/v1", tags=["billing"])


@router.post("/webhooks/{provider}", include_in_schema=False)
async def payment_webhook(request: Request, provider: str) -> dict[str, bool]:
    """Take one event of a provider: checked, stored and committed before the answer; its effects happen in the job."""
    app = app_of(request)
    adapter = app.get(jobs.Providers).get(provider)
    remote_ip = request.client.host if request.client else ""
    try:
        event = adapter.parse_event(dict(request.headers), await request.body(), remote_ip)
    except AppError as error:
        metrics.webhooks_received.labels(provider, error.kind.value).inc()
        raise
    async with app.get(Database).transaction() as session:
        is_new = await inbox.record_event(session, provider, event, remote_ip)
    metrics.webhooks_received.labels(provider, "new" if is_new else "repeated").inc()
    return {"ok": True}


@router.get("/plans")
async def list_plans(
    request: Request, session: Tx, caller: Visitor, locale: str = Query("en", max_length=8)
) -> dict[str, Any]:
    """What is for sale."""
    organization = await identity.default_organization(session)
    is_customer = caller is not None and caller.kind is ActorKind.CUSTOMER
    subject = policies.Subject(
        caller.organization_id if caller else organization.id,
        policies.SubjectKind.CUSTOMER if is_customer else policies.SubjectKind.ANONYMOUS,
        caller.id if caller and is_customer else None, channel="web",
    )  # fmt: skip
    items = [
        {
            "slug": plan.slug, "name": plan.terms.name(locale), "kind": plan.terms.kind.value,
            "tokens": plan.terms.tokens, "days": plan.terms.days, "light_model": plan.terms.light_model,
            "trial_days": plan.terms.trial_days, "api": plan.terms.api.model_dump() if plan.terms.api else None,
            "prices": [{"units": units, "asset": asset} for asset, units in plan.terms.prices.items()],
            "version": plan.version,
        }
        for plan in await plans.visible_plans(session, app_of(request).get(policies.Policies), subject)
    ]  # fmt: skip
    return {"items": items, "next_cursor": None}


class OrderIn(BaseModel):
    """What to buy and how to pay for it."""

    plan: str = Field(max_length=80)
    provider: str = Field(max_length=40)
    return_url: str | None = Field(default=None, max_length=2048, pattern="^https?://")


@router.post("/billing/orders", status_code=201)
@router.post("/payments/create", status_code=201, summary="The older name of POST /billing/orders")
async def create_order(
    request: Request,
    body: OrderIn,
    actor: CustomerActor,
    idempotency_key: str = Header(min_length=1, max_length=200),
) -> dict[str, Any]:
    """Buy a plan: the answer has the address where the customer pays."""
    app = app_of(request)
    database = app.get(Database)
    return_url = body.return_url or app.get(jobs.Providers).return_url
    async with database.transaction() as session:
        customer = await identity.get_customer(session, actor.organization_id, actor.id)
        locale = i18n.choose_locale(customer.locale, customer.language, app.get(i18n.Texts).locales, "ru")
        order, _ = await orders.place_order(
            session, actor, body.plan, body.provider, app.get(jobs.Providers).assets_of(body.provider),
            idempotency_key=f"api:{idempotency_key}", return_url=return_url, locale=locale,
        )  # fmt: skip
    if not order.payment.confirmation_url:
        try:
            await jobs.open_payment(app, str(order.payment.id))
        except AppError as error:
            # The order stands, and the job and the poller go on; the answer tells that there is no address yet.
            if error.kind is not Kind.UNAVAILABLE:
                raise
    async with database.transaction() as session:
        return _order(await orders.get_order(session, actor, order.id))


@router.get("/billing/orders/{order_id}")
async def get_order(order_id: UUID, actor: CustomerActor, session: Tx) -> dict[str, Any]:
    """One of the customer's orders."""
    return _order(await orders.get_order(session, actor, order_id))


@router.get("/billing/history")
async def history(
    actor: CustomerActor,
    session: Tx,
    limit: int = Query(50, ge=1, le=100),
    cursor: str | None = Query(None, max_length=400),
) -> dict[str, Any]:
    """The customer's orders, newest first."""
    before = None
    if cursor:
        key = decode_cursor(cursor)
        try:
            before = (datetime.fromisoformat(key[0]), UUID(key[1]))
        except (IndexError, TypeError, ValueError, AttributeError) as error:
            raise Invalid("request.cursor_invalid", "This cursor is not one of ours") from error
    found = await orders.list_orders(session, actor, limit + 1, before)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return {
        "items": [_order(order) for order in page],
        "next_cursor": encode_cursor(last.created_at.isoformat(), str(last.id)) if last else None,
    }


class GrantOut(BaseModel):
    """Tokens of one purchase or gift that can still be spent."""

    amount: int
    remaining: int
    source: str
    expires_at: datetime | None


class BalanceOut(BaseModel):
    """What can be spent now, what is held, and the grants behind it."""

    asset: str
    available: int
    held: int
    grants: list[GrantOut]


class EntitlementOut(BaseModel):
    """What the customer may use for a time: `plan`, `unlimited`, `light_model` (with its model), `api`."""

    kind: str
    plan: str
    model: str | None
    ends_at: datetime


class AccountOut(BaseModel):
    """Balances, and what the customer may use beside tokens."""

    balances: list[BalanceOut]
    entitlements: list[EntitlementOut]


@router.get("/billing/account", response_model=AccountOut)
async def account(request: Request, actor: CustomerActor) -> Response:
    """Balances, the grants behind them, and what the customer may use beside tokens."""
    body = await read_account(app_of(request).get(Database), actor.organization_id, actor.id)
    return Response(body, media_type="application/json")


def _order(order: Order) -> dict[str, Any]:
    payment: dict[str, Any] = {"id": str(order.payment.id), "status": order.payment.status.value,
                               "provider": order.payment.provider}  # fmt: skip
    if order.payment.confirmation_url:
        payment["confirmation_url"] = order.payment.confirmation_url
    if order.payment.reason:
        payment["reason"] = order.payment.reason
    return {
        "id": str(order.id), "number": order.number, "plan": order.plan, "status": order.status.value,
        "amount": {"units": order.amount.units, "asset": order.amount.asset}, "payment": payment,
        "created_at": order.created_at.isoformat(), "paid_at": order.paid_at.isoformat() if order.paid_at else None,
    }  # fmt: skip
