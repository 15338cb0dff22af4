"""The chat widget on a page of a site, in a real browser."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from kassa.core import channels
from kassa.core.channels import BotKind, BotProfile, Outgoing
from kassa.core.live.log import MOST_REPLAYED
from kassa.kit.db import Database
from kassa.runtime import widget
from tests.e2e.cuttable import Network, network
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.page import SECONDS, lose_answer
from tests.e2e.window import Window
from tests.flows.installation import ROOT, Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

_GUESTS = "select count(*) from identity_customer where is_guest"
MESSAGES, CUTS, SAID = 1000, 100, 40
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WORDS = {
    "ru": {"buy": "Купить токены", "plan": "150 000 на 7 дней", "pay": "Оплатить", "paid": "получена",
           "slow": "Напиши текст на 9000 знаков", "stopped": "Остановлено", "message": "Сообщение",
           "stop": "Остановить", "hello": "Здравствуйте", "open": "Открыть чат"},
    "en": {"buy": "Buy tokens", "plan": "150,000 for 7 days", "pay": "Pay", "paid": "received",
           "slow": "Write a text of 9000 characters", "stopped": "Stopped", "message": "Message", "stop": "Stop",
           "hello": "Hello", "open": "Open the chat"},
}  # fmt: skip


async def test_the_widget_is_small() -> None:
    """CHN-4: the whole widget, styles and all, is at most 20 KB packed."""
    assert len(gzip.compress(widget.SCRIPT.read_bytes(), 9)) <= 20 * 1024


@pytest.mark.parametrize(("locale", "theme", "size"), [("ru", "light", (1280, 800)), ("en", "dark", (390, 844))])
async def test_a_visitor_buys_asks_and_stops(
    browser: Browser, place: Installation, shots: Path | None, locale: str, theme: str, size: tuple[int, int]
) -> None:
    """CHN-4, CHN-1: from the greeting to a stopped answer without an account, on a desktop and on a phone; what was
    said is there after the page is loaded again; no finding of axe."""
    words = WORDS[locale]
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    guests = await place.value(_GUESTS)
    page = await context.new_page()
    window = Window(page, place.base, words, shots, f"widget-{locale}-{theme}")
    await page.goto(f"{place.base}/sandbox/widget?locale={locale}&theme={theme}")
    await expect(page.get_by_text(words["hello"]).first).to_be_visible()
    await window.shot("greeting")
    assert await place.value(_GUESTS) == guests, "who only looks is nobody's customer"
    await page.get_by_role("button", name=words["buy"]).last.click()
    await page.get_by_role("button", name=words["plan"]).click()
    await window.shot("plan")
    await page.get_by_role("button", name=words["pay"]).click()
    link = page.get_by_role("link", name=words["pay"])
    url = await link.get_attribute("href")
    assert url
    assert await link.get_attribute("rel") == "noopener noreferrer"
    async with aiohttp.ClientSession() as http, http.post(url, data={"action": "pay"}, allow_redirects=False) as paid:
        assert paid.status == 303
    await expect(page.get_by_text(words["paid"]).first).to_be_visible()

    async with aiohttp.ClientSession() as http:
        fault = {"target": "ai", "kind": "slow", "times": 1, "match": "", "options": {"chunk_delay_s": 0.02}}
        async with http.post(f"{place.base}/sandbox/api/faults", json=fault) as answer:
            assert answer.status < 300
    box = page.get_by_role("textbox", name=words["message"])
    await box.fill(f"{words['slow']} ({theme})")
    await box.press("Enter")
    stop = page.get_by_role("button", name=words["stop"], exact=True)
    await stop.wait_for()
    await page.wait_for_timeout(1200)
    await window.shot("streaming")
    await stop.click()
    await expect(page.get_by_text(words["stopped"]).last).to_be_visible()
    await expect(stop).to_be_hidden()
    await window.shot("stopped")
    seen = await _shown(page)
    assert await _axe(page) == []

    await page.reload()
    await expect(page.get_by_text(words["stopped"]).last).to_be_visible()
    assert await _shown(page) == seen
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name=words["open"])).to_be_focused()
    assert window.problems == []
    await context.close()


async def test_a_text_of_a_bot_is_never_markup(browser: Browser, place: Installation) -> None:
    """SEC-1, CHN-4: whatever a model writes, the page shows text: no element, no handler and no address of its own."""
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{place.base}/sandbox/widget?locale=en")
    chat_id, bot = await _begin(place, page)
    nasty = [
        "<img src=x onerror='window.hurt=1'>", "[click](javascript:window.hurt=1)", "[x](data:text/html,<b>)",
        "![i](https://example.com/i.png)", "```html\n<script>window.hurt=1</script>\n```", "| a |\n|---|\n| <i>b</i> |",
        "**[**bold](https://example.com/?q=<b>)**", "\\*not em\\* `<b>`", "> <svg onload=window.hurt=1>",
    ]  # fmt: skip
    database = Database(place.database_url, pool_size=2)
    messenger = channels.WebMessenger(database)
    for text in nasty:
        await messenger.send(bot, chat_id, Outgoing(text, [[channels.Button("b", url="javascript:window.hurt=1")]]))
    await database.close()
    await expect(page.get_by_text("window.hurt=1").last).to_be_visible()
    found: dict[str, Any] = await page.evaluate(
        """() => { const root = document.querySelector("kassa-chat").shadowRoot.querySelector(".log");
        return { bad: root.querySelectorAll("img,script,svg,i,b,iframe").length, hurt: window.hurt ?? 0,
                 links: [...root.querySelectorAll("a")].map(a => a.protocol) }; }"""
    )
    assert found["bad"] == found["hurt"] == 0
    assert set(found["links"]) <= {"https:"}
    await page.context.close()


async def test_a_thousand_messages_over_a_hundred_lost_connections(browser: Browser, place: Installation) -> None:
    """CHN-4, NFR-5: the browser's connection is lost a hundred times while a thousand messages come and forty are sent:
    the page shows each once, in order."""
    async with network(int(place.base.rpartition(":")[2])) as wires:
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{wires.base}/sandbox/widget?locale=en")
        chat_id, bot = await _begin(place, page)
        cutting = asyncio.create_task(_cut(wires))
        saying = asyncio.create_task(_say(page))
        database = Database(place.database_url, pool_size=2)
        messenger = channels.WebMessenger(database)
        for number in range(MESSAGES):
            await messenger.send(bot, chat_id, Outgoing(f"Message {number} of {MESSAGES}"))
            await asyncio.sleep(0.025 if not cutting.done() else 0)
        await database.close()
        await saying
        await cutting
        # What was typed during a gap is sent after it, and answered after that.
        await place.until(
            "select count(*) = $2 from channel_web_message where chat_id = $1 and author = 'customer'"
            " and text like '/word%'", chat_id, SAID, timeout_s=120,
        )  # fmt: skip
        await place.until(
            "select not exists (select 1 from channel_update where chat_id = $1 and state = 'new') and not exists"
            " (select 1 from channel_message where chat_id = $1 and state = 'pending')", chat_id,
        )  # fmt: skip
        rows = await place.rows(
            "select id, text, author from channel_web_message where chat_id = $1 order by id", chat_id
        )
        assert await _read_all(page, rows[-1]["id"]) == [row["id"] for row in rows]
        assert wires.cuts >= CUTS
        sent = [row["text"] for row in rows if row["author"] == "customer"][1:]
        assert sent == [f"/word{number}" for number in range(SAID)]
        assert [row["text"] for row in rows if row["text"].startswith("Message ")] == [
            f"Message {number} of {MESSAGES}" for number in range(MESSAGES)
        ]
        await page.context.close()


async def test_after_a_gap_that_is_too_long_the_page_reads_anew(browser: Browser, place: Installation) -> None:
    """CHN-4: more is missed than the log gives out again: the newest is shown, and what was before on demand."""
    async with network(int(place.base.rpartition(":")[2])) as wires:
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{wires.base}/sandbox/widget?locale=en")
        chat_id, bot = await _begin(place, page)
        wires.is_down = True
        wires.cut()
        database = Database(place.database_url, pool_size=2)
        for number in range(MOST_REPLAYED + 50):
            await channels.WebMessenger(database).send(bot, chat_id, Outgoing(f"Message {number}"))
        await database.close()
        wires.is_down = False
        rows = await place.rows("select id from channel_web_message where chat_id = $1 order by id", chat_id)
        assert await _read_all(page, rows[-1]["id"]) == [row["id"] for row in rows]
        await page.context.close()


async def test_a_lost_connection_is_told_and_what_is_written_waits(browser: Browser, place: Installation) -> None:
    """CHN-4: a longer gap shows a banner; what is written meanwhile is sent once, when the connection is back."""
    async with network(int(place.base.rpartition(":")[2])) as wires:
        page = await (await browser.new_context()).new_page()
        await page.goto(f"{wires.base}/sandbox/widget?locale=en")
        await _begin(place, page)
        wires.is_down = True
        wires.cut()
        banner = page.get_by_text("No connection")
        await expect(banner).to_be_visible()
        box = page.get_by_role("textbox", name="Message")
        await box.fill("/profile")
        await box.press("Enter")
        await page.wait_for_timeout(500)
        wires.is_down = False
        await expect(page.get_by_text("customer number")).to_be_visible(timeout=40 * SECONDS)
        await expect(banner).to_be_hidden()
        assert await page.get_by_text("/profile", exact=True).count() == 1
        await page.context.close()


async def test_two_tabs_renew_one_session(browser: Browser, place: Installation) -> None:
    """IDN-1, CHN-4: a refresh token works once, so tabs of a site take turns, and the visitor stays who they are."""
    context = await browser.new_context()
    tabs = [await context.new_page() for _ in range(4)]
    await tabs[0].goto(f"{place.base}/sandbox/widget?locale=en")
    await _begin(place, tabs[0])
    await _age(place, tabs[0])
    asked: list[str] = []
    for tab in tabs:
        tab.on("request", lambda request: asked.append(request.url) if request.url.endswith("/auth/refresh") else None)
    await asyncio.gather(*(tab.goto(f"{place.base}/sandbox/widget?locale=en") for tab in tabs))
    for tab in tabs:
        await expect(tab.get_by_text("There is no such command")).to_be_visible()
    assert len(asked) == 1
    await context.close()


async def test_a_renewal_whose_answer_is_lost_signs_nobody_out(browser: Browser, place: Installation) -> None:
    """IDN-1, CHN-4: the refresh token was traded, the answer did not come: the visitor stays who they are."""
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{place.base}/sandbox/widget?locale=en")
    await _begin(place, page)
    guests = await place.value(_GUESTS)
    await _age(place, page)
    traded = await lose_answer(page, "**/auth/refresh")
    await page.goto(f"{place.base}/sandbox/widget?locale=en")
    retry = page.get_by_role("button", name="The chat cannot be loaded. Try again")
    await retry.click()
    await expect(page.get_by_text("There is no such command")).to_be_visible()
    assert traded == [200]
    assert await place.value(_GUESTS) == guests
    await page.context.close()


async def _age(place: Installation, page: Page) -> None:
    """Leave the site, with an access token that has ended."""
    await page.goto(f"{place.base}/api/health/live")
    await page.evaluate(
        """() => { const key = Object.keys(localStorage).find(name => name.startsWith("kassa-chat"));
                   localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), expires_at: 0}); }"""
    )


async def _begin(place: Installation, page: Page) -> tuple[int, BotProfile]:
    """Say the first word; the visitor's chat and bot."""
    box = page.get_by_role("textbox", name="Message")
    await box.fill("/nothing-yet")
    await box.press("Enter")
    await expect(page.get_by_text("There is no such command")).to_be_visible()
    rows = await place.rows(
        "select m.chat_id, m.bot_id, m.organization_id from channel_web_message m where text = '/nothing-yet'"
        " order by id desc limit 1"
    )
    bot = BotProfile(
        rows[0]["bot_id"], rows[0]["organization_id"], 0, "", "", "", "en", ("en",), None, None, {}, BotKind.SITE
    )
    return rows[0]["chat_id"], bot


