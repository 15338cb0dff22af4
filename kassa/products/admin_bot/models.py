"""Where staff are talked to, what they do not want to hear, what they have been told, and whose refund is under way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class AdminBotChat(Base):
    """A chat of a bot with a member of staff, whose menu has the commands for staff. The last used one gets alerts."""

    __tablename__ = "admin_bot_chat"

    bot_id: Mapped[UUID] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(index=True)
    locale: Mapped[str]
    used_at: Mapped[datetime]


class AdminBotSilence(Base):
    """A kind of alert that a member does not want."""

    __tablename__ = "admin_bot_silence"

    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class AdminBotTrouble(Base):
    """Something that is wrong now and has been told: it is not told again while it lasts."""

    __tablename__ = "admin_bot_trouble"

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    since: Mapped[datetime]


class AdminBotRefund(Base):
    """A refund that was asked for in a chat, which waits to be told what became of it."""

    __tablename__ = "admin_bot_refund"

    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    bot_id: Mapped[UUID]
    chat_id: Mapped[int] = mapped_column(BigInteger)
    locale: Mapped[str]
