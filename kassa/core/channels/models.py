"""Bots, their chats, and every update in and message out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base

WEB_UPDATES = Sequence("channel_web_update", start=1 << 60, metadata=Base.metadata)
"""Numbers of what pages send: beyond any that Telegram gives to updates of the same bot."""


class ChannelBot(Base):
    """A Telegram bot of the organization, its token encrypted; or its site, which has none."""

    __tablename__ = "channel_bot"
    __table_args__ = (
        Index("uq_channel_bot_site", "organization_id", unique=True, postgresql_where=text("kind = 'site'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="telegram", server_default=text("'telegram'"))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    username: Mapped[str]
    name: Mapped[str]
    token_encrypted: Mapped[str]
    webhook_path: Mapped[str] = mapped_column(unique=True)
    webhook_secret: Mapped[str]
    default_locale: Mapped[str]
    locales: Mapped[list[str]]
    plans: Mapped[list[str] | None]
    models: Mapped[list[str] | None]
    enabled: Mapped[bool]
    poll_offset: Mapped[int] = mapped_column(BigInteger, default=0)
    poller: Mapped[UUID | None]
    poller_until: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    created_at: Mapped[datetime]


class ChannelChat(Base):
    """A chat of a bot: whether it can be reached, its dialogue, and the lanes that keep its order."""

    __tablename__ = "channel_chat"
    __table_args__ = ({"postgresql_with": {"fillfactor": "70"}},)

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("channel_bot.id"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    status: Mapped[str]
    migrated_to: Mapped[int | None] = mapped_column(BigInteger)
    context: Mapped[dict[str, Any]]
    lane: Mapped[UUID | None]
    lane_until: Mapped[datetime | None]
    sending: Mapped[UUID | None]
    sending_until: Mapped[datetime | None]
    send_after: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ChannelUpdate(Base):
    """An update as Telegram sent it, or what a page sent, handled exactly once."""

    __tablename__ = "channel_update"
    __table_args__ = (
        Index("ix_channel_update_new", "bot_id", "chat_id", "update_id", postgresql_where=text("state = 'new'")),
        Index("ix_channel_update_received", "received_at"),
        Index(
            "uq_channel_update_client",
            "bot_id",
            "chat_id",
            "client_id",
            unique=True,
            postgresql_where=text("client_id is not null"),
        ),
    )

    bot_id: Mapped[UUID] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(Integer)
    error: Mapped[str | None]
    client_id: Mapped[str | None]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class ChannelMessage(Base):
    """A message to be delivered: stored with the fact that caused it, sent after the commit."""

    __tablename__ = "channel_message"
    __table_args__ = (
        Index("ix_channel_message_pending", "bot_id", "chat_id", "id", postgresql_where=text("state = 'pending'")),
        Index("uq_channel_message_key", "key", unique=True, postgresql_where=text("key is not null")),
        Index("ix_channel_message_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    bot_id: Mapped[UUID]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str | None]
    state: Mapped[str]
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(Integer)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class ChannelWebMessage(Base):
    """A message of a chat on the web, of either side: what pages read."""

    __tablename__ = "channel_web_message"
    __table_args__ = (
        Index("ix_channel_web_message_chat", "bot_id", "chat_id", "id"),
        Index(
            "uq_channel_web_message_delivery", "delivery", unique=True, postgresql_where=text("delivery is not null")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    bot_id: Mapped[UUID]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str]
    text: Mapped[str]
    format: Mapped[str]
    buttons: Mapped[list[Any]]
    reply_to: Mapped[int | None] = mapped_column(BigInteger)
    attachments: Mapped[list[Any]]
    client_id: Mapped[str | None]
    delivery: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
