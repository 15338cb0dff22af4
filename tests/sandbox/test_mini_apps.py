"""SBX-1, APP-1: Mini Apps are launched as Telegram launches them, and signed so that the product's own check agrees."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from kassa.core.identity import check_init_data, check_third_party
from tests.sandbox.telegram_stand import TOKEN, Json, Stand, stand

APP = "https://shop.example/app"
BOT = 4200000001
THEME_KEYS = {
    "bg_color", "text_color", "hint_color", "link_color", "button_color", "button_text_color", "secondary_bg_color",
    "header_bg_color", "bottom_bar_bg_color", "accent_text_color", "section_bg_color", "section_header_text_color",
    "section_separator_color", "subtitle_text_color", "destructive_text_color",
}  # fmt: skip


@pytest.fixture
async def place() -> AsyncIterator[Stand]:
    """A sandbox with a bot."""
    async with stand() as made:
        await made.call("getMe")
        yield made


def fragment(launch: Json) -> dict[str, str]:
    """What the app reads from its address."""
    return dict(parse_qsl(urlsplit(launch["url"]).fragment, keep_blank_values=True))


async def menu(place: Stand, url: str = APP, **facts: Any) -> Json:
    """Set the bot's menu button; the answer."""
    return await place.call(
        "setChatMenuButton", menu_button={"type": "web_app", "text": "App", "web_app": {"url": url}}, **facts
    )


async def test_the_menu_button_launches_with_everything_an_app_reads(place: Stand) -> None:
    """Addresses, colours, version and platform, and who the person is, signed with both keys."""
    person = await place.person("Вера", last_name="О'Нил & Ко", username="vera", language_code="ru", has_photo=True)
    assert (await menu(place))["ok"]
    launch = await place.ask("POST", "/mini-apps/launches", person=person["id"], bot=BOT, theme="dark")
    assert urlsplit(launch["url"])[:3] == ("https", "shop.example", "/app")
    params = fragment(launch)
    assert params["tgWebAppPlatform"] == "ios"
    assert tuple(map(int, params["tgWebAppVersion"].split("."))) >= (9, 0)
    theme = json.loads(params["tgWebAppThemeParams"])
    assert theme == launch["themes"]["dark"] != launch["themes"]["light"]
    assert theme.keys() == launch["themes"]["light"].keys() == THEME_KEYS
    data = params["tgWebAppData"]
    assert data == launch["init_data"]
    found = check_init_data(data, TOKEN)
    assert (found.first_name, found.last_name, found.username, found.language) == (
        "Вера", "О'Нил & Ко", "vera", "ru",
    )  # fmt: skip
    assert found.photo_url.endswith(f"/api/people/{person['id']}/photo.jpg")
    async with place.http.get(found.photo_url) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    key = bytes.fromhex((await place.ask("GET", "/mini-apps/key"))["public_key"])
    assert check_third_party(data, BOT, key).telegram_id == person["id"]
    fields = dict(parse_qsl(data))
    assert fields.keys() == {"query_id", "user", "auth_date", "signature", "hash"}


async def test_who_has_no_picture_gives_no_address_of_one(place: Stand) -> None:
    person = await place.person("Bob")
    await menu(place)
    launch = await place.ask("POST", "/mini-apps/launches", person=person["id"], bot=BOT)
    user = json.loads(dict(parse_qsl(launch["init_data"]))["user"])
    assert "photo_url" not in user
    assert user["last_name"] == ""


async def test_a_chat_may_have_a_menu_button_of_its_own(place: Stand) -> None:
    person, _ = await place.started()
    await menu(place)
    await menu(place, f"{APP}/own", chat_id=person)
    launch = await place.ask("POST", "/mini-apps/launches", person=person, bot=BOT)
    assert urlsplit(launch["url"]).path == "/app/own"


async def test_a_button_under_a_message_launches_and_nothing_else_does(place: Stand) -> None:
    """An address that no button has opens nothing: a page cannot be signed for by guessing."""
    person, key = await place.started()
    markup = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": f"{APP}?order=1#/pay"}}]]}
    sent = await place.call("sendMessage", chat_id=person, text="Pay", reply_markup=markup)
    button = {"person": person, "chat": key, "message_id": sent["result"]["message_id"]}
    launch = await place.ask("POST", "/mini-apps/launches", **button, address=f"{APP}?order=1#/pay")
    address = urlsplit(launch["url"])
    assert address.query == "order=1"
    assert address.fragment.startswith("/pay?tgWebAppData=")
    url = f"{place.url}/sandbox/api/mini-apps/launches"
    async with place.http.post(url, json={**button, "address": "https://evil.example/"}) as answer:
        assert answer.status == 400


async def test_an_app_of_the_reply_keyboard_gets_no_data_and_sends_some(place: Stand) -> None:
    """Telegram gives such apps no initData; what they send comes to the bot as a message."""
    person, key = await place.started()
    keyboard = {"keyboard": [[{"text": "Choose", "web_app": {"url": APP}}]]}
    await place.call("sendMessage", chat_id=person, text="Choose", reply_markup=keyboard)
    launch = await place.ask("POST", "/mini-apps/launches", person=person, chat=key, address=APP)
    assert "tgWebAppData" not in fragment(launch)
    await place.ask("POST", f"/mini-apps/launches/{launch['id']}/data", data="red")
    update = (await place.call("getUpdates"))["result"][-1]
    assert update["message"]["web_app_data"] == {"data": "red", "button_text": "Choose"}


