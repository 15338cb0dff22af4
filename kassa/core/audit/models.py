"""Every change that staff, or Kassa for them, has made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class AuditEntry(Base):
    """One change. A trigger refuses to alter or remove it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_organization_id", "organization_id", "created_at", "id"),
        Index("ix_audit_entry_subject", "organization_id", "subject_kind", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID]
    actor_label: Mapped[str]
    origin: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    created_at: Mapped[datetime]