async def _cut(wires: Network) -> None:
    while wires.cuts < CUTS:
        await asyncio.sleep(0.08)
        wires.cut()


async def _say(page: Page) -> None:
    box = page.get_by_role("textbox", name="Message")
    for number in range(SAID):
        await box.fill(f"/word{number}")
        await box.press("Enter")
        await asyncio.sleep(0.3)


async def _shown(page: Page) -> list[int]:
    found: list[int] = await page.evaluate(
        """() => [...document.querySelector("kassa-chat").shadowRoot.querySelectorAll("[data-id]")]
        .map(node => Number(node.dataset.id))"""
    )
    return found


async def _read_all(page: Page, last: int) -> list[int]:
    """Every message, back to the first: after a long gap what was before is shown when it is asked for."""
    log = page.locator("kassa-chat .log")
    await expect(log.locator(f"[data-id='{last}']")).to_be_visible(timeout=90 * SECONDS)
    older = page.get_by_role("button", name="Earlier messages")
    while await older.is_visible():
        before = len(await _shown(page))
        await older.click()
        await expect(log.locator("[data-id]")).not_to_have_count(before)
    return await _shown(page)


async def _axe(page: Page) -> list[str]:
    await page.add_script_tag(path=AXE)
    found: list[str] = await page.evaluate(
        """async () => (await axe.run('kassa-chat')).violations
        .map(found => found.id + ': ' + found.nodes.map(node => node.html).join(' '))"""
    )
    return found
