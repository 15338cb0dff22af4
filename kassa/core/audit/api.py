"""Reading the audit log over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import add_list
from kassa.kit.web import ERRORS

from . import log
from .models import AuditEntry

router = APIRouter(prefix="/api/v1", tags=["admin"], responses=ERRORS)


class EntryOut(BaseModel):
    """One change: who, what, from what to what, why, from where."""

    id: UUID
    actor_kind: str
    actor_id: UUID
    actor_label: str
    origin: str
    action: str
    subject_kind: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    created_at: datetime


class EntryFilters:
    """What to look for."""

    def __init__(
        self,
        q: str = Query("", max_length=200, description="In the actor's name, the action and the reason; or an id"),
        action: str = Query("", max_length=100, description="The beginning of an action: `customer.`"),
        subject_kind: str = Query("", max_length=40),
        subject_id: str = Query("", max_length=80),
        actor_id: UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.facts = {"q": q, "action": action, "subject_kind": subject_kind, "subject_id": subject_id,
                      "actor_id": actor_id, "since": since, "until": until}  # fmt: skip


async def _fetch(
    session: AsyncSession, actor: Actor, filters: EntryFilters, page: Page
) -> tuple[list[EntryOut], str | None]:
    wanted = log.entries(actor, **filters.facts)  # type: ignore[arg-type]
    rows, after = await fetch_page(session, wanted, page, AuditEntry.created_at, AuditEntry.id)
    return [EntryOut.model_validate(log.entry(row), from_attributes=True) for row in rows], after


for path in ("/admin/audit", "/admin/logs"):
    add_list(router, path, EntryOut, _fetch, actor=StaffActor, filters=EntryFilters, title="Audit log")
