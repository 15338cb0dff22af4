"""Sums over orders: what is sold, through whom, to how many."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db

_PAID = "('paid', 'partially_refunded', 'refunded')"

_BY_DAY = f"""
select (paid_at at time zone 'UTC')::date as day, count(*) as orders, count(distinct customer_id) as customers
from billing_order where organization_id = $1 and paid_at >= $2 and paid_at < $3 and status in {_PAID}
group by 1 order by 1
"""  # noqa: S608 - the list is ours

_BY_PLAN = f"""
select plan_slug as plan, asset, count(*) as orders, sum(units)::bigint as units from billing_order
where organization_id = $1 and paid_at >= $2 and paid_at < $3 and status in {_PAID}
group by 1, 2 order by units desc
"""  # noqa: S608 - as above

_BY_PROVIDER = """
select provider, asset, count(*) filter (where settled_at is not null and status <> 'failed') as succeeded,
       count(*) filter (where status = 'failed') as failed,
       coalesce(sum(units) filter (where status in ('succeeded', 'partially_refunded', 'refunded')), 0)::bigint
           as units,
       coalesce(sum(refunded_units), 0)::bigint as refunded
from billing_payment where organization_id = $1 and created_at >= $2 and created_at < $3
group by 1, 2 order by units desc
"""

_TOTALS = f"""
select count(*) as orders, count(distinct customer_id) as customers,
       count(distinct customer_id) filter (where not exists (
           select 1 from billing_order e where e.customer_id = o.customer_id and e.status in {_PAID}
           and e.paid_at < $2)) as first_time
from billing_order o where organization_id = $1 and paid_at >= $2 and paid_at < $3 and status in {_PAID}
"""  # noqa: S608 - as above


async def by_day(
    session: AsyncSession, organization_id: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Paid orders and their customers by day (UTC)."""
    return await db.fetch(session, _BY_DAY, organization_id, since, until)


async def by_plan(
    session: AsyncSession, organization_id: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Paid orders and their sum by plan, the largest first."""
    return await db.fetch(session, _BY_PLAN, organization_id, since, until)


async def by_provider(
    session: AsyncSession, organization_id: UUID, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """Payments by provider: how many succeeded and failed, how much came and went back."""
    return await db.fetch(session, _BY_PROVIDER, organization_id, since, until)


async def totals(session: AsyncSession, organization_id: UUID, since: datetime, until: datetime) -> dict[str, int]:
    """Paid orders, who paid, and how many of them for the first time."""
    return await db.fetch_one(session, _TOTALS, organization_id, since, until)
