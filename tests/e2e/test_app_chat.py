"""APP-1, APP-2, AI-8, CHN-4: the chat of the customer's app in a browser, and its dialogs."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Route, expect

from kassa.core import channels
from kassa.core.channels import Outgoing
from kassa.kit.db import Database
from tests.e2e.app_chat import ChatApp, picture
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.panel import window
from tests.e2e.test_app import an_email, pay
from tests.flows.installation import Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

COMPARE = {
    "ru": "Сравни чай и кофе в таблице, дай формулу и код",
    "en": "Compare tea and coffee in a table, with formula and code",
}
_GROUP = r"[\s,.\u00a0\u202f]"
NASTY = """<img src=x onerror='window.hurt=1'> [x](javascript:window.hurt=1) $x^{<b>}$

```html
<script>window.hurt=1</script>
```"""


@pytest.mark.parametrize(("language", "scheme", "size"), [("ru", "light", "phone"), ("en", "dark", "desktop")])
async def test_from_registration_to_an_answer_about_a_picture(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    """APP-1, AI-8, AI-3: sign up, buy, ask, stop an answer, ask about a picture, load anew; axe finds nothing, nothing
    sticks out, no key stands in the place of words."""
    context = await window(browser, language, scheme, size)
    app = ChatApp(await context.new_page(), place.base, language, shots, f"chat-{language}-{scheme}-{size}")
    await app.register(an_email(), "Vera")
    await app.chat()
    await app.sees(app.t("chat.empty"))
    await _is_well(app, "empty")
    await app.page.get_by_role("region", name=app.t("tab.chat")).get_by_role("link", name=app.t("chat.buy")).click()
    await app.screen.locator("a[href='/plans/eternal-150k']").click()
    await app.settled()
    await app.screen.get_by_role("button", name=re.compile("149")).click()
    await pay(app)
    await app.page.wait_for_url("**/orders/current")
    await app.sees(app.t("orders.title.paid"))

    await app.chat()
    await app.say(COMPARE[language])
    await expect(app.log.locator("table")).to_be_visible()
    await expect(app.log.locator(".katex-display")).to_be_visible()
    await expect(app.log.get_by_text("average_order(amounts")).to_be_visible()
    left = app.page.locator("header").get_by_text(re.compile(f"149{_GROUP}750"))
    await expect(left.locator("visible=true")).to_be_visible()
    await _is_well(app, "answer")

    await _slow_models(place)
    await app.say({"ru": "Напиши текст на 9000 знаков", "en": "Write a text of 9000 characters"}[language])
    stop = app.button("chat.stop")
    await stop.wait_for()
    await app.page.wait_for_timeout(1500)
    await _is_well(app, "writing")
    await stop.click()
    await app.sees({"ru": "Остановлено", "en": "Stopped"}[language])
    await expect(stop).to_be_hidden()

    await app.attach("picture", ("sea.jpg", "image/jpeg", picture(2400, 1600)))
    await app.box.fill({"ru": "Что это за море?", "en": "Which sea is it?"}[language])
    await _is_well(app, "chosen")
    await app.button("chat.send").click()
    seen = {"ru": "Вижу изображений: 1 (1920×1280)", "en": "Pictures received: 1 (1920×1280)"}[language]
    await app.sees(seen)
    await expect(app.page.locator("[data-draft]")).to_have_count(0)
    await expect(app.log.locator("img").last).to_have_js_property("complete", True)
    await _is_well(app, "picture")
    before = await app.shown()
    await app.page.reload()
    await app.sees(seen)
    assert (await app.shown())[-2:] == before[-2:]

    assert app.problems == []
    await context.close()


@pytest.mark.parametrize(("language", "scheme", "size"), [("en", "light", "phone"), ("ru", "dark", "desktop")])
async def test_dialogs_are_found_changed_read_and_deleted(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    """AI-8, APP-2: two dialogs: searched, renamed, given a role, without memory, read with their files, deleted."""
    context = await window(browser, language, scheme, size)
    app = ChatApp(await context.new_page(), place.base, language, shots, f"dialogs-{language}-{scheme}-{size}")
    await app.visit()
    await app.pay()
    await app.attach("picture", ("sea.jpg", "image/jpeg", picture(90, 60)))
    await app.say({"ru": "Что это за море?", "en": "Which sea is it?"}[language])
    seen = {"ru": "Вижу изображений: 1 (90×60)", "en": "Pictures received: 1 (90×60)"}[language]
    await app.sees(seen)
    await app.button("chat.new_dialog").click()
    await app.say(COMPARE[language])
    await expect(app.log.locator("table")).to_be_visible()
    await app.link("dialogs.title").click()
    await app.settled()
    await _is_well(app, "list")
    await app.field("dialogs.search").fill({"ru": "море", "en": "sea"}[language])
    found = app.page.get_by_role("button", name=re.compile(f"^{app.t('dialogs.menu', title='').strip()}"))
    await expect(found).to_have_count(1)
    await found.click()
    await _is_well(app, "menu")
    await app.in_sheet("dialogs.rename").click()
    await app.sheet().get_by_role("textbox").fill("Sea and tea")
    await app.button("action.save").click()
    await expect(app.sheet()).to_have_count(0)  # until it has closed, nobody can type behind it
    await app.field("dialogs.search").fill("sea AND")
    menu = app.button("dialogs.menu", title="Sea and tea")
    await menu.click()
    await app.in_sheet("dialogs.role").click()
    await _is_well(app, "role")
    await app.page.route("**/api/v1/dialogs?**", _late)  # what was saved is shown before the list is there again
    await app.sheet().get_by_role("textbox").fill("You are an editor")
    await app.button("action.save").click()
    await expect(app.sheet()).to_have_count(0)
    await _reads_and_deletes(app, seen, menu)
    await app.page.get_by_role("main").get_by_text(COMPARE[language][:20]).click()
    await app.page.wait_for_url("**/chat")
    await expect(app.page.locator("header").get_by_text(COMPARE[language][:20])).to_be_visible()
    assert app.problems == []
    await context.close()


async def _late(route: Route) -> None:
    await asyncio.sleep(1)
    await route.continue_()


async def _reads_and_deletes(app: ChatApp, seen: str, menu: Locator) -> None:
    await menu.click()
    await expect(app.sheet().get_by_text("You are an editor")).to_be_visible()
    await app.sheet().get_by_text(app.t("dialogs.memory"), exact=True).click()
    await expect(app.sheet().get_by_role("switch")).not_to_be_checked()
    await app.in_sheet("dialogs.read").click()
    await app.page.wait_for_url("**/dialogs/*")
    await app.sees(seen)
    await app.sees("You are an editor")
    await _is_well(app, "read")
    await menu.click()
    await app.in_sheet("dialogs.delete").click()
    await _is_well(app, "delete")
    await app.in_sheet("dialogs.delete").click()
    await app.page.wait_for_url("**/dialogs")
    await expect(menu).to_have_count(0)


async def test_the_model_is_chosen_in_a_sheet(chat_app: ChatApp) -> None:
    """AI-8: name, price and whether it sees pictures; one that does not offers those that do, before it costs."""
    app = chat_app
    await app.page.locator("header").get_by_role("button").first.click()
    await expect(app.sheet().get_by_text(app.t("chat.sees"))).to_have_count(4)
    await app.sheet().get_by_text("DeepSeek", exact=True).click()
    await expect(app.sheet()).to_have_count(0)
    await expect(app.page.locator("header").get_by_text("DeepSeek")).to_be_visible()
    await app.attach("picture", ("sea.jpg", "image/jpeg", picture(80, 60)))
    await app.button("chat.send").click()
    await app.sees("does not see pictures")
    await app.page.get_by_role("button", name=re.compile("^ChatGPT 4 Omni Mini")).last.click()
    await app.sees("Pictures received: 1 (80×60)")
    left = app.page.locator("header").get_by_text("149,750").locator("visible=true")
    await expect(left).to_be_visible()


async def test_a_link_of_the_bot_to_the_app_stays_in_it(chat_app: ChatApp, place: Installation) -> None:
    """APP-1, CHN-1: a button that leads to a page of the app opens it here; what a bot writes is never markup."""
    app = chat_app
    chat_id, bot = await app.place_of_chat(place)
    database = Database(place.database_url, pool_size=2)
    messenger = channels.WebMessenger(database, place.base)
    await messenger.send(bot, chat_id, Outgoing(NASTY, [[channels.Button("Plans here", app="/plans")]]))
    await database.close()
    await app.sees("Plans here")
    found = await app.log.evaluate(
        "node => [node.querySelectorAll('img, script, iframe').length, window.hurt ?? 0,"
        " [...node.querySelectorAll('a')].map(a => a.protocol).join()]"
    )
    assert found == [0, 0, ""]
    await app.page.evaluate("() => { window.isSame = true; }")
    await app.page.get_by_role("button", name="Plans here").click()
    await app.page.wait_for_url("**/plans")
    assert await app.page.evaluate("() => window.isSame")


async def _is_well(app: ChatApp, step: str) -> None:
    await app.shot(step)
    assert await app.violations() == [], step
    assert await app.raw_keys() == [], step
    assert not await app.sticks_out(), step


async def _slow_models(place: Installation) -> None:
    fault = {"target": "ai", "kind": "slow", "times": 1, "match": "", "options": {"chunk_delay_s": 0.03}}
    async with aiohttp.ClientSession() as http, http.post(f"{place.base}/sandbox/api/faults", json=fault) as answer:
        assert answer.status < 300
