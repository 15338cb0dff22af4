"""Calls of customers' programs that are under way or over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class ApiAccessRequest(Base):
    """One call: what was held for it, and how it ended. What was asked and answered is not kept."""

    __tablename__ = "api_access_request"
    __table_args__ = (
        Index("ix_api_access_request_open", "lease_until", postgresql_where=text("status = 'running'")),
        Index("ix_api_access_request_customer", "customer_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    key_id: Mapped[UUID | None]
    kind: Mapped[str]
    model: Mapped[str]
    status: Mapped[str]
    hold_id: Mapped[UUID | None]
    price_tokens: Mapped[int]
    charged_tokens: Mapped[int]
    lease_until: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
