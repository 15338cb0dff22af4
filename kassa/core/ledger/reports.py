"""Sums over entries: what every report of money and tokens is made of (LED-6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db

from .types import AccountKind

_TURNOVER = """
select (t.created_at at time zone 'UTC')::date as day, a.kind, e.asset, sum(e.amount)::bigint as units
from ledger_transaction t join ledger_entry e on e.transaction_id = t.id join ledger_account a on a.id = e.account_id
where t.organization_id = $1 and t.created_at >= $2 and t.created_at < $3 and a.kind = any($4::text[])
group by 1, 2, 3 order by 1, 2, 3
"""

_LIABILITY = """
select coalesce(sum(b.posted), 0)::bigint as units from ledger_account a join ledger_balance b on b.account_id = a.id
where a.organization_id = $1 and a.kind = $2 and a.asset = $3
"""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What was posted to the accounts of a kind on a day (UTC). Income is negative, as everywhere in the ledger."""

    day: date
    kind: str
    asset: str
    units: int


async def turnover(
    session: AsyncSession, organization_id: UUID, kinds: Collection[AccountKind], since: datetime, until: datetime
) -> list[Turnover]:
    """Sums of entries by day, kind of account and asset."""
    wanted = [kind.value for kind in kinds]
    rows = await db.fetch(session, _TURNOVER, organization_id, since, until, wanted)
    return [Turnover(row["day"], row["kind"], row["asset"], row["units"]) for row in rows]


async def unspent_tokens(session: AsyncSession, organization_id: UUID) -> int:
    """What customers have bought or been given and not used: a liability."""
    row = await db.fetch_one(session, _LIABILITY, organization_id, AccountKind.CUSTOMER_TOKENS.value, "TOKEN")
    return int(row["units"])
