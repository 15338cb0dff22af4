"""The web as a channel: what is sold in Telegram is sold to a visitor of a page, by the same code and steps."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import text_of
from tests.flows.steps import (
    answers,
    ask,
    at_shop,
    buy,
    choose,
    eventually,
    has_button,
    order,
    press,
    ref_of,
    tokens,
)
from tests.flows.web_page import Page, next_frame, visit

Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visitor(http: aiohttp.ClientSession) -> AsyncIterator[Visit]:
    """Opens pages, and closes them when the test is over."""
    opened: list[Page] = []

    async def open_page(place: Installation, language: str = "ru") -> Page:
        opened.append(await visit(http, place.base, language))
        return opened[-1]

    yield open_page
    for page in opened:
        await page.close()


async def test_menu_buy_ask_and_stop_on_a_page(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-1, CHN-4, AI-3: a visitor without Telegram and without an account: menu, plans, payment, an answer that is
    written before their eyes, and one that they stop; the same words and charges as in Telegram."""
    page = await visitor(checked)
    await page.say("/menu")
    menu = await page.wait("Меню")
    await press(page, menu, "balance:")
    await page.wait("На балансе")
    assert menu["message_id"] == (await page.wait("На балансе"))["message_id"], "a pressed button changes its message"
    paid = await buy(page)
    assert "150" in text_of(paid)
    assert await tokens(checked, page, http) == (150_000, 0)
    await choose(page)
    await eventually(lambda: _toasts(page), ["Теперь отвечает ChatGPT 4 Omni"])

    await page.fault("openai", "slow", times=1, match="gpt-4o", chunk_delay_s=0.12)
    answer = await ask(page, "Сравни чай и кофе на странице")
    assert len(page.drafts) >= 2, "the answer was shown while it was written"
    assert text_of(answer).startswith(page.drafts[-1]["text"].replace("*", "")[:20])
    assert await tokens(checked, page, http) == (149_000, 0)

    await page.fault("openai", "slow", times=1, match="gpt-4o", chunk_delay_s=0.3)
    await page.say("Сколько планет у Солнца на этой странице?")
    async with asyncio.timeout(30):
        while (draft := await page.draft()) is None or not draft["text"]:  # noqa: ASYNC110 - told by an event
            await asyncio.sleep(0.05)
    await page.stop(draft["draft_id"])
    await page.wait("Остановлено. За")
    await eventually(lambda: tokens(checked, page, http), (148_000, 0))


