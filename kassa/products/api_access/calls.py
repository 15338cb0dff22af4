"""A call from its beginning to its end: plan, limits, hold; then charge or give back, once (AI-3, AI-9)."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID

import structlog
from sqlalchemy import select

from kassa.core import ai, ledger, policies
from kassa.core.access import Actor, ActorKind
from kassa.kit import clock, ids
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Denied, NotFound
from kassa.kit.failpoints import failpoint

from .errors import NoPlan, NoTokens
from .models import ApiAccessRequest

logger = structlog.get_logger(__name__)

_OPEN = "select * from api_access_open($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"
_CLOSE = "select api_access_close($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"
_CANCEL = "select api_access_cancel($1,$2)"

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
    """Check the plan, hold what the call may cost, and count the request against the limits.

    Raises NoPlan, NoTokens, LimitReached `policies.limit_reached`, Denied `policies.blocked`.
    """
    call = Call(ids.new(), actor.organization_id, actor.id, actor.key_id, kind, model, price)
    database, now = app.get(Database), clock.now()
    opened = await database.call(
        _OPEN, call.id, call.organization_id, call.customer_id, call.key_id, kind, model.slug, price, ids.new(),
        now + LEASE, now,
    )  # fmt: skip
    match opened[0]["status"]:
        case "no_plan":
            raise NoPlan
        case "no_tokens":
            raise NoTokens(price, opened[0]["available"])
    failpoint("api.after_hold")
    try:
        # After the hold: what is refused for want of tokens has not used up a request.
        await app.get(policies.Policies).require("api.request", _subject(actor))
    except BaseException:
        # Shielded, because the reason may be a client that hung up. Should it fail, `sweep` does the same later.
        await asyncio.shield(asyncio.ensure_future(database.call(_CANCEL, call.id, clock.now())))
        raise
    return call


async def end(app: App, call: Call, *, charge: int, status: str, error_code: str = "") -> None:
    """End a call: charge (at most what was held) or give back, and keep the record of it. A second end changes
    nothing."""
    failpoint("api.before_settlement")
    tokens = call.tokens
    await app.get(Database).call(
        _CLOSE, call.id, charge, status, error_code, call.is_cached, tokens.input_tokens if tokens else None,
        tokens.output_tokens if tokens else None, call.cost_micro_usd, ids.new(), ids.new(), clock.now(),
    )  # fmt: skip
    failpoint("api.after_settlement")


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
            if row.hold_id is not None:
                await ledger.release(session, row.hold_id)
            row.status, row.finished_at = "lost", clock.now()
            logger.error("api_call_lost", request_id=str(row.id))


def _subject(actor: Actor) -> policies.Subject:
    origin = actor.origin.removeprefix("http ")
    try:
        ip = ip_address(origin)
    except ValueError:
        ip = None
    return policies.Subject(
        actor.organization_id, policies.SubjectKind.CUSTOMER, actor.id, actor.key_id, ip=ip, channel="api"
    )
