"""A record of every request to a model."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class UsageRecord(Base):
    """One request: who asked what model by which way, what came of it, what it cost whom."""

    __tablename__ = "usage_record"
    __table_args__ = (
        Index("ix_usage_record_organization", "organization_id", "created_at", "id"),
        Index("ix_usage_record_customer", "customer_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    bot_id: Mapped[UUID | None]
    key_id: Mapped[UUID | None]
    channel: Mapped[str]
    kind: Mapped[str]
    model: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[str]
    is_cached: Mapped[bool]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    charged_tokens: Mapped[int]
    cost_micro_usd: Mapped[int | None]
    latency_ms: Mapped[int | None]
    created_at: Mapped[datetime]
