"""Members of organizations, what their roles may do, sessions and keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class AccessMember(Base):
    """A staff account working for an organization in one role. `label` is the account's e-mail, for lists and logs."""

    __tablename__ = "access_member"
    __table_args__ = (UniqueConstraint("organization_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[str]
    label: Mapped[str]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccessRole(Base):
    """What a role may do in an organization that has changed it; without a row the role is as shipped."""

    __tablename__ = "access_role"

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    permissions: Mapped[list[str]]
    updated_at: Mapped[datetime]


class AccessSession(Base):
    """A sign-in: a family of refresh tokens, of which only the newest works."""

    __tablename__ = "access_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    refresh_hash: Mapped[str] = mapped_column(unique=True)
    previous_hash: Mapped[str | None] = mapped_column(index=True)
    ip: Mapped[str]
    user_agent: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]


class AccessKey(Base):
    """An API key of a customer, or a service key of the organization; only its hash is kept."""

    __tablename__ = "access_key"
    __table_args__ = (Index("ix_access_key_subject_id", "subject_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
