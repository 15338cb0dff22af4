"""What was said in a chat on the web, by both sides."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db

_PAGE = """
select channel_web_json(m) as message from channel_web_message m
where m.bot_id = $1 and m.chat_id = $2 and m.id < $3 order by m.id desc limit $4
"""


async def list_messages(
    session: AsyncSession, bot_id: UUID, chat_id: int, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Messages older than `before`, the newest first."""
    rows = await db.fetch(session, _PAGE, bot_id, chat_id, before or (1 << 62), limit)
    return [row["message"] if isinstance(row["message"], dict) else orjson.loads(row["message"]) for row in rows]
