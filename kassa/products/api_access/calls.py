"""A call from its beginning to its end: plan, limits, hold; then charge or give back, once (AI-3, AI-9)."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ai, billing, ledger, policies, usage
from kassa.core.access import Actor, ActorKind
from kassa.kit import clock, ids
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Denied, NotFound
from kassa.kit.failpoints import failpoint

from .errors import NoPlan, NoTokens
from .models import ApiAccessRequest

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
"""No call takes longer: one that is still running then lost its process."""


@dataclass(slots=True)
class Call:
    """A call under way. Facts are gathered while it runs."""

    id: UUID
    organization_id: UUID
    customer_id: UUID
    key_id: UUID | None
    kind: str
    model: ai.ModelView
    held_tokens: int
    tokens: ai.Usage | None = None
    cost_micro_usd: int | None = None
    is_cached: bool = False
    attempts: list[ai.AttemptMade] = field(default_factory=list)

    def note(self, attempt: ai.AttemptMade) -> None:
        """Remember an attempt and what it cost us."""
        self.attempts.append(attempt)
        if attempt.cost_micro_usd is not None:
            self.cost_micro_usd = (self.cost_micro_usd or 0) + attempt.cost_micro_usd


async def find_model(app: App, actor: Actor, slug: str, *families: ai.Family) -> ai.ModelView:
    """A model that the organization sells, of one of the families. Raises NotFound `ai.model_not_found`."""
    model = await app.get(ai.KeyPool).model(actor.organization_id, slug)
    if model.family not in {family.value for family in families}:
        raise NotFound("ai.model_not_found", f"The model `{slug}` does not do this", model=slug)
    return model


def require_customer(actor: Actor, scope: str) -> None:
    """The API is for customers, and a key may be limited to some of its routes."""
    if actor.kind is not ActorKind.CUSTOMER:
        raise Denied("access.customers_only", "This is for customers")
    if actor.key_id is not None and scope not in actor.scopes:
        raise Denied("api_access.scope_missing", f"This key has no scope `{scope}`", scope=scope)


async def begin(app: App, actor: Actor, model: ai.ModelView, kind: str, price: int) -> Call:
    """Check the plan, count the request against the limits, and hold what the call may cost.

    Raises NoPlan, NoTokens, LimitReached `policies.limit_reached`, Denied `policies.blocked`.
    """
    call_id = ids.new()
    async with app.get(Database).transaction() as session:
        if "api" not in {item.kind for item in await billing.entitlements(session, actor.id)}:
            raise NoPlan
        # In the call's own transaction: what is refused for want of tokens has not used up a request.
        await app.get(policies.Policies).require("api.request", _subject(actor), session=session)
        hold_id = await _hold(session, actor, call_id, price) if price else None
        session.add(
            ApiAccessRequest(
                id=call_id, organization_id=actor.organization_id, customer_id=actor.id, key_id=actor.key_id, kind=kind,
                model=model.slug, status="running", hold_id=hold_id, price_tokens=price, charged_tokens=0,
                lease_until=clock.now() + LEASE, created_at=clock.now(),
            )
        )  # fmt: skip
    failpoint("api.after_hold")
    return Call(call_id, actor.organization_id, actor.id, actor.key_id, kind, model, price)


async def end(app: App, call: Call, *, charge: int, status: str, error_code: str = "") -> None:
    """End a call: charge (at most what was held) or give back, and keep the record of it. A second end changes
    nothing."""
    async with app.get(Database).transaction() as session:
        row = await session.get_one(ApiAccessRequest, call.id, with_for_update=True)
        if row.status != "running":
            return
        await _settle(session, row, charge)
        row.status = status
        tokens = call.tokens
        await usage.record(
            session, call.organization_id,
            usage.Record(
                call.customer_id, "api", call.kind, call.model.slug, status, error_code, is_cached=call.is_cached,
                input_tokens=tokens.input_tokens if tokens else None,
                output_tokens=tokens.output_tokens if tokens else None, charged_tokens=row.charged_tokens,
                cost_micro_usd=call.cost_micro_usd, key_id=call.key_id,
                latency_ms=round((clock.now() - row.created_at).total_seconds() * 1000),
            ),
        )  # fmt: skip
        failpoint("api.inside_settlement")


async def sweep(app: App) -> None:
    """Job: calls whose process is gone get their tokens back: nobody got a whole answer."""
    async with app.get(Database).transaction() as session:
        rows = await session.scalars(
            select(ApiAccessRequest)
            .where(ApiAccessRequest.status == "running", ApiAccessRequest.lease_until < clock.now())
            .order_by(ApiAccessRequest.lease_until)
            .limit(100)
            .with_for_update(skip_locked=True)
        )
        for row in rows:
            await _settle(session, row, 0)
            row.status = "lost"
            logger.error("api_call_lost", request_id=str(row.id))


async def _hold(session: AsyncSession, actor: Actor, call_id: UUID, price: int) -> UUID:
    try:
        hold = await ledger.hold(
            session, actor.organization_id, f"api:{call_id}", actor.id, price, reference=f"api:{call_id}",
            expires_at=clock.now() + LEASE,
        )  # fmt: skip
    except ledger.InsufficientFunds as error:
        raise NoTokens(price, error.facts["available"]) from error
    return hold.id


async def _settle(session: AsyncSession, row: ApiAccessRequest, charge: int) -> None:
    row.finished_at = clock.now()
    if row.hold_id is None:
        return
    if charge > 0:
        row.charged_tokens = min(charge, row.price_tokens)
        await ledger.capture(session, row.hold_id, row.charged_tokens)
    else:
        await ledger.release(session, row.hold_id)


def _subject(actor: Actor) -> policies.Subject:
    origin = actor.origin.removeprefix("http ")
    try:
        ip = ip_address(origin)
    except ValueError:
        ip = None
    return policies.Subject(
        actor.organization_id, policies.SubjectKind.CUSTOMER, actor.id, actor.key_id, ip=ip, channel="api"
    )
