"""The facts of a chat's dialogue, for who changes them outside of a turn."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db

_READ = "select context from channel_chat where bot_id = $1 and chat_id = $2"
_REMEMBER = """
insert into channel_chat as c (bot_id, chat_id, status, context, created_at)
values ($1, $2, 'active', jsonb_strip_nulls($3::jsonb), now())
on conflict (bot_id, chat_id) do update set context = jsonb_strip_nulls(c.context || $3::jsonb)
"""


async def recall(session: AsyncSession, bot_id: UUID, chat_id: int) -> dict[str, Any]:
    """What the chat remembers, as `Turn.context`."""
    rows = await db.fetch(session, _READ, bot_id, chat_id)
    found = rows[0]["context"] if rows else {}
    return found if isinstance(found, dict) else dict(orjson.loads(found))


async def remember(session: AsyncSession, bot_id: UUID, chat_id: int, **facts: Any) -> None:
    """Change some of it, as `Turn.remember`; None forgets a fact."""
    await db.fetch(session, _REMEMBER, bot_id, chat_id, orjson.dumps(facts).decode())
