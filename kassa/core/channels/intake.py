"""Updates in: stored once, then handled one after another within a chat (CHN-2)."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog

from kassa.core import i18n, policies
from kassa.kit import db, ids, log, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Invalid, Kind
from kassa.kit.failpoints import failpoint

from . import media
from .admission import Admission
from .bots import Bots
from .conversation import Conversation, Turn
from .delivery import LEASE, Delivered, Sent, deliver, deliver_batch, messages_of
from .ports import Messenger, Messengers, chat_of
from .types import BotProfile, ChatStatus, Incoming, Migration, Outgoing, Press, Reachability

logger = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
"""An update that fails this often is set aside, so that it does not block its chat for ever."""

_ACCEPT = "select channel_accept($1, $2, $3, $4::jsonb, $5, $6::jsonb) as is_new"
_CLAIM = "select * from channel_claim($1, $2, $3, $4)"
_FINISH = "select * from channel_finish($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)"
_FAIL = """
update channel_update set attempts = attempts + 1, error = $3,
    state = case when attempts + 1 >= $4 then 'failed' else 'new' end
where bot_id = $1 and update_id = $2 and state = 'new' returning state
"""
_STATUS = "update channel_chat set status = $3, migrated_to = $4 where bot_id = $1 and chat_id = $2 and status <> $3"
_HANDLED_ALREADY = "KC001"


async def accept_update(database: Database, bot_id: UUID, update: dict[str, Any], raw: bytes | None = None) -> bool:
    """Store an update and enqueue its handling, in one statement; False when it was stored before.

    Raises Invalid `channels.malformed_update` when it has no update_id.
    """
    update_id = update.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id < 1 << 62:
        raise Invalid("channels.malformed_update", "The update has no update_id")
    payload = (raw or orjson.dumps(update)).decode()
    if "\\u0000" in payload:
        # PostgreSQL's jsonb cannot hold NUL, and no text of a person needs it. The six characters of the escape may
        # stand in a text too, so the text is cleaned and not its JSON.
        payload = orjson.dumps(_without_nul(update)).decode()
    headers = f'{{"correlation_id": "{log.correlation_id() or ids.new().hex}"}}'
    rows = await database.call(_ACCEPT, bot_id, update_id, chat_of(update), payload, ids.new(), headers)
    return bool(rows[0]["is_new"])


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


async def handle_updates(app: App, bot_id: str, chat_id: int, lane: str) -> None:
    """Job: handle the chat's stored updates, oldest first, until none is left."""
    database, owner = app.get(Database), UUID(lane)
    try:
        bot = await app.get(Bots).profile(UUID(bot_id))
    except AppError as error:
        if error.kind is Kind.NOT_FOUND:
            return  # the bot was removed; its updates stay stored
        raise
    is_sent = False
    row = await _claim(database, bot, chat_id, owner)
    while row is not None:
        handled = await _handle_one(app, bot, chat_id, owner, row)
        is_sent = handled is not None and handled.sent is Sent.ALL
        row = handled.following if handled and handled.has_claimed else await _claim(database, bot, chat_id, owner)
    if not is_sent:
        # This job may stand in for one that was killed between the commit and the sending.
        await deliver(app, bot, chat_id, owner)


async def _claim(database: Database, bot: BotProfile, chat_id: int, lane: UUID) -> asyncpg.Record | None:
    rows = await database.call(_CLAIM, bot.id, chat_id, lane, LEASE)
    return rows[0] if rows else None


async def _handle_one(app: App, bot: BotProfile, chat_id: int, lane: UUID, row: asyncpg.Record) -> Delivered | None:
    """One update: understand, answer, commit, send. None when its replies are left to another."""
    database, messenger = app.get(Database), app.get(Messengers).of(chat_id)
    update_id: int = row["update_id"]
    with log.bound(log.correlation_id(), bot_id=str(bot.id), update_id=update_id):
        try:
            failpoint("channels.before_handling")
            incoming = messenger.parse(bot, orjson.loads(row["payload"]))
            await _note_reachability(database, bot, incoming, row["chat_status"])
            turn, outgoing = await _answer(app, bot, incoming, lane, orjson.loads(row["chat_context"]))
            failpoint("channels.after_commit")
        except Exception as error:
            if db.sqlstate(error) == _HANDLED_ALREADY:
                return None
            if db.is_connection_lost(error):
                raise  # not the update's fault
            state = await database.call(_FAIL, bot.id, update_id, repr(error)[:500], MAX_ATTEMPTS)
            if state and state[0]["state"] == "failed":
                logger.error("update_given_up", attempts=MAX_ATTEMPTS, exc_info=error)
                return None
            raise
        if isinstance(incoming.event, Press):
            await _answer_press(messenger, bot, chat_id, incoming.event, turn.note if turn else "")
        if outgoing:
            return await deliver_batch(app, bot, chat_id, lane, outgoing, claims=True)
        return None if turn and turn.replies else Delivered(Sent.ALL)


