"""Organizations, customers, staff accounts, and the secrets sent by mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class IdentityOrganization(Base):
    """A business on this installation."""

    __tablename__ = "identity_organization"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    default_locale: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    created_at: Mapped[datetime]


class IdentityCustomer(Base):
    """A person who buys; one per organization and Telegram account, and one per organization and e-mail."""

    __tablename__ = "identity_customer"
    __table_args__ = (
        UniqueConstraint("organization_id", "telegram_id"),
        UniqueConstraint("organization_id", "email"),
        Index("ix_identity_customer_created", "organization_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1001), unique=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity_organization.id"))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    email: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    failed_logins: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    locked_until: Mapped[datetime | None]
    name: Mapped[str]
    username: Mapped[str]
    language: Mapped[str]
    locale: Mapped[str | None]
    photo_url: Mapped[str] = mapped_column(default="", server_default=text("''"))
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    level: Mapped[str] = mapped_column(default="", server_default=text("''"))
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))
    seen_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None]
    created_at: Mapped[datetime]


class IdentityStaff(Base):
    """The account of a person who works for one organization or several: see access_member."""

    __tablename__ = "identity_staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    locale: Mapped[str | None]
    password_hash: Mapped[str]
    totp_encrypted: Mapped[str | None]
    totp_enabled_at: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    recovery_hashes: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    telegram_name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    telegram_linked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class IdentityInvitation(Base):
    """An offer to work for the organization in a role; its secret was sent by mail or handed over."""

    __tablename__ = "identity_invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity_organization.id"), index=True)
    email: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class IdentityProof(Base):
    """A secret sent by mail that proves whose mailbox it is: to confirm an address or to set a new password."""

    __tablename__ = "identity_proof"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    purpose: Mapped[str]
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
