"""The Telegram channel: every bot of the installation over one connection pool. Fulfils `channels.Messenger` and
`channels.BotConnector`."""

import re
from typing import Any

from kassa.core.channels import (
    BotProfile,
    CustomerApp,
    Fetched,
    Format,
    Incoming,
    Media,
    NotSent,
    Outgoing,
    SlowDown,
)
from kassa.core.files import Storage
from kassa.kit.errors import Invalid, LimitReached, NotFound, Unavailable

from . import render
from .client import TOKEN_SHAPE, BotApi, NotEditable, NotModified
from .limiter import SendLimiter
from .mini_app import NO_APP, MiniApp
from .parse import parse

ALLOWED_UPDATES = [
    "message", "callback_query", "my_chat_member", "chat_member", "chat_join_request", "pre_checkout_query",
    "stopped_message_generation", "subscription", "purchased_paid_media",
]  # fmt: skip
DOWNLOAD_BYTES = 20 * 2**20
DRAFT_TAIL = 3500
"""Characters of a plain draft; a longer answer shows its end while it is written."""


class TelegramMessenger:
    """Sends, edits and polls by the Bot API 10.3, within Telegram's limits. Pictures are read from the storage."""

    draft_every_s = 1.0

    def __init__(
        self, base_url: str, limiter: SendLimiter, storage: Storage | None = None, app: CustomerApp = NO_APP, *,
        timeout_s: float = 20.0,
    ) -> None:  # fmt: skip
        self._api = BotApi(base_url, timeout_s=timeout_s)
        self._limiter = limiter
        self._mini_app = MiniApp(self._api, app)
        self._storage = storage

    def parse(self, bot: BotProfile, payload: dict[str, Any]) -> Incoming:
        """An update in our words."""
        return parse(bot, payload)

    def split(self, text: str, message: Outgoing) -> list[Outgoing]:
        """A text of any length as messages that fit."""
        return render.split(text, message)

    async def send(self, bot: BotProfile, chat_id: int, message: Outgoing, delivery: int | None = None) -> int | None:
        """Send a message or change one; a message that can no longer be changed is sent anew."""
        await self._limiter.acquire(bot.telegram_id, chat_id)
        picture = await self._picture(message)
        markup = await self._mini_app.keyboard(bot, chat_id, message.buttons)
        if picture:
            return await self._send_picture(bot, chat_id, message, picture, markup)
        content = _content(message, markup)
        try:
            if message.edit_message_id is not None:
                try:
                    await self._api.call(
                        bot.token, "editMessageText", chat_id=chat_id, message_id=message.edit_message_id, **content
                    )
                except NotModified:
                    pass
                except NotEditable:
                    return await self._send(bot, chat_id, message, content)
                return message.edit_message_id
            return await self._send(bot, chat_id, message, content)
        except SlowDown as error:
            self._limiter.pause(bot.telegram_id, chat_id, float(error.facts["retry_after_s"]))
            raise

    async def draft(self, bot: BotProfile, chat_id: int, draft_id: int, text: str, *, rich: bool) -> None:
        """Show a part of an answer; silently skipped when messages need the bot's time."""
        if not self._limiter.may_draft(bot.telegram_id, chat_id):
            return
        common = {"chat_id": chat_id, "draft_id": draft_id, "can_stop": True, "keep_on_stop": True}
        try:
            if rich and text:
                await self._api.call(bot.token, "sendRichMessageDraft", rich_message=render.rich(text), **common)
            else:
                plain, entities = render.text_and_entities(text[-DRAFT_TAIL:], Format.MARKDOWN)
                await self._api.call(bot.token, "sendMessageDraft", text=plain, entities=entities or None, **common)
        except SlowDown as error:
            self._limiter.pause(bot.telegram_id, chat_id, float(error.facts["retry_after_s"]))
            raise

    async def fetch(self, bot: BotProfile, media: Media) -> Fetched:
        """A file that a person sent: bots get at most 20 MB."""
        try:
            found = await self._api.call(bot.token, "getFile", file_id=media.file_ref)
        except NotSent as error:
            if "too big" not in error.message.lower():
                raise Unavailable("channels.telegram_unavailable", f"Telegram: {error.message[:200]}") from error
            raise LimitReached("files.too_large", "The file is too large", limit_bytes=DOWNLOAD_BYTES) from error
        path = str((found or {}).get("file_path") or "")
        if not path:
            raise Unavailable("channels.telegram_unavailable", "Telegram names no path of the file")
        data = await self._api.download(bot.token, path, DOWNLOAD_BYTES)
        return Fetched(media.name or path.rpartition("/")[2], data)

    async def typing(self, bot: BotProfile, chat_id: int) -> None:
        """Show "typing…" for a few seconds."""
        await self._api.call(bot.token, "sendChatAction", chat_id=chat_id, action="typing")

    async def answer_press(self, bot: BotProfile, chat_id: int, press_id: str, text: str) -> None:
        """Stop the button's spinner; Telegram shows at most 200 characters."""
        await self._api.call(bot.token, "answerCallbackQuery", callback_query_id=press_id, text=text[:200] or None)

    async def describe(self, token: str) -> tuple[int, str, str]:
        """The bot's id, username and name. Raises Invalid `channels.token_refused`."""
        if not re.fullmatch(TOKEN_SHAPE, token):
            raise Invalid("channels.token_refused", "This does not look like a bot's token")
        me = await self._api.call(token, "getMe")
        try:
            return int(me["id"]), str(me.get("username") or ""), str(me["first_name"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("channels.telegram_unavailable", "Telegram's answer is not understood") from error

    async def set_webhook(self, bot: BotProfile, url: str, secret: str) -> None:
        """Ask for updates at an address, with the secret in a header."""
        await self._api.call(
            bot.token, "setWebhook", url=url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
        )

    async def delete_webhook(self, bot: BotProfile) -> None:
        """Ask for no webhook; pending updates are kept."""
        await self._api.call(bot.token, "deleteWebhook", drop_pending_updates=False)

    async def poll(self, bot: BotProfile, offset: int, timeout_s: int) -> list[dict[str, Any]]:
        """New updates, exactly as Telegram sent them."""
        updates = await self._api.call(
            bot.token, "getUpdates", timeout_s=timeout_s + 10, offset=offset or None, timeout=timeout_s,
            allowed_updates=ALLOWED_UPDATES,
        )  # fmt: skip
        return [update for update in updates or [] if isinstance(update, dict)]

    async def set_commands(
        self, bot: BotProfile, commands: dict[str, list[tuple[str, str]]], chat_id: int | None = None
    ) -> None:
        """The command menu in every language, everywhere or in one chat."""
        scope = {"type": "chat", "chat_id": chat_id} if chat_id is not None else None
        for locale, described in commands.items():
            menu = [{"command": name, "description": text[:256]} for name, text in described]
            where: dict[str, Any] = {"scope": scope, "language_code": locale or None}
            if menu:
                await self._api.call(bot.token, "setMyCommands", commands=menu, **where)
            else:
                await self._api.call(bot.token, "deleteMyCommands", **where)

    async def set_descriptions(self, bot: BotProfile, descriptions: dict[str, tuple[str, str]]) -> None:
        """The text of an empty chat (up to 512 characters) and of the profile (up to 120)."""
        for locale, (long, short) in descriptions.items():
            language = locale or None
            await self._api.call(bot.token, "setMyDescription", description=long[:512], language_code=language)
            await self._api.call(
                bot.token, "setMyShortDescription", short_description=short[:120], language_code=language
            )

    async def set_menu_button(self, bot: BotProfile, text: str) -> None:
        """The button beside the input field opens the customer's app, where there is an address for it."""
        await self._mini_app.set_menu_button(bot, text)

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _picture(self, message: Outgoing) -> bytes:
        """The message's picture; empty when it has none, or when it is gone: the words are worth sending alone."""
        if not message.picture or self._storage is None:
            return b""
        try:
            return await self._storage.get(message.picture)
        except NotFound:
            return b""

    async def _send_picture(
        self, bot: BotProfile, chat_id: int, message: Outgoing, picture: bytes, markup: dict[str, Any] | None
    ) -> int:
        text, entities = render.text_and_entities(message.text, message.format)
        caption = {"caption": text, "caption_entities": entities}
        try:
            if message.edit_message_id is not None:
                media = {"type": "photo", "media": "attach://picture", **caption}
                try:
                    await self._api.upload(
                        bot.token, "editMessageMedia", {"picture": picture}, chat_id=chat_id,
                        message_id=message.edit_message_id, media=media, reply_markup=markup,
                    )  # fmt: skip
                except NotModified:
                    return message.edit_message_id
                except NotEditable:
                    pass
                else:
                    return message.edit_message_id
            sent = await self._api.upload(
                bot.token, "sendPhoto", {"photo": picture}, chat_id=chat_id, reply_markup=markup, **caption
            )
            return int(sent["message_id"])
        except SlowDown as error:
            self._limiter.pause(bot.telegram_id, chat_id, float(error.facts["retry_after_s"]))
            raise

    async def _send(self, bot: BotProfile, chat_id: int, message: Outgoing, content: dict[str, Any]) -> int:
        method = "sendRichMessage" if message.format is Format.RICH else "sendMessage"
        reply = None
        if message.reply_to:
            reply = {"message_id": message.reply_to, "allow_sending_without_reply": True}
        sent = await self._api.call(bot.token, method, chat_id=chat_id, reply_parameters=reply, **content)
        return int(sent["message_id"])


def _content(message: Outgoing, markup: dict[str, Any] | None) -> dict[str, Any]:
    """A message's text and buttons as parameters of sending and editing alike."""
    if message.format is Format.RICH:
        return {"rich_message": render.rich(message.text), "reply_markup": markup}
    text, entities = render.text_and_entities(message.text, message.format)
    return {"text": text, "entities": entities or None, "reply_markup": markup}