async def test_the_way_back_from_paying_is_the_page(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-1: who left to pay comes back to where they were, which is not Telegram."""
    page = await visitor(checked, "en")
    url = await order(page)
    payment = await at_shop(checked, http, ref_of(url))
    assert payment["confirmation"]["return_url"] == checked.base


async def test_what_is_sent_again_is_sent_once(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-4: the page's own id makes a message, a press and a stop happen once, by REST or by the socket."""
    page = await visitor(checked)
    first = await page.api("POST", "/chat/messages", 201, text="/menu", client_id="a")
    again = await page.api("POST", "/chat/messages", 200, text="/menu", client_id="a")
    assert first == again
    menu = await page.wait("Меню")
    for _ in range(3):
        await page.api("POST", "/chat/press", 202, action="help:", message_id=menu["message_id"], client_id="b")
    await page.wait("Как это")
    async with http.ws_connect(f"{checked.base}/api/v1/ws") as socket:
        await socket.send_json({"type": "hello", "token": page.tokens["access_token"]})
        await socket.send_json({"type": "subscribe", "stream": page.stream})
        for _ in range(2):
            body = {"kind": "message", "text": "/profile"}
            await socket.send_json({"type": "post", "stream": page.stream, "id": "c", "payload": body})
        posted = [(await next_frame(socket, "posted"))["payload"]["message"]["id"] for _ in range(2)]
    assert len(set(posted)) == 1
    await page.wait("👤")
    await asyncio.sleep(0.3)
    said = [message["text"] for message in await page.messages() if message["from"]["id"] == page.person]
    assert said == ["/menu", "/profile"]
    assert len(await page.from_bot()) == 2


async def test_history_is_read_page_by_page(checked: Installation, http: aiohttp.ClientSession, visitor: Visit) -> None:
    """CHN-4: both sides of the conversation, newest first, each message once; nothing of anybody else's."""
    page, stranger = await visitor(checked), await visitor(checked)
    for number in range(5):
        await page.say(f"/nothing{number}")
    async with asyncio.timeout(30):
        while len(await page.messages()) < 10:  # noqa: ASYNC110 - told by an event
            await asyncio.sleep(0.05)
    seen, before = [], ""
    while True:
        shown = await page.api("GET", f"/chat/messages?limit=3{before}")
        assert shown["stream"] == page.stream
        seen += shown["items"]
        if shown["next_cursor"] is None:
            break
        before = f"&before={shown['next_cursor']}"
    assert [item["id"] for item in seen] == sorted(message["message_id"] for message in await page.messages())[::-1]
    assert [item["author"] for item in seen[::-1]].count("customer") == 5
    assert [item["text"] for item in seen[::-1] if item["author"] == "customer"] == [f"/nothing{n}" for n in range(5)]
    assert (await stranger.api("GET", "/chat/messages"))["items"] == []


async def test_a_stranger_reads_and_writes_nothing(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """IDN-5, CHN-4: the stream of another customer, another organization's bot, and no sign-in at all."""
    page, stranger = await visitor(checked), await visitor(checked)
    async with http.ws_connect(f"{checked.base}/api/v1/ws") as socket:
        await socket.send_json({"type": "hello", "token": stranger.tokens["access_token"]})
        assert (await socket.receive_json())["type"] == "welcome"
        bot_id = page.stream.partition(":")[2].partition(".")[0]
        for stream in (page.stream, f"chat:{bot_id}.999999", "chat:x.1", f"chat:{bot_id}.x", f"chat:{bot_id}"):
            await socket.send_json({"type": "subscribe", "stream": stream})
            assert (await socket.receive_json())["code"] == "live.stream_not_found", stream
            await socket.send_json({"type": "post", "stream": stream, "id": "1", "payload": {"text": "hi"}})
            assert (await socket.receive_json())["code"] == "live.not_subscribed"
    other = await checked.value(
        "with o as (insert into identity_organization (id, slug, name, default_locale, created_at)"
        " values (gen_random_uuid(), 'other-' || gen_random_uuid(), 'Other', 'en', now()) returning slug)"
        " select slug from o"
    )
    async with http.get(f"{checked.base}/api/v1/chat", params={"organization": other}) as answer:
        foreign = await answer.json()
    assert foreign["name"] == "Other"
    await page.api("GET", f"/chat?bot={foreign['bot_id']}", 404)
    await page.api("GET", f"/chat/messages?bot={foreign['bot_id']}", 404)
    for method, path in (("GET", "/chat/messages"), ("POST", "/chat/messages"), ("POST", "/chat/press")):
        async with http.request(method, f"{checked.base}/api/v1{path}") as answer:
            assert answer.status == 401


async def test_everybody_sees_who_they_would_talk_to(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-4: before the first word there is no account: name, greeting and menu in the browser's language."""
    async with http.get(f"{checked.base}/api/v1/chat", params={"language": "en-US"}) as answer:
        shown = await answer.json()
    assert (shown["locale"], shown["customer"], shown["stream"]) == ("en", None, None)
    assert "Hello" in shown["greeting"]
    assert {"text": "👤 Profile", "action": "profile:", "url": ""} in [
        b for row in shown["menu"] for b in row
    ] or shown["menu"]
    assert "buy" in [command["name"] for command in shown["commands"]]
    page = await visitor(checked, "ru")
    mine = await page.api("GET", "/chat")
    assert mine["customer"]["is_guest"] is True
    assert mine["locale"] == "ru"


async def test_nobody_signs_telegrams_word_for_the_site(checked: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-2, SEC-1: a site has no token, and what is signed with an empty one opens nothing."""
    async with http.get(f"{checked.base}/api/v1/chat") as answer:
        site = (await answer.json())["bot_id"]
    fields = {"auth_date": str(int(time.time())), "user": '{"id":1,"first_name":"Eve"}'}
    text = "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))
    secret = hmac.digest(b"WebAppData", b"", "sha256")
    fields["hash"] = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    body = {"init_data": urlencode(fields), "bot_id": site}
    async with http.post(f"{checked.base}/api/v1/auth/telegram", json=body) as answer:
        assert answer.status == 401


@pytest.mark.slow
async def test_two_processes_and_a_kill_in_the_middle(
    place_alone: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-4, RUN-4: the process that serves the page is killed while an answer is written; the page comes back, and has
    every message once, in order."""
    page = await visitor(place_alone)
    await page.say("/menu")
    await page.wait("Меню")
    beside = place_alone.beside("jobs", "bot")
    await buy(page)
    await choose(page)
    await page.say("/help")
    for number in range(10):
        await page.say(f"/nothing{number}")
    place_alone.processes[0].kill()
    place_alone.up()
    await page.say("/profile")
    await page.wait("👤")
    assert beside.is_alive
    found = await place_alone.rows("select id from channel_web_message order by id")
    await eventually(lambda: _ids(page), [row["id"] for row in found])
    await place_alone.until("select not exists (select 1 from channel_message where state = 'pending')")


async def _toasts(page: Page) -> list[str]:
    return page.toasts


async def _ids(page: object) -> list[int]:
    return [message["message_id"] for message in await page.messages()]  # type: ignore[attr-defined]


async def test_answers_are_for_pages_with_telegram_beside(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """CHN-1: the same bot row serves Telegram and the web; a chat's channel never mixes with another's."""
    phone = await checked.meet(http)
    async with http.get(f"{checked.base}/sandbox/api/bots") as answer:
        assert (await answer.json())[0]["username"]
    bot_id = await checked.value("select id::text from channel_bot where username = 'neuro_demo_bot'")
    page = await visitor(checked)
    await page.api("POST", f"/chat/messages?bot={bot_id}", text="/menu", client_id="m")
    async with asyncio.timeout(30):
        while len((await page.api("GET", f"/chat/messages?bot={bot_id}"))["items"]) < 2:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.1)
    assert (await page.api("GET", "/chat/messages"))["items"] == []
    assert not [message for message in await phone.from_bot() if has_button("settings:")(message)][1:]
    assert await answers(phone) == []


async def test_dialogs_are_the_customers_own(
    checked: Installation, http: aiohttp.ClientSession, visitor: Visit
) -> None:
    """AI-8: dialogs over REST: begun, continued, renamed, read, deleted; the chat goes where the page says, and nobody
    else finds them."""
    page, stranger = await visitor(checked, "en"), await visitor(checked, "en")
    await buy(page)
    assert (await page.api("GET", "/dialogs/current"))["dialog"] is None
    begun = await page.api("POST", "/dialogs", 201, title="Tea", model="chatgpt-4-omni")
    current = await page.api("GET", "/dialogs/current")
    assert (current["dialog"]["id"], current["model"]) == (begun["id"], "chatgpt-4-omni")
    await ask(page, "What is tea?")
    (question,) = (await page.api("GET", f"/dialogs/{begun['id']}/questions"))["items"]
    assert (question["question"], question["model"], question["charged_tokens"]) == (
        "What is tea?", "chatgpt-4-omni", 1000,
    )  # fmt: skip
    await page.api("PUT", "/dialogs/current", dialog_id=None)
    await ask(page, "What is coffee?")
    listed = (await page.api("GET", "/dialogs"))["items"]
    assert [dialog["title"] for dialog in listed] == ["What is coffee?", "Tea"]
    await page.api("PATCH", f"/dialogs/{begun['id']}", title="Leaves", has_history=False)
    shown = await page.api("GET", f"/dialogs/{begun['id']}")
    assert (shown["title"], shown["has_history"]) == ("Leaves", False)
    await page.api("PUT", "/dialogs/current", 404, model="no-such-model")
    for method, path in (("GET", ""), ("GET", "/questions"), ("PATCH", ""), ("DELETE", "")):
        body = {"title": "mine"} if method == "PATCH" else {}
        await stranger.api(method, f"/dialogs/{begun['id']}{path}", 404, **body)
    await page.api("DELETE", f"/dialogs/{begun['id']}", 204)
    assert len((await page.api("GET", "/dialogs?q=coff"))["items"]) == 1
    assert len((await page.api("GET", "/dialogs?fields=title"))["items"]) == 1
    assert (await stranger.api("GET", "/dialogs"))["items"] == []
