"""The Telegram channel: aiogram's client, with its errors told in our words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, ReplyParameters

from kassa.core.channels import (
    BotProfile,
    ChatMigrated,
    ChatStatus,
    ChatUnreachable,
    DraftsUnsupported,
    Format,
    Incoming,
    NotSent,
    Outgoing,
    SlowDown,
)
from kassa.kit.errors import Invalid, Unavailable

from . import render
from .limiter import SendLimiter
from .parse import parse

logger = structlog.get_logger(__name__)

ALLOWED_UPDATES = [
    "message", "callback_query", "my_chat_member", "chat_member", "chat_join_request", "pre_checkout_query",
    "stopped_message_generation", "subscription", "purchased_paid_media",
]  # fmt: skip
_FORMATTING = ("parse entities", "entity", "rich message", "rich_message", "message is too long", "blocks")
_NOTHING_TO_CHANGE = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_DRAFTS = ("textdraft", "draft")


class TelegramMessenger:
    """Every bot of the installation, over one HTTP connection pool. Fulfils `channels.Messenger`."""

    def __init__(self, base_url: str, limiter: SendLimiter, *, timeout_s: float = 20.0) -> None:
        api = TelegramAPIServer(
            base=f"{base_url.rstrip('/')}/bot{{token}}/{{method}}", file=f"{base_url.rstrip('/')}/file/bot{{token}}/{{path}}"
        )
        self._session = AiohttpSession(api=api, timeout=timeout_s, limit=200)
        self._limiter = limiter
        self._bots: dict[str, Bot] = {}

    def parse(self, bot: BotProfile, payload: dict[str, Any]) -> Incoming:
        """An update in our words."""
        return parse(bot, payload)

    def split(self, text: str, message: Outgoing) -> list[Outgoing]:
        """A text of any length as messages that fit."""
        return render.split(text, message)

    async def send(self, bot: BotProfile, chat_id: int, message: Outgoing, *, urgent: bool = True) -> int | None:
        """Send a message or change one; a message that can no longer be changed is sent anew."""
        await self._limiter.acquire(bot.telegram_id, chat_id)
        async with self._told_in_our_words(bot, chat_id):
            if message.edit_message_id is not None:
                try:
                    return await self._edit(bot, chat_id, message, message.edit_message_id)
                except TelegramBadRequest as error:
                    reason = error.message.lower()
                    if _NOTHING_TO_CHANGE in reason:
                        return message.edit_message_id
                    if not any(word in reason for word in _GONE):
                        raise
            return await self._send(bot, chat_id, message)

    async def draft(self, bot: BotProfile, chat_id: int, draft_id: int, text: str, *, rich: bool) -> None:
        """Show a part of an answer; silently skipped when messages need the bot's time."""
        if not self._limiter.may_draft(bot.telegram_id, chat_id):
            return
        client = self._client(bot.token)
        async with self._told_in_our_words(bot, chat_id):
            if rich and text:
                await client.send_rich_message_draft(
                    chat_id=chat_id, draft_id=draft_id, rich_message=render.rich(text), can_stop=True, keep_on_stop=True
                )
            else:
                plain, entities = render.text_and_entities(text[-3500:], Format.MARKDOWN)
                await client.send_message_draft(
                    chat_id=chat_id, draft_id=draft_id, text=plain, entities=entities, parse_mode=None,
                    can_stop=True, keep_on_stop=True,
                )  # fmt: skip

    async def typing(self, bot: BotProfile, chat_id: int) -> None:
        """Show "typing…" for a few seconds."""
        async with self._told_in_our_words(bot, chat_id):
            await self._client(bot.token).send_chat_action(chat_id, "typing")

    async def answer_press(self, bot: BotProfile, press_id: str, text: str) -> None:
        """Stop the button's spinner; Telegram shows at most 200 characters."""
        async with self._told_in_our_words(bot, 0):
            await self._client(bot.token).answer_callback_query(press_id, text=text[:200] or None)

    async def describe(self, token: str) -> tuple[int, str, str]:
        """The bot's id, username and name. Raises Invalid `channels.token_refused`."""
        try:
            me = await self._client(token).get_me()
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise Invalid("channels.token_refused", "Telegram does not know this token") from error
        except AiogramError as error:
            raise Unavailable("channels.telegram_unavailable", "Telegram does not answer") from error
        return me.id, me.username or "", me.first_name

    async def set_webhook(self, bot: BotProfile, url: str, secret: str) -> None:
        """Ask for updates at an address, with the secret in a header."""
        async with self._told_in_our_words(bot, 0):
            await self._client(bot.token).set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
            )

    async def delete_webhook(self, bot: BotProfile) -> None:
        """Ask for no webhook; pending updates are kept."""
        async with self._told_in_our_words(bot, 0):
            await self._client(bot.token).delete_webhook(drop_pending_updates=False)

    async def poll(self, bot: BotProfile, offset: int, timeout_s: int) -> list[dict[str, Any]]:
        """New updates, as raw JSON: what we store is what Telegram sent."""
        client = self._client(bot.token)
        async with self._told_in_our_words(bot, 0):
            updates = await client.get_updates(
                offset=offset or None, timeout=timeout_s, allowed_updates=ALLOWED_UPDATES,
                request_timeout=timeout_s + 10,
            )  # fmt: skip
        return [update.model_dump(mode="json", by_alias=True, exclude_none=True) for update in updates]

    async def set_commands(self, bot: BotProfile, commands: dict[str, list[tuple[str, str]]]) -> None:
        """The command menu in every language."""
        async with self._told_in_our_words(bot, 0):
            for locale, described in commands.items():
                await self._client(bot.token).set_my_commands(
                    [BotCommand(command=name, description=text[:256]) for name, text in described],
                    language_code=locale or None,
                )

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _send(self, bot: BotProfile, chat_id: int, message: Outgoing) -> int:
        client, markup = self._client(bot.token), render.keyboard(message.buttons)
        reply = (
            ReplyParameters(message_id=message.reply_to, allow_sending_without_reply=True) if message.reply_to else None
        )
        if message.format is Format.RICH:
            sent = await client.send_rich_message(
                chat_id=chat_id, rich_message=render.rich(message.text), reply_markup=markup, reply_parameters=reply
            )
        else:
            text, entities = render.text_and_entities(message.text, message.format)
            sent = await client.send_message(
                chat_id, text, entities=entities, parse_mode=None, reply_markup=markup, reply_parameters=reply
            )
        return sent.message_id

    async def _edit(self, bot: BotProfile, chat_id: int, message: Outgoing, message_id: int) -> int:
        client, markup = self._client(bot.token), render.keyboard(message.buttons)
        if message.format is Format.RICH:
            await client.edit_message_text(
                chat_id=chat_id, message_id=message_id, rich_message=render.rich(message.text), reply_markup=markup,
                text=None,
            )  # fmt: skip
        else:
            text, entities = render.text_and_entities(message.text, message.format)
            await client.edit_message_text(
                text, chat_id=chat_id, message_id=message_id, entities=entities, parse_mode=None, reply_markup=markup
            )
        return message_id

    def _client(self, token: str) -> Bot:
        client = self._bots.get(token)
        if client is None:
            try:
                client = Bot(token, session=self._session)
            except AiogramError as error:
                raise Invalid("channels.token_refused", "This does not look like a bot's token") from error
            except ValueError as error:
                raise Invalid("channels.token_refused", "This does not look like a bot's token") from error
            self._bots[token] = client
        return client

    @asynccontextmanager
    async def _told_in_our_words(self, bot: BotProfile, chat_id: int) -> AsyncIterator[None]:
        try:
            yield
        except TelegramRetryAfter as error:
            self._limiter.pause(bot.telegram_id, chat_id, error.retry_after)
            raise SlowDown(error.retry_after) from error
        except TelegramMigrateToChat as error:
            raise ChatMigrated(error.migrate_to_chat_id) from error
        except TelegramForbiddenError as error:
            gone = "deactivated" in error.message.lower()
            raise ChatUnreachable((ChatStatus.DEACTIVATED if gone else ChatStatus.BLOCKED).value) from error
        except TelegramBadRequest as error:
            reason = error.message.lower()
            if "chat not found" in reason or "peer_id_invalid" in reason:
                raise ChatUnreachable(ChatStatus.BLOCKED.value) from error
            if any(word in reason for word in _DRAFTS):
                raise DraftsUnsupported from error
            raise NotSent(error.message, formatting=any(word in reason for word in _FORMATTING)) from error
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise NotSent("Telegram refuses the bot's token") from error
        except AiogramError as error:
            # Network errors, time-outs, 5xx: it may have arrived or not.
            raise Unavailable("channels.telegram_unavailable", str(error)[:200]) from error
