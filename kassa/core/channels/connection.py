"""Connecting bots to Telegram: the webhook or the poller, and the command menu."""

import asyncio
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from kassa.core import i18n
from kassa.kit import clock, ids, log, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Kind

from .bots import Bots
from .conversation import Conversation
from .intake import accept_update
from .models import ChannelBot
from .ports import BotConnector, SlowDown
from .types import BotKind, BotProfile, Transport

logger = structlog.get_logger(__name__)

POLL_TIMEOUT_S = 10
LEASE = timedelta(seconds=20)
"""Longer than one long poll, so that two processes never poll one bot at once."""

_LEASE_BOT = """
update channel_bot set poller = $2, poller_until = now() + $3
where id = $1 and enabled and (poller is null or poller = $2 or poller_until < now()) returning poll_offset
"""
_SAVE_OFFSET = "update channel_bot set poll_offset = $3 where id = $1 and poller = $2"
_FREE = "update channel_bot set poller = null where poller = $1"

_IN_TELEGRAM = (ChannelBot.enabled, ChannelBot.kind == BotKind.TELEGRAM.value)


async def connect_bots(app: App) -> None:
    """Job: connect every bot that is not connected as the settings say; a failure is kept as the bot's problem."""
    async with app.get(Database).transaction() as session:
        waiting = (
            await session.scalars(select(ChannelBot.id).where(*_IN_TELEGRAM, ChannelBot.connected_at.is_(None)))
        ).all()
    for bot_id in waiting:
        await connect_bot(app, bot_id)


async def connect_bot(app: App, bot_id: UUID) -> str | None:
    """Set the webhook (or remove it for polling) and the menu; the answer is the problem, None when all is well."""
    bots, database, transport = app.get(Bots), app.get(Database), app.get(Transport)
    problem = None
    try:
        bot = await bots.profile(bot_id)
        messenger = app.get(BotConnector)
        if transport.is_webhook:
            async with database.transaction() as session:
                row = await session.get_one(ChannelBot, bot_id)
                path, secret = row.webhook_path, row.webhook_secret
            await messenger.set_webhook(bot, f"{transport.public_url}/api/v1/webhooks/telegram/{path}", secret)
        else:
            await messenger.delete_webhook(bot)
        await _introduce(app, messenger, bot)
    except AppError as error:
        problem = error.code
        logger.warning("bot_not_connected", bot_id=str(bot_id), code=error.code, reason=error.message)
    async with database.transaction() as session:
        await session.execute(
            update(ChannelBot)
            .where(ChannelBot.id == bot_id)
            .values(problem=problem, connected_at=None if problem else clock.now())
        )
    return problem


async def forget_connections(app: App) -> None:
    """Connect every bot anew: called when a process starts, because the address or the transport may have changed."""
    async with app.get(Database).transaction() as session:
        await session.execute(update(ChannelBot).values(connected_at=None))


def _menu(app: App, bot: BotProfile) -> dict[str, list[tuple[str, str]]]:
    texts, commands = app.get(i18n.Texts), app.get(Conversation).commands

    def described(locale: str) -> list[tuple[str, str]]:
        return [(name, texts.text(f"command-{name}", locale, bot.overrides)) for name in commands]

    return {"": described(bot.default_locale)} | {locale: described(locale) for locale in bot.locales}


async def _introduce(app: App, messenger: BotConnector, bot: BotProfile) -> None:
    """Set the menu, the descriptions and the app. A bot without them still sells, so a refusal is only noted."""
    try:
        await messenger.set_commands(bot, _menu(app, bot))
        await messenger.set_descriptions(bot, _descriptions(app, bot))
        # Telegram keeps one text for all languages.
        words = app.get(i18n.Texts).text("channels-app", bot.default_locale, bot.overrides)
        await messenger.set_menu_button(bot, words)
    except SlowDown:
        raise
    except AppError as error:
        logger.warning("bot_not_introduced", bot_id=str(bot.id), code=error.code, reason=error.message)


def _descriptions(app: App, bot: BotProfile) -> dict[str, tuple[str, str]]:
    texts = app.get(i18n.Texts)

    def described(locale: str) -> tuple[str, str]:
        keys = ("channels-description", "channels-about")
        long, short = (texts.text(key, locale, bot.overrides) for key in keys)
        return long, short

    return {"": described(bot.default_locale)} | {locale: described(locale) for locale in bot.locales}


async def poll_bots(app: App, stop: asyncio.Event) -> None:
    """Poll every bot that nobody else polls, each in its own task, until `stop` is set."""
    me = ids.new()
    tasks: dict[UUID, asyncio.Task[None]] = {}
    while not stop.is_set():
        try:
            async with app.get(Database).transaction() as session:
                wanted = set((await session.scalars(select(ChannelBot.id).where(*_IN_TELEGRAM))).all())
            for bot_id in wanted - tasks.keys():
                tasks[bot_id] = asyncio.create_task(_poll_bot(app, bot_id, me, stop))
        except (DBAPIError, OSError) as error:
            logger.warning("poller_lost_database", error=str(error))
        for bot_id, task in list(tasks.items()):
            if task.done():
                del tasks[bot_id]
                if not task.cancelled() and (failure := task.exception()) is not None:
                    logger.error("poller_failed", bot_id=str(bot_id), exc_info=failure)
        await _pause(stop, 2.0)
    # A long poll that is cut confirms nothing: Telegram sends those updates again.
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    await app.get(Database).call(_FREE, me)


async def _poll_bot(app: App, bot_id: UUID, me: UUID, stop: asyncio.Event) -> None:
    database, messenger = app.get(Database), app.get(BotConnector)
    while not stop.is_set():
        try:
            leased = await database.call(_LEASE_BOT, bot_id, me, LEASE)
            if not leased:
                await _pause(stop, 5.0)
                return
            offset = leased[0]["poll_offset"]
            bot = await app.get(Bots).profile(bot_id)
            updates = await messenger.poll(bot, offset, POLL_TIMEOUT_S)
            for payload in updates:
                with log.bound():
                    is_new = await accept_update(database, bot_id, payload)
                metrics.updates_received.labels("polling", "new" if is_new else "repeated").inc()
                # Not the highest so far: after a quiet week Telegram goes on with any number, a lower one too.
                offset = payload["update_id"] + 1
            if updates:
                # Stored before the next poll confirms them to Telegram.
                await database.call(_SAVE_OFFSET, bot_id, me, offset)
        except SlowDown as error:
            await _pause(stop, float(error.facts["retry_after_s"]))
        except AppError as error:
            if error.kind is Kind.NOT_FOUND:
                return
            logger.warning("poll_failed", bot_id=str(bot_id), code=error.code)
            await _pause(stop, 3.0)
        except (DBAPIError, OSError) as error:
            logger.warning("poller_lost_database", error=str(error))
            await _pause(stop, 1.0)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return
