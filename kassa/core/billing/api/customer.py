"""What customers buy over HTTP, and providers' webhooks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field

from kassa.core import i18n, identity, policies
from kassa.core.access import ActorKind, CustomerActor, Visitor
from kassa.core.billing import inbox, jobs, levels, orders, plans
from kassa.core.billing.account import account as read_account
from kassa.core.billing.types import ApiQuota, Order, OrderStatus, PaymentStatus, Plan, PlanKind
from kassa.kit import metrics
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Invalid, Kind
from kassa.kit.listing import decode_cursor, encode_cursor
from kassa.kit.lists import ListOut
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1", tags=["billing"], responses=ERRORS)


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


class PriceOut(BaseModel):
    """A price in whole smallest units; `full_units` is what it would be without the discount of the caller's level."""

    units: int
    asset: str
    full_units: int


class WayOut(BaseModel):
    """A way to pay: the provider, and the asset that it would collect in, one of the plan's prices."""

    provider: str
    asset: str


class PlanOut(BaseModel):
    """Something for sale, as a customer sees it. What has no `ways` cannot be paid here now."""

    slug: str
    name: str
    kind: PlanKind
    tokens: int
    bonus_tokens: int
    days: int | None
    light_model: str | None
    trial_days: int
    api: ApiQuota | None
    prices: list[PriceOut]
    ways: list[WayOut]
    version: int


@router.get("/plans")
async def list_plans(
    request: Request, session: Tx, caller: Visitor, locale: str = Query("en", max_length=8)
) -> ListOut[PlanOut]:
    """What is for sale; for a customer, at the prices of their level."""
    app = app_of(request)
    organization = await identity.default_organization(session)
    is_customer = caller is not None and caller.kind is ActorKind.CUSTOMER
    subject = policies.Subject(
        caller.organization_id if caller else organization.id,
        policies.SubjectKind.CUSTOMER if is_customer else policies.SubjectKind.ANONYMOUS,
        caller.id if caller and is_customer else None, channel="web",
    )  # fmt: skip
    perks = levels.Perks()
    if caller is not None and is_customer:
        perks = await levels.perks_of(session, app.get(levels.Levels), caller.id)
    found = await plans.visible_plans(session, app.get(policies.Policies), subject)
    providers = app.get(jobs.Providers)
    return ListOut(items=[_plan(plan, perks, locale, providers) for plan in found], next_cursor=None)


class AmountOut(BaseModel):
    """Money in the asset's smallest unit."""

    units: int
    asset: str


class PaymentOut(BaseModel):
    """The attempt to pay; the address to pay at is there when the provider has opened it, the reason when it failed."""

    id: UUID
    status: PaymentStatus
    provider: str
    confirmation_url: str | None = None
    reason: str | None = None


class OrderOut(BaseModel):
    """A purchase: the plan's names by language and the tokens it gives, as they were when it was placed."""

    id: UUID
    number: int
    plan: str
    names: dict[str, str]
    tokens: int
    status: OrderStatus
    amount: AmountOut
    payment: PaymentOut
    created_at: datetime
    paid_at: datetime | None


class OrderIn(BaseModel):
    """What to buy and how to pay for it."""

    plan: str = Field(max_length=80)
    provider: str = Field(max_length=40)
    return_url: str | None = Field(default=None, max_length=2048, pattern="^https?://")


@router.post("/billing/orders", status_code=201, response_model_exclude_unset=True)
@router.post(
    "/payments/create", status_code=201, response_model_exclude_unset=True,
    summary="The older name of POST /billing/orders",
)  # fmt: skip
async def create_order(
    request: Request,
    body: OrderIn,
    actor: CustomerActor,
    idempotency_key: str = Header(min_length=1, max_length=200),
) -> OrderOut:
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
            perks=await levels.perks_of(session, app.get(levels.Levels), actor.id),
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


@router.get("/billing/orders/{order_id}", response_model_exclude_unset=True)
async def get_order(order_id: UUID, actor: CustomerActor, session: Tx) -> OrderOut:
    """One of the customer's orders."""
    return _order(await orders.get_order(session, actor, order_id))


@router.get("/billing/history", response_model_exclude_unset=True)
async def history(
    actor: CustomerActor,
    session: Tx,
    limit: int = Query(50, ge=1, le=100),
    cursor: str | None = Query(None, max_length=400),
) -> ListOut[OrderOut]:
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
    after = encode_cursor(last.created_at.isoformat(), str(last.id)) if last else None
    return ListOut(items=[_order(order) for order in page], next_cursor=after)


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


def _plan(plan: Plan, perks: levels.Perks, locale: str, providers: jobs.Providers) -> PlanOut:
    terms = plan.terms
    ways = ((name, orders.price_asset(terms, provider.assets)) for name, provider in providers.by_name.items())
    return PlanOut(
        slug=plan.slug, name=terms.name(locale), kind=terms.kind, tokens=terms.tokens, days=terms.days,
        bonus_tokens=perks.bonus(terms.tokens), light_model=terms.light_model, trial_days=terms.trial_days,
        api=terms.api, version=plan.version,
        prices=[
            PriceOut(units=units - perks.discount(units), asset=asset, full_units=units)
            for asset, units in terms.prices.items()
        ],
        ways=[WayOut(provider=name, asset=asset) for name, asset in ways if asset is not None],
    )  # fmt: skip


def _order(order: Order) -> OrderOut:
    payment = order.payment
    facts: dict[str, Any] = {"id": payment.id, "status": payment.status, "provider": payment.provider}
    if payment.confirmation_url:
        facts["confirmation_url"] = payment.confirmation_url
    if payment.reason:
        facts["reason"] = payment.reason
    return OrderOut(
        id=order.id, number=order.number, plan=order.plan, names=order.terms.names, tokens=order.terms.tokens,
        status=order.status, amount=AmountOut(units=order.amount.units, asset=order.amount.asset),
        payment=PaymentOut(**facts), created_at=order.created_at, paid_at=order.paid_at,
    )  # fmt: skip
