"""Files that people send in a chat, taken in before anybody answers: from here on every channel's are alike."""

import asyncio
import dataclasses

import structlog

from kassa.core import files
from kassa.core.policies import Policies
from kassa.kit.app import App
from kassa.kit.errors import Conflict, Unavailable

from .admission import subject_of
from .conversation import Turn
from .ports import Messengers
from .types import Fetched, Media

logger = structlog.get_logger(__name__)

FETCHED = ("photo", "document")
ATTEMPTS = 2
PAUSE_S = 1.0


async def take_in(turn: Turn) -> None:
    """Fetch what the channel has of a message's file, and keep it as the customer's own. No transaction is open yet.

    Raises what `files.accept` raises; LimitReached and Denied `policies.*`; Conflict `channels.file_not_fetched`.
    """
    event = turn.incoming.event
    if not isinstance(event, Media) or not event.file_ref or event.kind not in FETCHED or not turn.is_private:
        return
    fetched = await _fetch(turn, event)
    subject = dataclasses.replace(subject_of(turn.bot, turn.customer.id, turn.chat_id), size=len(fetched.data))
    engine = turn.app.get(Policies)
    await engine.require("file.upload", subject)
    await engine.check_text(turn.bot.organization_id, fetched.name)
    kept = await _keep(turn.app, turn, fetched)
    event = dataclasses.replace(event, file_ref="", file_ids=(kept.id,))
    turn.incoming = dataclasses.replace(turn.incoming, event=event)


async def _fetch(turn: Turn, event: Media) -> Fetched:
    messenger = turn.app.get(Messengers).of(turn.chat_id)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await messenger.fetch(turn.bot, event)
        except Unavailable as error:
            logger.warning("file_not_fetched", attempt=attempt, code=error.code)
            if attempt < ATTEMPTS:
                await asyncio.sleep(PAUSE_S)
    # Nothing was done yet: whoever sent it can send it again, which is better than to wait in silence.
    raise Conflict("channels.file_not_fetched", "The channel does not give the file")


async def _keep(app: App, turn: Turn, fetched: Fetched) -> files.FileInfo:
    # What a chat's program calls the type is a guess by the name: the bytes decide.
    return await files.accept(app, turn.actor, fetched.name, "", fetched.data, files.Purpose.ATTACHMENT)
