"""Flags: switches with an audience, changed at once in all processes (POL-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock
from kassa.kit.errors import NotFound

from .audience import Audience
from .models import PoliciesFlag
from .versions import touch


@dataclass(frozen=True, slots=True)
class Flag:
    """A switch, and for whom it is on."""

    name: str
    note: str
    is_on: bool
    audience: Audience
    updated_at: datetime

    def to_json(self) -> dict[str, Any]:
        """For the audit log."""
        return {"is_on": self.is_on, "note": self.note, "audience": self.audience.model_dump(mode="json")}


def flags(actor: Actor) -> Select[PoliciesFlag]:
    """The organization's flags, in no order yet. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    return select(PoliciesFlag).where(PoliciesFlag.organization_id == actor.organization_id)


async def list_flags(session: AsyncSession, actor: Actor) -> Sequence[Flag]:
    """Every flag of the organization, by name. Raises Denied."""
    return [flag_of(row) for row in await session.scalars(flags(actor).order_by(PoliciesFlag.name))]


async def save_flag(
    session: AsyncSession, actor: Actor, name: str, *, is_on: bool, audience: Audience, note: str = "", reason: str = ""
) -> Flag:
    """Make or change a flag, from the commit on. Raises Denied."""
    actor.require(Permission.POLICIES_EDIT)
    await touch(session, actor.organization_id)
    known = await session.get(PoliciesFlag, (actor.organization_id, name))
    before = flag_of(known).to_json() if known is not None else None
    values = {
        "note": note, "is_on": is_on, "audience": audience.model_dump(mode="json"), "updated_at": clock.now(),
    }  # fmt: skip
    row = (
        await session.scalars(
            insert(PoliciesFlag)
            .values(organization_id=actor.organization_id, name=name, **values)
            .on_conflict_do_update(index_elements=["organization_id", "name"], set_=values)
            .returning(PoliciesFlag)
            .execution_options(populate_existing=True)
        )
    ).one()
    saved = flag_of(row)
    await audit.record(
        session, actor, "policies.flag_saved", "flag", name, before=before, after=saved.to_json(), reason=reason
    )
    return saved


async def remove_flag(session: AsyncSession, actor: Actor, name: str, reason: str = "") -> None:
    """Forget a flag: it is off for everybody. Raises Denied, NotFound `policies.flag_not_found`."""
    actor.require(Permission.POLICIES_EDIT)
    await touch(session, actor.organization_id)
    removed = await session.scalar(
        delete(PoliciesFlag)
        .where(PoliciesFlag.organization_id == actor.organization_id, PoliciesFlag.name == name)
        .returning(PoliciesFlag.name)
    )
    if removed is None:
        raise NotFound("policies.flag_not_found", "There is no such flag", flag=name[:80])
    await audit.record(session, actor, "policies.flag_removed", "flag", name, reason=reason)


def flag_of(row: PoliciesFlag) -> Flag:
    """A row as it leaves the module."""
    return Flag(row.name, row.note, row.is_on, Audience(**row.audience), row.updated_at)
