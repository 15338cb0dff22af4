"""Error notices to administrators in Telegram (OPS-1): a digest at most once a minute: a storm is one message."""

import asyncio
import logging
from collections import Counter

import structlog
from sqlalchemy.exc import DBAPIError

from kassa.core import access, channels, identity
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError
from kassa.runtime.settings import Settings

logger = structlog.get_logger(__name__)

EVERY_S = 60.0
FIRST_AFTER_S = 5.0
MOST_KINDS = 10
_SILENT = ("kassa.core.channels.delivery", __name__)
"""Failing to send a notice must not cause the next one."""


class Errors(logging.Handler):
    """Counts what is logged as an error, by its event phrase."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count one error; the facts stay in the log, where a notice sends people."""
        if record.name.startswith(_SILENT):
            return
        said = record.msg.get("event", "") if isinstance(record.msg, dict) else record.getMessage()
        if len(self.seen) < 1000:
            self.seen[f"{record.name.rpartition('.')[2]}: {str(said)[:120]}"] += 1

    def take(self) -> Counter[str]:
        """What was counted since the last time."""
        seen, self.seen = self.seen, Counter()
        return seen


async def watch(app: App, stop: asyncio.Event) -> None:
    """Send what goes wrong in this process to the chats of KASSA_ALERT_CHATS until `stop` is set."""
    chats = app.get(Settings).alert_chats
    if not chats:
        return
    errors = Errors()
    logging.getLogger().addHandler(errors)
    pause_s = FIRST_AFTER_S
    try:
        while not stop.is_set():
            await _pause(stop, pause_s)
            seen = errors.take()
            pause_s = EVERY_S if seen else FIRST_AFTER_S
            if seen:
                await _send(app, chats, seen)
    finally:
        logging.getLogger().removeHandler(errors)


async def _send(app: App, chats: list[int], seen: Counter[str]) -> None:
    lines = [f"{count} × {event}" for event, count in seen.most_common(MOST_KINDS)]
    if len(seen) > MOST_KINDS:
        lines.append(f"… and {len(seen) - MOST_KINDS} more kinds")
    text = f"⚠️ Kassa: {sum(seen.values())} errors\n" + "\n".join(lines)
    try:
        async with app.get(Database).transaction() as session:
            organization = await identity.default_organization(session)
            bots = await channels.list_bots(session, access.system_actor(organization.id), channels.BotKind.TELEGRAM)
            enabled = [bot for bot in bots if bot.enabled]
            for chat_id in chats if enabled else []:
                message = channels.Outgoing(text[:4000], format=channels.Format.PLAIN)
                await channels.send_later(session, enabled[0].id, chat_id, message)
    except (AppError, OSError, DBAPIError) as error:
        logger.warning("notice_not_sent", error=repr(error))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
