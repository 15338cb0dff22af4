"""APP-1, APP-2, IDN-2: the customer's app inside Telegram: opening it signs in; colours and buttons are Telegram's."""

import asyncio
import re
import time
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, FrameLocator, expect

from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.page import SandboxPage
from tests.e2e.window import texts
from tests.flows.installation import Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

MENU = {"ru": "Приложение", "en": "App"}
BACK = {"ru": "Назад", "en": "Back"}


async def felt(base: str, wanted: dict[str, Any]) -> None:
    """Wait until the phone was asked to let the person feel something."""
    until = time.monotonic() + 30
    while wanted not in (seen := await haptics(base)):
        assert time.monotonic() < until, seen
        await asyncio.sleep(0.1)


async def haptics(base: str) -> list[dict[str, Any]]:
    """What the phone was asked to let the person feel, so far."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{base}/sandbox/api/mini-apps/calls", params={"method": "web_app_trigger_haptic_feedback"}) as answer,
    ):
        return [call["params"] for call in await answer.json()]


@pytest.mark.parametrize(("language", "scheme", "size"), [("ru", "light", (1440, 900)), ("en", "dark", (390, 844))])
async def test_buying_inside_telegram(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: tuple[int, int]
) -> None:
    """From the bot's menu button to paid tokens: theme, BackButton, MainButton and haptics are Telegram's."""
    words = texts("app", language)
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale={"ru": "ru-RU", "en": "en-US"}[language],
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce",
    )  # fmt: skip
    phone = SandboxPage(await context.new_page(), place.base, language, shots, f"inside-{language}")
    name = f"Mini {uuid.uuid4().hex[:6]}"
    await phone.open(name, "Нейросети")
    await phone.start()
    await phone.page.get_by_role("button", name=re.compile(f"^({'|'.join(MENU.values())})$")).first.click()
    app: FrameLocator = phone.page.frame_locator("[data-launch] iframe")
    await expect(app.get_by_text(words["home.balance"], exact=True)).to_be_visible()
    await expect(app.get_by_role("heading", level=1)).to_contain_text("Mini")
    await phone.shot("home")
    assert await place.value("select count(*) from identity_customer where name = $1", name) == 1

    ground = await app.locator("html").evaluate("root => getComputedStyle(root).getPropertyValue('--tg-bg-color')")
    is_dark = await app.locator("html").evaluate("root => root.classList.contains('dark')")
    assert re.fullmatch("#[0-9a-f]{6}", ground)
    assert is_dark is (scheme == "dark")
    address = await app.locator("html").evaluate("() => location.href")
    assert "tgWebAppData" not in address  # the signed words are in no address that can be copied

    tabs = app.get_by_role("navigation", name=words["tab.all"])
    await tabs.get_by_role("link", name=words["tab.plans"], exact=True).click()
    await app.locator("a[href='/plans/eternal-150k']").click()
    await expect(app.get_by_text(re.compile("149")).first).to_be_visible()
    await phone.shot("plan")
    await phone.page.get_by_role("button", name=BACK[language], exact=True).click()
    await expect(app.get_by_role("heading", name=words["plans.title"], level=1)).to_be_visible()
    await app.locator("a[href='/plans/eternal-150k']").click()
    await phone.page.get_by_role("button", name=re.compile(words["plans.pay"].replace("{{price}}", ".*149.*"))).click()

    checkout = phone.page.get_by_role("dialog").last.frame_locator("iframe")
    await checkout.get_by_role("button", name=re.compile("^(Заплатить|Pay)")).click()
    await phone.shot("paying")
    await phone.page.keyboard.press("Escape")
    await expect(app.get_by_text(words["orders.title.paid"], exact=True).first).to_be_visible()
    await phone.shot("paid")
    await felt(place.base, {"type": "notification", "notification_type": "success"})
    assert phone.problems == []
    await context.close()


async def test_a_link_into_the_app_opens_what_it_names(browser: Browser, place: Installation) -> None:
    """t.me/<bot>?startapp=plans_… leads to the plan."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US", reduced_motion="reduce")
    phone = SandboxPage(await context.new_page(), place.base, "en")
    await phone.open(f"Link {uuid.uuid4().hex[:6]}", "Нейросети")
    await phone.start()
    link = "https://t.me/neuro_demo_bot?startapp=plans_eternal-150k"
    await phone.say(link)
    await phone.page.get_by_role("button", name=link).or_(phone.page.get_by_role("link", name=link)).last.click()
    app = phone.page.frame_locator("[data-launch] iframe")
    await expect(app.get_by_text(re.compile("149")).first).to_be_visible()
    assert phone.problems == []
    await context.close()


async def test_words_that_telegram_did_not_sign_let_nobody_in(browser: Browser, place: Installation) -> None:
    """IDN-2: forged or old initData is refused in the person's language, and the app says what to do."""
    bot = await place.value("select id from channel_bot where kind = 'telegram' limit 1")
    forged = "user=%7B%22id%22%3A1%7D&auth_date=1&hash=" + "0" * 64
    context = await browser.new_context(locale="ru-RU", reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{place.base}/?bot={bot}#tgWebAppData={forged.replace('&', '%26').replace('=', '%3D')}")
    await expect(page.get_by_text(texts("app", "ru")["telegram.reopen"])).to_be_visible()
    await context.close()
