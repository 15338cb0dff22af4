"""The sandbox's page as a person sees it: names and words, never its markup."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import FrameLocator, Locator, Page, Route, expect

from tests.e2e.window import Window

SECONDS = 1000
LARGE = 1024
"""From this width on people and chats stand beside the phone."""
WORDS = {
    "ru": {"start": "Старт", "stop": "Остановить", "message": "Сообщение", "send": "Отправить", "menu": "Чаты"},
    "en": {"start": "Start", "stop": "Stop", "message": "Message", "send": "Send", "menu": "Chats"},
}


async def lose_answer(page: Page, url: str) -> list[int]:
    """The next request to these addresses gets to the server, and the connection breaks before the answer is here; the
    status it had."""
    statuses: list[int] = []

    async def lose(route: Route) -> None:
        statuses.append((await route.fetch()).status)
        await route.abort("connectionreset")

    await page.route(url, lose, times=1)
    return statuses


class SandboxPage(Window):
    """One person's phone."""

    def __init__(self, page: Page, base: str, language: str, shots: Path | None = None, name: str = "") -> None:
        super().__init__(page, base, WORDS[language], shots, name)
        self._language = language

    async def open(self, person: str, bot: str) -> None:
        """Make a person, open the page, choose the person and the bot."""
        await self.control("/people", {"first_name": person, "language_code": self._language})
        await self.page.goto(f"{self.base}/sandbox/")
        await self.shot("opened")
        await self._in_menu(lambda: self.page.get_by_role("button", name=person, exact=True).click())
        await self._in_menu(lambda: self.page.get_by_role("button", name=bot).first.click())
        await expect(self.page.get_by_role("button", name=self.words["start"], exact=True)).to_be_visible()

    async def start(self) -> None:
        """Press START."""
        await self.page.get_by_role("button", name=self.words["start"], exact=True).click()

    async def press(self, label: str) -> None:
        """Press the newest button with these words."""
        await self.page.get_by_role("button", name=label).last.click()

    async def say(self, text: str) -> None:
        """Write and send."""
        await self.page.get_by_role("textbox", name=self.words["message"]).fill(text)
        await self.page.get_by_role("button", name=self.words["send"], exact=True).click()

    async def sees(self, text: str) -> Locator:
        """Wait until the words are on the screen."""
        found = self.page.get_by_text(text).last
        await expect(found).to_be_visible()
        return found

    def stop_button(self) -> Locator:
        """The button under an answer that is being written."""
        return self.page.get_by_role("button", name=self.words["stop"], exact=True)

    def checkout(self) -> FrameLocator:
        """The payment page over the phone."""
        return self.page.frame_locator("iframe")

    async def control(self, path: str, body: dict[str, Any]) -> None:
        """Do something in the sandbox from outside the page."""
        async with aiohttp.ClientSession() as http, http.post(f"{self.base}/sandbox/api{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()

    async def overflow(self) -> list[str]:
        """Elements that stick out of the window sideways: what a person would see cut off."""
        found: list[str] = await self.page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter(node => {
                const box = node.getBoundingClientRect();
                const scrolls = node.closest(".overflow-x-auto, pre, .katex-display, table");
                return box.width > 0 && !scrolls && (box.right > innerWidth + 1 || box.left < -1);
            }).map(node => node.tagName + " " + node.className)"""
        )
        return found

    async def _in_menu(self, act: Callable[[], Awaitable[None]]) -> None:
        """On a small screen people and chats are behind the menu button."""
        menu = self.page.get_by_role("button", name=self.words["menu"], exact=True)
        is_small = self.page.viewport_size is not None and self.page.viewport_size["width"] < LARGE
        if is_small and not await self.page.get_by_role("dialog").is_visible():
            await menu.click()
        await act()
