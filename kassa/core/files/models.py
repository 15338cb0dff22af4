"""What is kept of a file beside its bytes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class FilesObject(Base):
    """A file: whose it is, what it is, where its bytes lie, and whether it may be shown."""

    __tablename__ = "files_object"
    __table_args__ = (
        Index("ix_files_object_organization", "organization_id", "created_at", "id"),
        Index("ix_files_object_owner", "owner_id", "created_at"),
        Index("ix_files_object_expiry", "expires_at", postgresql_where=text("deleted_at is null")),
        Index("ix_files_object_pending", "created_at", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    owner_kind: Mapped[str]
    owner_id: Mapped[UUID]
    category: Mapped[str]
    purpose: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    path: Mapped[str]
    thumbnail_path: Mapped[str]
    original_path: Mapped[str]
    state: Mapped[str]
    finding: Mapped[str]
    is_generated: Mapped[bool]
    expires_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