@pytest.mark.parametrize(("path", "app"), [("", ""), ("/shop", "/named")])
async def test_links_start_an_app_with_a_parameter(place: Stand, path: str, app: str) -> None:
    """t.me/<bot>?startapp=x and t.me/<bot>/<app>?startapp=x; the parameter comes signed, and in the address too."""
    person = (await place.person("Anna"))["id"]
    username = (await place.call("getMe"))["result"]["username"]
    link = f"https://t.me/{username}{path}?startapp=ref_17"
    asked = await place.ask("POST", "/deep-links", person=person, url=link)
    assert asked["outcome"] == "no_app"
    assert not (await place.call("getMe"))["result"]["has_main_web_app"]
    await place.ask("PATCH", f"/bots/{BOT}", main_app=APP, apps={"shop": f"{APP}/named"})
    assert (await place.call("getMe"))["result"]["has_main_web_app"]
    assert (await place.ask("POST", "/deep-links", person=person, url=link))["outcome"] == "app"
    launch = await place.ask("POST", "/mini-apps/launches", person=person, link=link)
    address = urlsplit(launch["url"])
    assert (address.path, parse_qs(address.query)) == (f"/app{app}", {"tgWebAppStartParam": ["ref_17"]})
    check_init_data(launch["init_data"], TOKEN)
    fields = dict(parse_qsl(launch["init_data"]))
    assert (fields["start_param"], fields["chat_type"]) == ("ref_17", "sender")
    assert int(fields["chat_instance"])
    assert "query_id" not in fields


@pytest.mark.parametrize("url", ["http://shop.example/", "ftp://shop.example/", "https://"])
async def test_addresses_that_telegram_refuses_are_refused(place: Stand, url: str) -> None:
    """Only https; http on this machine is the sandbox's own exception."""
    person, _ = await place.started()
    assert not (await menu(place, url))["ok"]
    markup = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": url}}]]}
    assert not (await place.call("sendMessage", chat_id=person, text="x", reply_markup=markup))["ok"]
    assert (await menu(place, "http://127.0.0.1:8000/"))["ok"]


async def test_buttons_with_an_app_are_for_private_chats(place: Stand) -> None:
    person = (await place.person("Anna"))["id"]
    group = await place.ask("POST", "/groups", title="Team", owner=person, bots=[BOT])
    markup = {"inline_keyboard": [[{"text": "Open", "web_app": {"url": APP}}]]}
    refused = await place.call("sendMessage", chat_id=group["id"], text="x", reply_markup=markup)
    assert refused["description"] == "Bad Request: BUTTON_TYPE_INVALID"


async def test_the_cloud_keeps_within_its_limits(place: Stand) -> None:
    """CloudStorage: per bot and person, keys and values as long as documented."""
    await menu(place)
    launches = []
    for name in ("Anna", "Bob"):
        person = (await place.person(name))["id"]
        launches.append((await place.ask("POST", "/mini-apps/launches", person=person, bot=BOT))["id"])

    async def invoke(launch: str, method: str, **params: Any) -> Json:
        found: Json = await place.ask(
            "POST", f"/mini-apps/launches/{launch}/custom-methods", method=method, params=params
        )
        return found

    anna, bob = launches
    assert await invoke(anna, "saveStorageValue", key="draft", value="x" * 4096) == {"result": True}
    assert await invoke(anna, "saveStorageValue", key="draft", value="x" * 4097) == {"error": "VALUE_INVALID"}
    assert await invoke(anna, "saveStorageValue", key="a b", value="") == {"error": "KEY_INVALID"}
    assert await invoke(anna, "getStorageValues", keys=["draft", "none"]) == {
        "result": {"draft": "x" * 4096, "none": ""}
    }
    assert await invoke(bob, "getStorageKeys") == {"result": []}
    owner = place.sandbox.emulator.launches[bob]
    full = {f"k{number}": "" for number in range(1024)}
    place.sandbox.store.put("telegram_cloud", f"{owner.bot}:{owner.person}", full)
    assert await invoke(bob, "saveStorageValue", key="k1", value="again") == {"result": True}
    assert await invoke(bob, "saveStorageValue", key="one-more", value="") == {"error": "QUOTA_EXCEEDED"}
    assert await invoke(anna, "deleteStorageValues", keys="draft") == {"result": True}
    assert await invoke(anna, "getStorageKeys") == {"result": []}
    assert await invoke(anna, "inventedMethod") == {"error": "METHOD_INVALID"}


async def test_leave_to_write_opens_the_chat(place: Stand) -> None:
    """Before it the bot cannot write first, and the app is told that it may not."""
    await menu(place)
    await place.ask("PATCH", f"/bots/{BOT}", main_app=APP)
    person = (await place.person("Anna"))["id"]
    username = (await place.call("getMe"))["result"]["username"]
    launch = await place.ask("POST", "/mini-apps/launches", person=person, link=f"t.me/{username}?startapp")
    assert "allows_write_to_pm" not in json.loads(dict(parse_qsl(launch["init_data"]))["user"])
    assert not (await place.call("sendMessage", chat_id=person, text="Hello"))["ok"]
    await place.ask("POST", f"/mini-apps/launches/{launch['id']}/write-access")
    assert (await place.call("sendMessage", chat_id=person, text="Hello"))["ok"]
    [update] = (await place.call("getUpdates"))["result"]
    assert update["message"]["write_access_allowed"] == {"from_request": True}
