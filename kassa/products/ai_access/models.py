"""Dialogs, and the questions asked in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class AiAccessDialog(Base):
    """A conversation with a model: what earlier questions a new one sees."""

    __tablename__ = "ai_access_dialog"
    __table_args__ = (Index("ix_ai_access_dialog_customer", "customer_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1), unique=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    bot_id: Mapped[UUID]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str]
    system_prompt: Mapped[str]
    has_history: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class AiAccessRequest(Base):
    """One question: what it costs, what came of it, and the answer."""

    __tablename__ = "ai_access_request"
    __table_args__ = (
        Index("uq_ai_access_request_key", "organization_id", "idempotency_key", unique=True),
        Index("ix_ai_access_request_dialog", "dialog_id", "number"),
        Index("ix_ai_access_request_open", "created_at", postgresql_where=text("status in ('queued', 'running')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1), unique=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID] = mapped_column(index=True)
    bot_id: Mapped[UUID]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    is_private: Mapped[bool]
    locale: Mapped[str]
    dialog_id: Mapped[UUID] = mapped_column(ForeignKey("ai_access_dialog.id"))
    idempotency_key: Mapped[str]
    model: Mapped[str]
    question: Mapped[str]
    attachments: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    reply_to: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str]
    funding: Mapped[str]
    price_tokens: Mapped[int]
    price_version: Mapped[int] = mapped_column(Integer)
    charged_tokens: Mapped[int]
    hold_id: Mapped[UUID | None]
    answer: Mapped[str]
    error_code: Mapped[str]
    runs: Mapped[int] = mapped_column(Integer)
    runner: Mapped[UUID | None]
    running_until: Mapped[datetime | None]
    placeholder_id: Mapped[int | None] = mapped_column(BigInteger)
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cost_micro_usd: Mapped[int | None]
    latency_ms: Mapped[int | None]
    is_cached: Mapped[bool]
    stop_requested_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
