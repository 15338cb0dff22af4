"""SBX-1, CHN-3, PAY-2, AI-3: the whole business in a browser, from START to a stopped answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.page import SandboxPage
from tests.flows.installation import Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
TEXTS = {
    "ru": {
        "bot": "Нейросети", "greeting": "Здравствуйте, Вера!", "buy": "Купить токены", "plan": "150 000 на 7 дней",
        "pay": "Оплатить", "link": "на странице ЮKassa", "paid": "получена", "balance": "На балансе",
        "question": "Сравни тарифы в таблице и покажи код", "answered": "Ответила модель", "stopped": "Остановлено",
        "slow": "Напиши текст на 9000 знаков",
    },
    "en": {
        "bot": "AI Tokens", "greeting": "Hello, Vera!", "buy": "Buy tokens", "plan": "150,000 for ever",
        "pay": "Pay", "link": "YooKassa page", "paid": "received", "balance": "150,000 tokens",
        "question": "Compare the plans in a table and show code", "answered": "Answered by", "stopped": "Stopped",
        "slow": "Write a text of 9000 characters",
    },
}  # fmt: skip


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def no_faults(place: Installation) -> AsyncIterator[None]:
    """Faults belong to one test."""
    yield
    async with aiohttp.ClientSession() as http, http.delete(f"{place.base}/sandbox/api/faults") as answer:
        answer.raise_for_status()


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("ru", "light", "desktop"), ("en", "dark", "phone"), ("ru", "dark", "phone"), ("en", "light", "desktop")],
)
async def test_buy_ask_and_stop(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    texts = TEXTS[language]
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale={"ru": "ru-RU", "en": "en-US"}[language],
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    phone = SandboxPage(await context.new_page(), place.base, language, shots, f"{language}-{scheme}-{size}")
    name = {"ru": "Вера", "en": "Vera"}[language]
    await phone.open(f"{name} {scheme}", texts["bot"])
    await phone.shot("welcome")
    await phone.start()
    await phone.sees(texts["greeting"].removesuffix("!"))
    await phone.shot("started")

    await phone.press(texts["buy"])
    await phone.shot("plans")
    await phone.press(texts["plan"])
    await phone.shot("plan")
    await phone.press(texts["pay"])
    await phone.sees(texts["link"])
    await phone.shot("link")
    await phone.press(texts["pay"])
    page = phone.checkout()
    await expect(page.locator("[data-test=pay]")).to_be_visible()
    await phone.shot("checkout")
    await page.locator("[data-test=pay]").click()
    await expect(page.locator("[data-test=result]")).to_be_visible()
    await phone.shot("paid-page")
    await page.locator("[data-test=return]").click()
    await phone.sees(texts["paid"])
    await phone.sees(texts["balance"])
    await phone.shot("paid")

    # Slower than an emulator's own pace, so that the draft can be looked at; and nobody has asked this before.
    await phone.control(
        "/faults", {"target": "ai", "kind": "slow", "times": 1, "match": "", "options": {"chunk_delay_s": 0.03}}
    )
    await phone.say(f"{texts['question']} ({scheme})")
    await phone.stop_button().wait_for()
    await phone.shot("streaming")
    await phone.sees(texts["answered"])
    await expect(phone.stop_button()).to_be_hidden()
    await phone.shot("answered")

    await phone.control("/faults", {"target": "ai", "kind": "slow", "times": 1, "match": "", "options": {}})
    await phone.say(texts["slow"])
    await phone.stop_button().wait_for()
    await phone.page.wait_for_timeout(1500)
    await phone.shot("slow")
    await phone.stop_button().click()
    await phone.sees(texts["stopped"])
    await expect(phone.stop_button()).to_be_hidden()
    await phone.shot("stopped")
    assert await phone.overflow() == []
    assert phone.problems == []
    await context.close()
