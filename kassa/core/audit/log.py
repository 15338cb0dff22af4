"""Writing and reading the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids

from .models import AuditEntry

SECRET_WORDS = ("password", "token", "secret", "key_hash", "totp")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as it is read."""

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


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Keep a change in the transaction that makes it.

    `action` is module.verb in the past ("customer.banned"); `before` and `after` are JSON facts without secrets.
    Raises ValueError when a fact is named like a secret: that is a bug of the caller.
    """
    for facts in (before, after):
        for name in facts or ():
            if any(word in name.lower() for word in SECRET_WORDS) and name not in {"tokens", "key_id"}:
                raise ValueError(f"{name} must not go into the audit log")
    session.add(
        AuditEntry(
            id=ids.new(), organization_id=actor.organization_id, actor_kind=actor.kind.value, actor_id=actor.id,
            actor_label=actor.label, origin=actor.origin, action=action, subject_kind=subject_kind,
            subject_id=str(subject_id), before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None, reason=reason, created_at=clock.now(),
        )
    )  # fmt: skip


def entries(
    actor: Actor,
    *,
    q: str = "",
    action: str = "",
    subject_kind: str = "",
    subject_id: str = "",
    actor_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[AuditEntry]:
    """The entries that a search asks for, in no order yet. Raises Denied."""
    actor.require(Permission.AUDIT_VIEW)
    found = select(AuditEntry).where(AuditEntry.organization_id == actor.organization_id)
    if q:
        like = f"%{q}%"
        found = found.where(
            or_(AuditEntry.actor_label.ilike(like), AuditEntry.reason.ilike(like), AuditEntry.action.ilike(like),
                AuditEntry.subject_id == q)
        )  # fmt: skip
    if action:
        found = found.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject_kind:
        found = found.where(AuditEntry.subject_kind == subject_kind)
    if subject_id:
        found = found.where(AuditEntry.subject_id == subject_id)
    if actor_id is not None:
        found = found.where(AuditEntry.actor_id == actor_id)
    if since is not None:
        found = found.where(AuditEntry.created_at >= since)
    if until is not None:
        found = found.where(AuditEntry.created_at < until)
    return found


def entry(row: AuditEntry) -> Entry:
    """A row as it leaves the module."""
    return Entry(
        row.id, row.actor_kind, row.actor_id, row.actor_label, row.origin, row.action, row.subject_kind, row.subject_id,
        row.before, row.after, row.reason, row.created_at,
    )  # fmt: skip
