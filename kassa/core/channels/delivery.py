"""Messages out: stored with the fact that caused them, sent after the commit, in order within a chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

import asyncpg
import orjson
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db, ids, jobs, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Kind, Unavailable
from kassa.kit.failpoints import failpoint

from .bots import Bots
from .ports import ChatMigrated, ChatUnreachable, Messenger, Messengers, NotSent, SlowDown
from .types import BotProfile, Format, Outgoing

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
"""How often a message whose sending failed without an answer is tried, with back-off up to ten minutes."""

_OUTGOING = "select * from channel_outgoing($1, $2, $3, $4)"
_SENT = "select * from channel_sent($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_INSERT = """
insert into channel_message (bot_id, chat_id, key, state, payload, attempts, created_at)
values ($1, $2, $3, 'pending', $4::jsonb, 0, now()) on conflict (key) where key is not null do nothing returning id
"""
_DROP = """
with chat as (
    update channel_chat set status = $3, sending = null where bot_id = $1 and chat_id = $2
)
update channel_message set state = 'dropped', error = $3 where bot_id = $1 and chat_id = $2 and state = 'pending'
"""
_MOVE = """
with chat as (
    update channel_chat set status = 'migrated', migrated_to = $3, sending = null where bot_id = $1 and chat_id = $2
)
update channel_message set chat_id = $3 where bot_id = $1 and chat_id = $2 and state = 'pending'
"""
_PAUSE = """
with chat as (
    update channel_chat set sending = null, send_after = now() + $3 where bot_id = $1 and chat_id = $2
)
update channel_message set attempts = attempts + $5 where id = $4 returning attempts
"""
_STUCK = """
select distinct m.bot_id, m.chat_id from channel_message m
join channel_chat c on c.bot_id = m.bot_id and c.chat_id = m.chat_id
where m.state = 'pending' and m.created_at < now() - interval '20 seconds'
  and (c.sending is null or c.sending_until < now()) and (c.send_after is null or c.send_after <= now()) limit 500
"""
_UNHANDLED = """
select distinct u.bot_id, u.chat_id from channel_update u join channel_bot b on b.id = u.bot_id and b.enabled
left join channel_chat c on c.bot_id = u.bot_id and c.chat_id = u.chat_id
where u.state = 'new' and u.received_at < now() - interval '20 seconds'
  and (c.lane is null or c.lane_until < now()) limit 500
"""


class Sent(StrEnum):
    """What became of a chat's waiting messages."""

    ALL = "all"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the messages and, when `has_claimed`, the chat's next update whose lane is kept."""

    sent: Sent
    has_claimed: bool = False
    following: asyncpg.Record | None = None


async def send_later(
    session: AsyncSession, bot_id: UUID, chat_id: int, message: Outgoing, *, key: str | None = None
) -> bool:
    """Store a message to be sent after this transaction commits; False when the key was used before."""
    stored = await db.fetch(session, _INSERT, bot_id, chat_id, key, orjson.dumps(message.to_json()).decode())
    if stored:
        await jobs.enqueue(session, "channels.deliver", bot_id=str(bot_id), chat_id=chat_id, lane=str(ids.new()))
    return bool(stored)


async def deliver_job(app: App, bot_id: str, chat_id: int, lane: str) -> None:
    """Job: send what waits in a chat, unless somebody is at it."""
    try:
        bot = await app.get(Bots).profile(UUID(bot_id))
    except AppError as error:
        if error.kind is Kind.NOT_FOUND:
            return
        raise
    await deliver(app, bot, chat_id, UUID(lane))


async def deliver(app: App, bot: BotProfile, chat_id: int, lane: UUID) -> Sent:
    """Send what waits in a chat; the lane keeps two senders from mixing the order."""
    rows = await app.get(Database).call(_OUTGOING, bot.id, chat_id, lane, LEASE)
    return (await deliver_batch(app, bot, chat_id, lane, messages_of(rows), claims=False)).sent


async def deliver_batch(
    app: App, bot: BotProfile, chat_id: int, lane: UUID, batch: list[tuple[int, Outgoing]], *, claims: bool
) -> Delivered:
    """Send messages whose lane is taken, and what came meanwhile, until nothing waits.

    With `claims`, the statement that saw nothing waiting claims the chat's next update too.
    """
    database = app.get(Database)
    rows: list[asyncpg.Record] = []
    while batch:
        for message_id, message in batch:
            failpoint("channels.before_send")
            result = await _send_one(app, bot, chat_id, message_id, message)
            if result is None:
                return Delivered(Sent.PAUSED)
            failpoint("channels.after_send")
            rows = await database.call(_SENT, bot.id, chat_id, lane, LEASE, message_id, *result, claims)
        batch = messages_of(row for row in rows if row["id"] is not None)
    return Delivered(Sent.ALL, claims, rows[0] if rows else None)


