"""What a page sends: checked, stored once, handled in its turn."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from kassa.core import access, files
from kassa.core.access import Actor
from kassa.kit import ids, log, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Invalid

from kassa.core.channels.types import BotProfile
from . import attachments, chats

MAX_TEXT = 40_000
MAX_FILES = 10
_ACCEPT = "select * from channel_web_accept($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9::jsonb, $10::jsonb, $11, $12::jsonb)"
_IS_KNOWN = "select 1 from channel_update where bot_id = $1 and chat_id = $2 and client_id = $3"

ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
"""The page's own id of what it sends; a repeat does nothing twice."""
RowId = Annotated[int, Field(ge=1, lt=1 << 53)]


class Say(BaseModel):
    """A message; one that begins with / is a command. With files of one's own it needs no words."""

    kind: Literal["message"] = "message"
    text: str = Field("", max_length=MAX_TEXT)
    attachments: list[UUID] = Field([], max_length=MAX_FILES, description="Ids of uploaded files")
    reply_to: RowId | None = None


class PressButton(BaseModel):
    """A pressed button: its action, and the message it stands under (none for the menu)."""

    kind: Literal["press"] = "press"
    action: str = Field(min_length=1, max_length=200)
    message_id: RowId | None = None


class StopAnswer(BaseModel):
    """No more of an answer that is being written."""

    kind: Literal["stop"] = "stop"
    draft_id: RowId


Post = Say | PressButton | StopAnswer
_POST: TypeAdapter[Post] = TypeAdapter(Annotated[Post, Field(discriminator="kind")])


async def accept(
    app: App, bot: BotProfile, chat_id: int, customer_id: UUID, client_id: str, post: Post
) -> tuple[bool, int, dict[str, Any] | None]:
    """Store what the page sent and enqueue its handling, in one statement.

    The answer: whether it is new, its number, and the message as it was stored (None for a press or a stop). Raises
    Invalid `channels.text_empty`, NotFound `files.not_found`, Conflict `files.not_ready`, `files.infected`.
    """
    database, text, reply_to = app.get(Database), None, None
    attached: list[files.FileInfo] = []
    body = post.model_dump()
    if isinstance(post, Say):
        text, reply_to = post.text.replace("\0", ""), post.reply_to
        attached = await _attached(app, bot, chat_id, customer_id, client_id, post)
        if not text.strip() and not post.attachments:
            raise Invalid("channels.text_empty", "The message is empty")
        body["text"] = text
    elif isinstance(post, PressButton):
        body["action"] = post.action.replace("\0", "")
    payload = {"chat_id": chat_id, "customer_id": str(customer_id), "web": body}
    headers = {"correlation_id": log.correlation_id() or ids.new().hex}
    rows = await database.call(
        _ACCEPT, bot.organization_id, bot.id, chat_id, chats.stream_of(bot.id, chat_id), client_id,
        orjson.dumps(payload).decode(), text, reply_to, attachments.stored(attached),
        attachments.told(app, attached), ids.new(), orjson.dumps(headers).decode(),
    )  # fmt: skip
    row = rows[0]
    metrics.updates_received.labels("web", "new" if row["is_new"] else "repeated").inc()
    message = attachments.freshen(app, orjson.loads(row["message"])) if row["message"] else None
    return row["is_new"], row["update_id"], message


async def _attached(
    app: App, bot: BotProfile, chat_id: int, customer_id: UUID, client_id: str, post: Say
) -> list[files.FileInfo]:
    if not post.attachments:
        return []
    actor = access.customer_actor(bot.organization_id, customer_id)
    wanted = list(dict.fromkeys(post.attachments))
    try:
        async with app.get(Database).transaction() as session:
            return await files.require_ready(session, actor, wanted)
    except AppError:
        if await app.get(Database).call(_IS_KNOWN, bot.id, chat_id, client_id):
            return []  # a repeat: it is answered as the first time, whatever became of the files since
        raise


async def accept_frame(app: App, actor: Actor, found: str, client_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """What came over the WebSocket of somebody who follows the chat; the same as over REST."""
    try:
        post = _POST.validate_python(body)
    except ValidationError as error:
        raise Invalid("request.invalid", str(error.errors()[0]["msg"])) from error
    bot, chat_id = await chats.chat_of_stream(app, found)
    _, number, message = await accept(app, bot, chat_id, actor.id, client_id, post)
    return {"message": message} if message else {"press_id": f"web-{number}"}
