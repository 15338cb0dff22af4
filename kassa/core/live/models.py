"""Streams, and the events that happened in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class LiveStream(Base):
    """The newest number of a stream. It outlives the events, so that a number never comes twice."""

    __tablename__ = "live_stream"
    __table_args__ = ({"postgresql_with": {"fillfactor": "70"}},)

    stream: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class LiveEvent(Base):
    """What happened in a stream, kept for those who were away for a moment."""

    __tablename__ = "live_event"
    __table_args__ = (Index("ix_live_event_created", "created_at"),)

    stream: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
