"""What was refused and why: one record a window and subject, kept for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission
from kassa.kit import ids
from kassa.kit.db import Database
from kassa.kit.errors import NotFound

from .models import PoliciesRefusal
from .types import Refused, Subject

KEPT = timedelta(days=90)

_RECORD = """
insert into policies_refusal as r (id, organization_id, window_key, action, rule, reason, version, customer_id, ip,
    subject, text, limit_value, reset_at, times, first_at, last_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11, $12, $13, 1, $14, $14)
on conflict (organization_id, window_key) do update set times = r.times + 1, last_at = excluded.last_at
returning times, set_config('synchronous_commit', 'off', true)
"""
_FORGET = """
delete from policies_refusal where id in (select id from policies_refusal where last_at < now() - $1::interval
    order by last_at limit 20000)
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A recorded refusal: what was asked, by whom, which rule said no, and how often in that window."""

    id: UUID
    action: str
    rule: str
    reason: str
    version: int
    customer_id: UUID | None
    ip: str
    subject: Mapping[str, Any]
    text: str
    limit: int
    reset_at: datetime | None
    times: int
    first_at: datetime
    last_at: datetime


async def record(
    database: Database, version: int, subject: Subject, refused: Refused, window_key: UUID, at: datetime
) -> bool:
    """Keep a refusal; True for the first of its window. A fact of its own: the caller may roll back."""
    rows = await database.call(
        _RECORD, ids.new(), subject.organization_id, window_key, refused.action, refused.rule, refused.reason.value,
        version, subject.customer_id, str(subject.ip or ""), orjson.dumps(subject.to_json()).decode(), refused.text,
        refused.limit, refused.reset_at, at,
    )  # fmt: skip
    return int(rows[0]["times"]) == 1


def refusals(
    actor: Actor, *, action: str = "", rule: str = "", reason: str = "", customer_id: UUID | None = None, ip: str = ""
) -> Select[PoliciesRefusal]:
    """The refusals that a search asks for, in no order yet. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    found = select(PoliciesRefusal).where(PoliciesRefusal.organization_id == actor.organization_id)
    exact = {"action": action, "rule": rule, "reason": reason, "ip": ip, "customer_id": customer_id}
    for name, value in exact.items():
        if value:
            found = found.where(getattr(PoliciesRefusal, name) == value)
    return found


async def get_refusal(session: AsyncSession, actor: Actor, refusal_id: UUID) -> Refusal:
    """One refusal. Raises NotFound `policies.refusal_not_found`."""
    actor.require(Permission.POLICIES_VIEW)
    row = await session.get(PoliciesRefusal, refusal_id)
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound("policies.refusal_not_found", "There is no such refusal; they are kept for 90 days")
    return refusal_of(row)


async def forget_old(database: Database) -> None:
    """Drop refusals that are too old to be asked about, a piece at a time."""
    await database.call(_FORGET, KEPT)


def refusal_of(row: PoliciesRefusal) -> Refusal:
    """A row as it leaves the module."""
    return Refusal(
        row.id, row.action, row.rule, row.reason, row.version, row.customer_id, row.ip, row.subject, row.text,
        row.limit, row.reset_at, row.times, row.first_at, row.last_at,
    )  # fmt: skip
