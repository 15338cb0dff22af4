"""Organizations, customers, staff and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class IdentityOrganization(Base):
    """A business on this installation."""

    __tablename__ = "identity_organization"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    default_locale: Mapped[str]
    created_at: Mapped[datetime]


class IdentityCustomer(Base):
    """A person who buys; one per organization and Telegram account."""

    __tablename__ = "identity_customer"
    __table_args__ = (UniqueConstraint("organization_id", "telegram_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1001), unique=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity_organization.id"))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]
    username: Mapped[str]
    language: Mapped[str]
    locale: Mapped[str | None]
    created_at: Mapped[datetime]


class IdentityStaff(Base):
    """A person who works for the organization."""

    __tablename__ = "identity_staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity_organization.id"))
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    disabled_at: Mapped[datetime | None]
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class IdentitySession(Base):
    """A sign-in: a family of refresh tokens, of which only the newest works."""

    __tablename__ = "identity_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity_organization.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    refresh_hash: Mapped[str] = mapped_column(unique=True)
    previous_hash: Mapped[str | None] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