async def _answer(
    app: App, bot: BotProfile, incoming: Incoming, lane: UUID, context: dict[str, Any]
) -> tuple[Turn | None, list[tuple[int, Outgoing]]]:
    """Run the handler and end the update in one transaction; an expected error ends it with its text instead."""
    database = app.get(Database)
    texts = app.get(i18n.Texts)
    turn: Turn | None = None
    customer, refused = await app.get(Admission).meet(bot, incoming)
    try:
        async with database.transaction_if_needed() as transaction:
            if customer is not None:
                locale = i18n.choose_locale(customer.locale, customer.language, list(bot.locales), bot.default_locale)
                turn = Turn(app, transaction, bot, incoming, customer, locale, context, texts)
                if refused is not None:
                    raise refused.error
                await media.take_in(turn)
                await app.get(Conversation).answer(turn)
            return turn, await _finish(database, transaction, bot, incoming, lane, turn)
    except AppError as error:
        if error.kind is Kind.UNAVAILABLE or turn is None:
            raise
        logger.info("update_refused", code=error.code)
        turn.replies.clear()
        turn.changes.clear()
        text = _words(turn, error)
        if text is not None:
            turn.say(text)
    async with database.transaction_if_needed() as transaction:
        return turn, await _finish(database, transaction, bot, incoming, lane, turn)


def _words(turn: Turn, error: AppError) -> str | None:
    """What a chat is told of an expected error; None for a refusal that it has been told of."""
    if policies.is_refusal(error):
        return policies.words(error, turn.t, turn.locale)
    text = turn.t(error.code, **error.facts)
    return turn.t("channels-something-went-wrong") if text == error.code else text


async def _finish(
    database: Database, transaction: db.LazyTransaction, bot: BotProfile, incoming: Incoming, lane: UUID,
    turn: Turn | None,
) -> list[tuple[int, Outgoing]]:  # fmt: skip
    """End the update in the handler's transaction; a handler that asked for none leaves one statement to be run."""
    replies = [reply.to_json() for reply in turn.replies] if turn else []
    context = orjson.dumps(turn.changes).decode() if turn and turn.changes else None
    facts = (bot.id, incoming.update_id, incoming.chat_id, lane, LEASE, context, orjson.dumps(replies).decode())
    if transaction.is_open:
        rows = await db.fetch(transaction.session, _FINISH, *facts)
        return [(row["id"], Outgoing.from_json(row["payload"])) for row in rows]
    return messages_of(await database.call(_FINISH, *facts))


async def _note_reachability(database: Database, bot: BotProfile, incoming: Incoming, status: str) -> None:
    """Remember that a chat was blocked, left, moved, or is alive again (CHN-6)."""
    event = incoming.event
    if isinstance(event, Reachability):
        await database.call(_STATUS, bot.id, incoming.chat_id, event.status.value, None)
    elif isinstance(event, Migration):
        await database.call(_STATUS, bot.id, incoming.chat_id, ChatStatus.MIGRATED.value, event.to_chat_id)
    elif status != ChatStatus.ACTIVE.value:
        await database.call(_STATUS, bot.id, incoming.chat_id, ChatStatus.ACTIVE.value, None)


async def _answer_press(messenger: Messenger, bot: BotProfile, chat_id: int, press: Press, note: str) -> None:
    try:
        await messenger.answer_press(bot, chat_id, press.press_id, note)
    except AppError as error:
        # The spinner stops by itself; the press has done its work.
        metrics.messages_sent.labels("press_not_answered").inc()
        logger.info("press_not_answered", code=error.code)
