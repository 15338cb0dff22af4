"""Messages as a person's data: told, and emptied. Chats stay with the channel they belong to."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import live
from kassa.kit.personal import DataSubject, PersonalData

from .models import ChannelBot, ChannelChat, ChannelMessage, ChannelUpdate, ChannelWebMessage
from .types import web_chat_of


def _chats(subject: DataSubject) -> list[int]:
    return [web_chat_of(subject.number), *([subject.telegram_id] if subject.telegram_id is not None else [])]


def _bots(subject: DataSubject) -> Any:
    return select(ChannelBot.id).where(ChannelBot.organization_id == subject.organization_id)


async def _export(session: AsyncSession, subject: DataSubject) -> dict[str, Any]:
    sent = await session.execute(
        select(ChannelMessage.payload, ChannelMessage.created_at)
        .where(ChannelMessage.bot_id.in_(_bots(subject)), ChannelMessage.chat_id.in_(_chats(subject)))
        .order_by(ChannelMessage.id)
    )
    came = await session.execute(
        select(ChannelUpdate.payload, ChannelUpdate.received_at)
        .where(ChannelUpdate.bot_id.in_(_bots(subject)), ChannelUpdate.chat_id.in_(_chats(subject)))
        .order_by(ChannelUpdate.received_at)
    )
    return {
        "sent": [{"text": payload.get("text"), "at": at} for payload, at in sent],
        "received": [{"update": payload, "at": at} for payload, at in came],
    }


async def _erase(session: AsyncSession, subject: DataSubject) -> None:
    for table in (ChannelMessage, ChannelUpdate):
        ours = (table.bot_id.in_(_bots(subject)), table.chat_id.in_(_chats(subject)))
        await session.execute(update(table).where(*ours, table.state.in_(["pending", "new"])).values(state="dropped"))
        await session.execute(update(table).where(*ours).values(payload={}))
    await session.execute(
        delete(ChannelWebMessage).where(
            ChannelWebMessage.bot_id.in_(_bots(subject)), ChannelWebMessage.chat_id.in_(_chats(subject))
        )
    )
    await live.forget(session, subject.organization_id, f".{subject.number}")
    await session.execute(
        update(ChannelChat)
        .where(ChannelChat.bot_id.in_(_bots(subject)), ChannelChat.chat_id.in_(_chats(subject)))
        .values(context={})
    )


personal = PersonalData(_export, _erase)