async def _send_one(
    app: App, bot: BotProfile, chat_id: int, message_id: int, message: Outgoing
) -> tuple[str, int | None, str | None] | None:
    """Send one message: its final state, channel's id and error; None when the chat has to wait or is gone."""
    database, messenger = app.get(Database), app.get(Messengers).of(chat_id)
    try:
        sent = await _send_formatted(messenger, bot, chat_id, message_id, message)
    except ChatUnreachable as error:
        metrics.messages_sent.labels("unreachable").inc()
        await database.call(_DROP, bot.id, chat_id, error.facts["status"])
        return None
    except ChatMigrated as error:
        moved = error.facts["to_chat_id"]
        await database.call(_MOVE, bot.id, chat_id, moved)
        await deliver(app, bot, moved, ids.new())
        return None
    except NotSent as error:
        metrics.messages_sent.labels("refused").inc()
        logger.error("message_refused", message_id=message_id, reason=error.message)
        return "failed", None, error.message[:500]
    except Unavailable as error:
        return await _pause(database, bot, chat_id, message_id, error)
    metrics.messages_sent.labels("sent").inc()
    return "sent", sent, None


async def _send_formatted(
    messenger: Messenger, bot: BotProfile, chat_id: int, delivery: int, message: Outgoing
) -> int | None:
    try:
        return await messenger.send(bot, chat_id, message, delivery)
    except NotSent as error:
        if not error.is_formatting or message.format is Format.PLAIN:
            raise
        # Formatting never costs the message: the same words go out plain, in as many parts as they need.
        logger.warning("formatting_refused", reason=error.message)
        plain = Outgoing(message.text, message.buttons, Format.PLAIN, message.edit_message_id, message.reply_to)
        sent = None
        for part in messenger.split(message.text, plain):
            sent = await messenger.send(bot, chat_id, part)
        return sent


async def _pause(
    database: Database, bot: BotProfile, chat_id: int, message_id: int, error: Unavailable
) -> tuple[str, int | None, str | None] | None:
    """Let the chat wait as long as the channel asks, or back off; a message is given up after MAX_ATTEMPTS."""
    is_asked = isinstance(error, SlowDown)
    metrics.messages_sent.labels("slowed_down" if is_asked else "no_answer").inc()
    attempts = (await database.call("select attempts from channel_message where id = $1", message_id))[0]["attempts"]
    if not is_asked and attempts + 1 >= MAX_ATTEMPTS:
        logger.error("message_given_up", message_id=message_id)
        return "failed", None, error.message[:500]
    delay_s = float(error.facts["retry_after_s"]) if is_asked else min(600.0, 0.5 * 2**attempts)
    await database.call(_PAUSE, bot.id, chat_id, timedelta(seconds=delay_s), message_id, 0 if is_asked else 1)
    logger.warning("chat_paused", delay_s=delay_s, code=error.code)
    async with database.transaction() as session:
        await jobs.enqueue(
            session, "channels.deliver", run_at=clock.now() + timedelta(seconds=delay_s),
            bot_id=str(bot.id), chat_id=chat_id, lane=str(ids.new()),
        )  # fmt: skip
    return None


async def sweep(app: App) -> None:
    """Job: wake chats whose messages or updates nobody is working on; a safety net that should find nothing."""
    async with app.get(Database).transaction() as session:
        for query, job in ((_STUCK, "channels.deliver"), (_UNHANDLED, "channels.handle_updates")):
            for row in await db.fetch(session, query):
                logger.warning("chat_woken", job=job, bot_id=str(row["bot_id"]))
                await jobs.enqueue(
                    session, job, key=f"{job}:{row['bot_id']}:{row['chat_id']}",
                    bot_id=str(row["bot_id"]), chat_id=row["chat_id"], lane=str(ids.new()),
                )  # fmt: skip


def messages_of(rows: Iterable[asyncpg.Record]) -> list[tuple[int, Outgoing]]:
    """Stored messages with their ids."""
    return [(row["id"], Outgoing.from_json(orjson.loads(row["payload"]))) for row in rows]
