"""APP-1: how the customer's app is opened from Telegram: in place, by a link, or not at all."""

from typing import Any
from uuid import UUID

import pytest

from kassa.adapters.telegram import SendLimiter, TelegramMessenger
from kassa.core.channels import BotProfile, Button, CustomerApp, Outgoing, path_of, start_param_of
from kassa.kit import ids
from tests.sandbox.telegram_stand import TOKEN, Stand, stand

Json = dict[str, Any]
BOT_ID = UUID(int=7)
BUTTONS = [[Button("Open", app="/orders/17")], [Button("Help", "help:")]]
HTTPS = CustomerApp("https://shop.example/", is_mini_app=True, oauth_url="")


async def offered(place: Stand, app: CustomerApp, *, in_group: bool = False) -> list[list[Json]]:
    """The buttons that people get under a message that leads to the app."""
    messenger = TelegramMessenger(place.api, SendLimiter(0), app=app)
    try:
        telegram_id, username, name = await messenger.describe(TOKEN)
        bot = BotProfile(BOT_ID, ids.new(), telegram_id, username, name, TOKEN, "en", ("en",), None, None, {})
        person, key = await place.started()
        chat = person
        if in_group:
            group = await place.ask("POST", "/groups", title="Team", owner=person, bots=[telegram_id])
            chat, key = group["id"], group["key"]
        await messenger.send(bot, chat, Outgoing("Here", BUTTONS))
        await messenger.set_menu_button(bot, "App")
        found = (await place.ask("GET", f"/chats/{key}/messages"))["messages"][-1]
        rows: list[list[Json]] = found["reply_markup"]["inline_keyboard"]
        return rows
    finally:
        await messenger.close()


async def menu_button(place: Stand) -> Json:
    """The button beside the input field."""
    answer: Json = (await place.call("getChatMenuButton"))["result"]
    return answer


async def test_in_a_private_chat_it_opens_in_place() -> None:
    """The page is told which bot started it: that bot's token proves who the person is."""
    async with stand() as place:
        rows = await offered(place, HTTPS)
        assert rows[0] == [{"text": "Open", "web_app": {"url": f"https://shop.example/orders/17?bot={BOT_ID}"}}]
        assert rows[1] == [{"text": "Help", "callback_data": "help:"}]
        assert await menu_button(place) == {
            "type": "web_app", "text": "App", "web_app": {"url": f"https://shop.example/?bot={BOT_ID}"},
        }  # fmt: skip


@pytest.mark.parametrize(("main_app", "query"), [("https://shop.example/", "startapp="), ("", "start=app_")])
async def test_in_a_group_it_is_a_link(main_app: str, query: str) -> None:
    """Telegram takes no buttons with apps in groups: the link starts the main app, or the bot that offers it."""
    async with stand() as place:
        await place.call("getMe")
        await place.ask("PATCH", f"/bots/{TOKEN.partition(':')[0]}", main_app=main_app)
        rows = await offered(place, HTTPS, in_group=True)
        username = (await place.call("getMe"))["result"]["username"]
        assert rows[0] == [{"text": "Open", "url": f"https://t.me/{username}?{query}orders_17"}]


async def test_without_https_it_is_an_ordinary_link() -> None:
    async with stand() as place:
        rows = await offered(place, CustomerApp("http://shop.example", is_mini_app=False, oauth_url=""))
        assert rows[0] == [{"text": "Open", "url": "http://shop.example/orders/17"}]
        assert (await menu_button(place))["type"] == "commands"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost:8000", "http://kassa:8000", ""])
async def test_an_address_that_nobody_reaches_is_left_out(address: str) -> None:
    """Telegram refuses such links, and with them the whole message."""
    async with stand() as place:
        rows = await offered(place, CustomerApp(address, is_mini_app=False, oauth_url=""))
        assert rows == [[{"text": "Help", "callback_data": "help:"}]]
        assert (await menu_button(place))["type"] == "commands"


@pytest.mark.parametrize("path", ["/", "/plans", "/orders/01a21ec9-42b3-74af-8e48-a1fac423528d"])
def test_a_page_survives_its_way_through_a_link(path: str) -> None:
    assert path_of(start_param_of(path)) == path


@pytest.mark.parametrize("path", ["plans", "/a_b", "//evil.example", "/a?b=c", "/../x", "/план"])
def test_only_pages_of_the_app_are_pages(path: str) -> None:
    with pytest.raises(ValueError, match="page of the app"):
        Button("Open", app=path)


@pytest.mark.parametrize("given", ["ref_..", "_x", "a__b", "x" + chr(10)])
def test_a_parameter_that_is_no_page_leads_nowhere(given: str) -> None:
    assert path_of(given) is None
