"""CHN-1: what every channel keeps. Both are tried over their real edge: Telegram's emulator over HTTP, the web over a
database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from kassa.adapters.telegram import SendLimiter, TelegramMessenger
from kassa.core import channels, files, identity
from kassa.core.channels import BotKind, BotProfile, Button, Command, Format, Messenger, Outgoing, Press, Stop, Text
from kassa.core.channels.web import posts
from kassa.core.channels.web.posts import PressButton, Say, StopAnswer
from kassa.kit import ids
from kassa.kit.app import App
from kassa.kit.db import Database
from tests.sandbox.telegram_stand import TOKEN, stand


@dataclass
class Channel:
    """A channel with one person in one chat: what the person sees and does."""

    messenger: Messenger
    bot: BotProfile
    chat_id: int
    seen: Callable[[], Awaitable[list[tuple[int, str]]]]
    """The bot's messages: id and words, oldest first."""
    does: Callable[[str, str | int], Awaitable[None]]
    """"say" words, "press" an action under the last message, "stop" a draft."""
    updates: Callable[[], Awaitable[list[dict[str, object]]]]


@pytest.fixture(params=["telegram", "web"])
async def channel(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Channel]:
    """Each of the channels."""
    opening = _telegram() if request.param == "telegram" else _web(database)
    async with opening as opened:
        yield opened


@asynccontextmanager
async def _telegram() -> AsyncIterator[Channel]:
    async with stand() as place:
        messenger = TelegramMessenger(place.api, SendLimiter(0))
        me = await messenger.describe(TOKEN)
        bot = BotProfile(ids.new(), ids.new(), *me, TOKEN, "en", ("en",), None, None, {})
        person, key = await place.started()
        offset = len(await messenger.poll(bot, 0, 0))

        async def seen() -> list[tuple[int, str]]:
            found = (await place.ask("GET", f"/chats/{key}/messages"))["messages"]
            return [(m["message_id"], m.get("text", "")) for m in found if m["from"]["id"] != person]

        async def does(what: str, detail: str | int) -> None:
            if what == "say":
                await place.say(key, person, str(detail))
            elif what == "press":
                last = (await seen())[-1][0]
                # The emulator waits for the answer of the press, as a phone does.
                pressing = place.ask("POST", f"/chats/{key}/press", person=person, message_id=last, data=detail)
                _background.append(asyncio.ensure_future(pressing))
                await asyncio.sleep(0.1)
            else:
                await place.ask("POST", f"/chats/{key}/stop", draft_id=detail)

        async def updates() -> list[dict[str, object]]:
            return (await messenger.poll(bot, 0, 0))[offset:]

        _background: list[asyncio.Future[object]] = []
        try:
            yield Channel(messenger, bot, person, seen, does, updates)
        finally:
            await asyncio.gather(*_background, return_exceptions=True)
            await messenger.close()


@asynccontextmanager
async def _web(database: Database) -> AsyncIterator[Channel]:
    async with database.transaction() as session:
        organization = await identity.default_organization(session)
    site = await channels.site_of(database, organization.id, ["en"])
    bot = BotProfile(site, organization.id, 0, "", "Site", "", "en", ("en",), None, None, {}, BotKind.SITE)
    chat_id, customer_id = channels.web_chat_of(1001), ids.new()
    app = App()
    app.put(Database, database)
    app.put(files.Links, files.Links(("a key",)))

    async def seen() -> list[tuple[int, str]]:
        async with database.transaction() as session:
            rows = await session.execute(
                text("select id, text from channel_web_message where author = 'bot' order by id")
            )
        return [(row.id, row.text) for row in rows]

    async def does(what: str, detail: str | int) -> None:
        post: posts.Post
        if what == "say":
            post = Say(text=str(detail))
        elif what == "press":
            post = PressButton(action=str(detail), message_id=(await seen())[-1][0])
        else:
            post = StopAnswer(draft_id=int(detail))
        await posts.accept(app, bot, chat_id, customer_id, ids.new().hex, post)

    async def updates() -> list[dict[str, object]]:
        async with database.transaction() as session:
            return list(await session.scalars(text("select payload from channel_update order by update_id")))

    yield Channel(channels.WebMessenger(database), bot, chat_id, seen, does, updates)


async def test_a_message_is_sent_and_changed_in_place(channel: Channel) -> None:
    """CHN-1: sending answers the message's id; with that id it is changed, and stays where it is."""
    first = await channel.messenger.send(channel.bot, channel.chat_id, Outgoing("One", format=Format.PLAIN))
    second = await channel.messenger.send(channel.bot, channel.chat_id, Outgoing("Two", format=Format.PLAIN))
    assert first is not None
    assert second is not None
    assert second > first
    changed = Outgoing("Changed", [[Button("Go", "go:")]], Format.PLAIN, edit_message_id=first)
    assert await channel.messenger.send(channel.bot, channel.chat_id, changed) == first
    assert await channel.messenger.send(channel.bot, channel.chat_id, changed) == first
    assert await channel.seen() == [(first, "Changed"), (second, "Two")]


