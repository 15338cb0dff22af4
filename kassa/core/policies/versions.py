"""Saving, comparing and rolling back rules: every save is a version of its own, with its author and a note."""

import difflib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock, db
from kassa.kit.errors import Conflict, NotFound

from .models import PoliciesHead, PoliciesRules
from .rules import default_source, read_rules

_TOUCH = """
insert into policies_head as h (organization_id, version, rules_number) values ($1, 1, 0)
on conflict (organization_id) do update set version = h.version + 1 returning version, rules_number
"""


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """A set of rules as it was saved; number 0 is the built-in one."""

    number: int
    source: str
    note: str
    author_id: UUID | None
    created_at: datetime | None


async def touch(session: AsyncSession, organization_id: UUID) -> int:
    """Tell every process that what decides has changed, from the commit on; answers the number of the rules in force.

    Changes of one organization wait for one another here.
    """
    row = await db.fetch_one(session, _TOUCH, organization_id)
    return int(row["rules_number"])


async def current_rules(session: AsyncSession, actor: Actor) -> RulesVersion:
    """The rules in force. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    head = await session.get(PoliciesHead, actor.organization_id)
    return await _get(session, actor.organization_id, head.rules_number if head else 0)


async def get_version(session: AsyncSession, actor: Actor, number: int) -> RulesVersion:
    """One version. Raises Denied, NotFound `policies.version_not_found`."""
    actor.require(Permission.POLICIES_VIEW)
    return await _get(session, actor.organization_id, number)


def versions(actor: Actor) -> Select[PoliciesRules]:
    """Every version, in no order yet. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    return select(PoliciesRules).where(PoliciesRules.organization_id == actor.organization_id)


async def save_rules(
    session: AsyncSession, actor: Actor, source: str, note: str, based_on: int | None = None
) -> RulesVersion:
    """Put rules in force from the commit on. `based_on` is the version that was edited.

    Raises Denied, Invalid `policies.rules_invalid`, Conflict `policies.rules_changed` when somebody saved meanwhile.
    """
    actor.require(Permission.POLICIES_EDIT)
    read_rules(source)
    # Whoever saves at the same moment waits here and then sees what was saved.
    before = await touch(session, actor.organization_id)
    if based_on is not None and based_on != before:
        raise Conflict("policies.rules_changed", f"Somebody saved version {before} meanwhile", current=before)
    newest = await session.scalar(
        select(PoliciesRules.number)
        .where(PoliciesRules.organization_id == actor.organization_id)
        .order_by(PoliciesRules.number.desc())
        .limit(1)
    )
    row = PoliciesRules(
        organization_id=actor.organization_id, number=(newest or 0) + 1, source=source, note=note, author_id=actor.id,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    head = await session.get_one(PoliciesHead, actor.organization_id, populate_existing=True)
    head.rules_number = row.number
    await session.flush()
    await audit.record(
        session, actor, "policies.rules_saved", "policies", row.number, before={"number": before},
        after={"number": row.number}, reason=note,
    )  # fmt: skip
    return version_of(row)


async def roll_back(session: AsyncSession, actor: Actor, number: int, note: str) -> RulesVersion:
    """Put an older version (0 is the built-in one) in force again, as a new version. Raises as `save_rules`."""
    actor.require(Permission.POLICIES_EDIT)
    old = await _get(session, actor.organization_id, number)
    return await save_rules(session, actor, old.source, note or f"Back to version {number}")


async def compare(session: AsyncSession, actor: Actor, old: int, new: int) -> str:
    """The difference of two versions, as a unified diff. Raises Denied, NotFound `policies.version_not_found`."""
    before = (await get_version(session, actor, old)).source.splitlines(keepends=True)
    after = (await get_version(session, actor, new)).source.splitlines(keepends=True)
    return "".join(difflib.unified_diff(before, after, f"version {old}", f"version {new}"))


async def _get(session: AsyncSession, organization_id: UUID, number: int) -> RulesVersion:
    if number == 0:
        return RulesVersion(0, default_source(), "", None, None)
    row = await session.get(PoliciesRules, (organization_id, number)) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound("policies.version_not_found", "There is no such version of the rules", number=number)
    return version_of(row)


def version_of(row: PoliciesRules) -> RulesVersion:
    """A row as it leaves the module."""
    return RulesVersion(row.number, row.source, row.note, row.author_id, row.created_at)
