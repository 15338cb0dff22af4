"""Pictures in Telegram: sent with words and buttons, changed in place, and never in the way of the words."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kassa.adapters.storage import open_storage
from kassa.adapters.telegram import SendLimiter, TelegramMessenger
from kassa.core.channels import BotProfile, Button, Outgoing
from kassa.kit import ids
from tests.sandbox.telegram_stand import TOKEN, stand

Json = dict[str, Any]


class Chat:
    """One person's chat with a bot that has two pictures."""

    def __init__(self, messenger: TelegramMessenger, bot: BotProfile, person: int, place: Any, key: str) -> None:
        self.messenger, self.bot, self.person = messenger, bot, person
        self._place, self._key = place, key

    async def send(self, message: Outgoing) -> int | None:
        """Send or edit."""
        return await self.messenger.send(self.bot, self.person, message)

    async def seen(self) -> list[Json]:
        """What the person sees of the bot."""
        found = (await self._place.ask("GET", f"/chats/{self._key}/messages"))["messages"]
        return [message for message in found if message["from"]["id"] != self.person]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """The chat, over HTTP."""
    storage = open_storage("", tmp_path)
    for name, width in (("small", 40), ("wide", 80)):
        out = io.BytesIO()
        Image.new("RGB", (width, 30), "#0f6a50").save(out, "PNG")
        await storage.put(f"images/{name}.png", out.getvalue())
    async with stand() as place:
        messenger = TelegramMessenger(place.api, SendLimiter(0), storage)
        me = await messenger.describe(TOKEN)
        bot = BotProfile(ids.new(), ids.new(), *me, TOKEN, "en", ("en",), None, None, {})
        person, key = await place.started()
        yield Chat(messenger, bot, person, place, key)
        await messenger.close()


async def test_a_picture_has_words_and_buttons_and_is_changed_in_place(chat: Chat) -> None:
    """CHN-1: the words are its caption; another picture takes its place, and the same once more is no error."""
    sent = await chat.send(Outgoing("**Week**", [[Button("Month", "stats:30")]], picture="images/small.png"))
    (shown,) = await chat.seen()
    assert (shown["photo"][-1]["width"], shown["caption"]) == (40, "Week")
    assert shown["caption_entities"][0]["type"] == "bold"
    assert shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "stats:30"
    wide = Outgoing("Month", picture="images/wide.png", edit_message_id=sent)
    assert await chat.send(wide) == sent
    (shown,) = await chat.seen()
    assert (shown["photo"][-1]["width"], shown["caption"], shown["message_id"]) == (80, "Month", sent)


async def test_words_after_a_picture_are_a_message_of_their_own(chat: Chat) -> None:
    """CHN-1: a picture cannot become a text, so the text is sent anew."""
    sent = await chat.send(Outgoing("Week", picture="images/small.png"))
    text = await chat.send(Outgoing("Menu", edit_message_id=sent))
    assert text != sent
    assert [message.get("text") for message in await chat.seen()] == [None, "Menu"]


async def test_a_picture_that_is_gone_does_not_keep_its_words(chat: Chat) -> None:
    """CHN-1: the storage has forgotten it, and the words are worth sending alone."""
    await chat.send(Outgoing("Week", picture="images/gone.png"))
    assert [message["text"] for message in await chat.seen()] == ["Week"]


async def test_a_chat_has_commands_of_its_own(chat: Chat) -> None:
    """CHN-2: they are in that chat's menu only, and an empty list gives it the common one back."""
    await chat.messenger.set_commands(chat.bot, {"": [("help", "Help")]})
    await chat.messenger.set_commands(chat.bot, {"": [("help", "Help"), ("admin", "Staff")]}, chat.person)
    scope = {"type": "chat", "chat_id": chat.person}
    common = await chat._place.call("getMyCommands", TOKEN)
    assert [item["command"] for item in common["result"]] == ["help"]
    own = await chat._place.call("getMyCommands", TOKEN, scope=scope)
    assert [item["command"] for item in own["result"]] == ["help", "admin"]
    await chat.messenger.set_commands(chat.bot, {"": []}, chat.person)
    assert (await chat._place.call("getMyCommands", TOKEN, scope=scope))["result"] == []