async def test_a_button_to_the_customers_app_never_costs_the_message(channel: Channel) -> None:
    """CHN-1, APP-1: each channel opens the app in its own way, and sends the words where it cannot."""
    message = Outgoing("Paid", [[Button("Order", app="/orders/17")], [Button("Go", "go:")]], Format.PLAIN)
    assert Outgoing.from_json(message.to_json()) == message
    sent = await channel.messenger.send(channel.bot, channel.chat_id, message)
    assert await channel.seen() == [(sent, "Paid")]


async def test_on_the_web_a_page_of_the_app_is_a_link(database: Database) -> None:
    """CHN-4, APP-1: an address that a page of any site can follow."""
    async with database.transaction() as session:
        organization = await identity.default_organization(session)
    site = await channels.site_of(database, organization.id, ["en"])
    bot = BotProfile(site, organization.id, 0, "", "Site", "", "en", ("en",), None, None, {}, BotKind.SITE)
    messenger = channels.WebMessenger(database, "https://shop.example/")
    await messenger.send(bot, channels.web_chat_of(1001), Outgoing("Paid", [[Button("Order", app="/orders/17")]]))
    async with database.transaction() as session:
        found = (await session.scalars(text("select buttons from channel_web_message"))).one()
    [[button]] = found
    assert (button["text"], button["url"], button["action"]) == ("Order", "https://shop.example/orders/17", "")


async def test_what_can_no_longer_be_changed_is_sent_anew(channel: Channel) -> None:
    """CHN-1, CHN-3: an answer never vanishes because its placeholder is gone."""
    sent = await channel.messenger.send(
        channel.bot, channel.chat_id, Outgoing("Answer", format=Format.PLAIN, edit_message_id=987_654)
    )
    assert [(sent, "Answer")] == await channel.seen()


@pytest.mark.parametrize("length", [10, 5000, 70_000])
async def test_a_text_of_any_length_is_split_and_nothing_is_lost(channel: Channel, length: int) -> None:
    """CHN-1, CHN-3: every word is in one of the parts, buttons stand under the last, an edit is of the first."""
    words = " ".join(f"word{number}" for number in range(length // 8))
    message = Outgoing(words, [[Button("Go", "go:")]], Format.PLAIN, edit_message_id=5)
    parts = channel.messenger.split(words, message)
    assert " ".join(part.text for part in parts).split() == words.split()
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert [part.edit_message_id for part in parts] == [5] + [None] * (len(parts) - 1)


async def test_a_draft_is_shown_and_its_stop_comes_back(channel: Channel) -> None:
    """CHN-3: drafts are shown with a way to stop them; the stop names the draft."""
    assert channel.messenger.draft_every_s > 0
    await channel.messenger.typing(channel.bot, channel.chat_id)
    await channel.messenger.draft(channel.bot, channel.chat_id, 77, "So far", rich=False)
    await channel.does("stop", 77)
    (update,) = await channel.updates()
    assert channel.messenger.parse(channel.bot, update).event == Stop(77)


async def test_words_commands_and_presses_are_understood(channel: Channel) -> None:
    """CHN-1: what a person does means the same in every channel."""
    sent = await channel.messenger.send(channel.bot, channel.chat_id, Outgoing("Menu", [[Button("Go", "go:now")]]))
    for words in ("Hello there", "/buy now", "/Start"):
        await channel.does("say", words)
    await channel.does("press", "go:now")
    understood = [channel.messenger.parse(channel.bot, update) for update in await channel.updates()]
    assert {incoming.chat_id for incoming in understood} == {channel.chat_id}
    assert all(incoming.person is not None or incoming.customer_id is not None for incoming in understood)
    numbers = [incoming.update_id for incoming in understood]
    assert numbers == sorted(set(numbers))
    said, buy, start, press = (incoming.event for incoming in understood)
    assert isinstance(said, Text)
    assert said.text == "Hello there"
    assert (buy, start) == (Command("buy", "now"), Command("start", ""))
    assert isinstance(press, Press)
    assert (press.action, press.message_id) == ("go:now", sent)
    await channel.messenger.answer_press(channel.bot, channel.chat_id, press.press_id, "Done")


async def test_a_page_gets_a_delivery_once(database: Database) -> None:
    """CHN-4: who delivers a stored message again, after a crash, changes nothing: the web doubles no message."""
    async with _web(database) as web:
        for _ in range(3):
            await web.messenger.send(web.bot, web.chat_id, Outgoing("Once"), delivery=41)
        assert [words for _, words in await web.seen()] == ["Once"]
