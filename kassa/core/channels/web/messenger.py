"""The web's Messenger: what a bot says becomes a row and an event; what it is just writing passes by."""

import dataclasses
from typing import Any
from uuid import UUID

import orjson

from kassa.kit.db import Database
from kassa.kit.errors import NotFound

from kassa.core.channels.types import (
    BotProfile,
    ChatKind,
    Command,
    Event,
    Fetched,
    Incoming,
    Media,
    Other,
    Outgoing,
    Press,
    Stop,
    Text,
)
from . import chats

_SEND = "select channel_web_send($1, $2, $3, $4, $5, $6, $7::jsonb) as id"


class WebMessenger:
    """Fulfils `channels.Messenger` for chats on the web. Text is delivered as Markdown; pages render it."""

    draft_every_s = 0.4

    def __init__(self, database: Database, app_url: str = "") -> None:
        self._database = database
        self._app_url = app_url.rstrip("/")

    def parse(self, bot: BotProfile, payload: dict[str, Any]) -> Incoming:
        """What `posts.accept` stored, in our words."""
        return Incoming(
            payload["update_id"], payload["chat_id"], ChatKind.PRIVATE, None, _event(payload),
            customer_id=UUID(payload["customer_id"]),
        )  # fmt: skip

    def split(self, text: str, message: Outgoing) -> list[Outgoing]:
        """One message: a page shows a text of any length."""
        return [dataclasses.replace(message, text=text)]

    async def send(self, bot: BotProfile, chat_id: int, message: Outgoing, delivery: int | None = None) -> int | None:
        """Write a message, or change one; a second delivery of the same changes nothing."""
        rows = await self._database.call(
            _SEND, bot.organization_id, bot.id, chat_id, chats.stream_of(bot.id, chat_id), delivery,
            message.edit_message_id, orjson.dumps(self._with_links(message).to_json()).decode(),
        )  # fmt: skip
        return int(rows[0]["id"])

    def _with_links(self, message: Outgoing) -> Outgoing:
        """A page of the customer's app is an ordinary link here."""
        rows = [
            [dataclasses.replace(b, url=self._app_url + b.app, app="") if b.app else b for b in row]
            for row in message.buttons
        ]
        return dataclasses.replace(message, buttons=rows)

    async def draft(self, bot: BotProfile, chat_id: int, draft_id: int, text: str, *, rich: bool) -> None:
        """Show a part of an answer. The message that follows takes its place."""
        await chats.tell(self._database, bot.id, chat_id, "draft", draft_id=draft_id, text=text)

    async def fetch(self, bot: BotProfile, media: Media) -> Fetched:
        """Nothing to fetch: a page uploads its files to us before it names them."""
        raise NotFound("files.not_found", "No such file")

    async def typing(self, bot: BotProfile, chat_id: int) -> None:
        """Show that an answer is on its way."""
        await chats.tell(self._database, bot.id, chat_id, "typing")

    async def answer_press(self, bot: BotProfile, chat_id: int, press_id: str, text: str) -> None:
        """A short note over the chat; without a text there is nothing to show."""
        if text:
            await chats.tell(self._database, bot.id, chat_id, "toast", press_id=press_id, text=text)


def _event(payload: dict[str, Any]) -> Event:
    body = payload["web"]
    match body["kind"]:
        case "message":
            text = str(body["text"])
            if body.get("attachments"):
                ids = tuple(UUID(found) for found in body["attachments"])
                return Media("files", "", text, payload["message_id"], file_ids=ids)
            if text.startswith("/"):
                name, _, argument = text[1:].partition(" ")
                return Command(name.lower(), argument.strip())
            return Text(text, payload["message_id"])
        case "press":
            return Press(body["action"], f"web-{payload['update_id']}", body.get("message_id"))
        case "stop":
            return Stop(body["draft_id"])
        case other:
            return Other(str(other))
