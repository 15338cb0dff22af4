"""Records of requests: written with the fact that ends a request, read in lists and sums."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission
from kassa.kit import clock, db, ids

from .models import UsageRecord

_BY_MODEL = """
select model, kind, count(*) as requests, count(*) filter (where status = 'failed') as failed,
       count(*) filter (where is_cached) as cached, coalesce(sum(charged_tokens), 0)::bigint as charged_tokens,
       coalesce(sum(cost_micro_usd), 0)::bigint as cost_micro_usd,
       coalesce(percentile_cont(0.5) within group (order by latency_ms), 0)::float8 as latency_p50_ms,
       coalesce(percentile_cont(0.95) within group (order by latency_ms), 0)::float8 as latency_p95_ms
from usage_record where organization_id = $1 and created_at >= $2 and created_at < $3
group by model, kind order by requests desc
"""

_BY_DAY = """
select (created_at at time zone 'UTC')::date as day, count(*) as requests,
       count(*) filter (where status = 'failed') as failed, count(distinct customer_id) as active,
       coalesce(sum(charged_tokens), 0)::bigint as charged_tokens,
       coalesce(sum(cost_micro_usd), 0)::bigint as cost_micro_usd
from usage_record where organization_id = $1 and created_at >= $2 and created_at < $3 group by 1 order by 1
"""

_ACTIVE = """
select count(distinct customer_id) filter (where created_at >= $2::timestamptz - interval '1 day') as day,
       count(distinct customer_id) filter (where created_at >= $2::timestamptz - interval '7 days') as week,
       count(distinct customer_id) as month
from usage_record
where organization_id = $1 and created_at >= $2::timestamptz - interval '30 days' and created_at < $2
"""

_OF_CUSTOMER = """
select (created_at at time zone 'UTC')::date as day, model, count(*) as requests,
       coalesce(sum(charged_tokens), 0)::bigint as charged_tokens
from usage_record where customer_id = $1 and created_at >= $2 group by 1, 2 order by 1 desc, 3 desc
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One request that has ended. `channel` is telegram, web or api; `kind` what was asked for: text, image, ..."""

    customer_id: UUID
    channel: str
    kind: str
    model: str
    status: str
    error_code: str = ""
    is_cached: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
    charged_tokens: int = 0
    cost_micro_usd: int | None = None
    latency_ms: int | None = None
    bot_id: UUID | None = None
    key_id: UUID | None = None


async def record(session: AsyncSession, organization_id: UUID, made: Record) -> None:
    """Keep a request in the transaction that ends it."""
    session.add(
        UsageRecord(
            id=ids.new(), organization_id=organization_id, customer_id=made.customer_id, bot_id=made.bot_id,
            key_id=made.key_id, channel=made.channel, kind=made.kind, model=made.model, status=made.status,
            error_code=made.error_code, is_cached=made.is_cached, input_tokens=made.input_tokens,
            output_tokens=made.output_tokens, charged_tokens=made.charged_tokens, cost_micro_usd=made.cost_micro_usd,
            latency_ms=made.latency_ms, created_at=clock.now(),
        )
    )  # fmt: skip


def records(
    actor: Actor,
    *,
    customer_id: UUID | None = None,
    model: str = "",
    status: str = "",
    channel: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[UsageRecord]:
    """The requests that a search finds, in no order yet. Raises Denied."""
    actor.require(Permission.DIALOGS_VIEW)
    found = select(UsageRecord).where(UsageRecord.organization_id == actor.organization_id)
    if customer_id is not None:
        found = found.where(UsageRecord.customer_id == customer_id)
    for column, value in ((UsageRecord.model, model), (UsageRecord.status, status), (UsageRecord.channel, channel)):
        if value:
            found = found.where(column == value)
    if since is not None:
        found = found.where(UsageRecord.created_at >= since)
    if until is not None:
        found = found.where(UsageRecord.created_at < until)
    return found


def own_records(actor: Actor) -> Select[UsageRecord]:
    """The acting customer's requests."""
    return select(UsageRecord).where(
        UsageRecord.organization_id == actor.organization_id, UsageRecord.customer_id == actor.id
    )


async def by_model(
    session: AsyncSession, organization_id: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Requests, tokens, cost and latency by model."""
    return await db.fetch(session, _BY_MODEL, organization_id, since, until)


async def by_day(
    session: AsyncSession, organization_id: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Requests, active customers, tokens and cost by day (UTC)."""
    return await db.fetch(session, _BY_DAY, organization_id, since, until)


async def active(session: AsyncSession, organization_id: UUID, now: datetime) -> dict[str, int]:
    """Customers who asked something within a day, a week, a month."""
    return await db.fetch_one(session, _ACTIVE, organization_id, now)


async def last_request_at(session: AsyncSession, customer_id: UUID) -> datetime | None:
    """When a customer last asked something."""
    found: datetime | None = await session.scalar(
        select(func.max(UsageRecord.created_at)).where(UsageRecord.customer_id == customer_id)
    )
    return found


async def of_customer(session: AsyncSession, customer_id: UUID, since: datetime) -> list[dict[str, Any]]:
    """A customer's requests by day and model, the newest first."""
    return await db.fetch(session, _OF_CUSTOMER, customer_id, since)
