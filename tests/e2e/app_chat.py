"""The chat of the customer's app as a person sees it."""

import asyncio
import io
from pathlib import Path
from uuid import UUID

import aiohttp
from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, Locator, Page, expect

from kassa.core import channels
from kassa.core.channels import BotKind, BotProfile
from tests.e2e.app import CustomerApp
from tests.e2e.window import texts
from tests.flows.installation import Installation

_MOVE = """async (node, part) => { const before = node.scrollTop; node.dispatchEvent(new WheelEvent("wheel"));
    node.scrollBy(0, node.clientHeight * part);
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
    return node.scrollTop !== before; }"""
"""A hand on the wheel, and what it shows is drawn."""


class ChatApp(CustomerApp):
    """One window with the app, and the words of its chat."""

    def __init__(self, page: Page, base: str, language: str, shots: Path | None = None, name: str = "") -> None:
        super().__init__(page, base, language, shots, name)
        self.words = {**self.words, **texts("app", language, "pages/chat")}

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name=self.t("chat.message"), exact=True)

    @property
    def log(self) -> Locator:
        """What was said."""
        return self.page.get_by_role("log")

    async def visit(self) -> None:
        """Come in as a guest, and open the chat."""
        await self.open("/")
        await self.button("welcome.visit").click()
        await expect(self.page.get_by_role("navigation", name=self.t("tab.all"))).to_be_visible()
        await self.chat()

    async def chat(self) -> None:
        """Open the chat, and wait until one can write."""
        await self.page.goto(f"{self.base}/chat")
        await expect(self.box).to_be_visible()

    async def pay(self, plan: str = "tokens-7d-150k") -> None:
        """Buy tokens from outside the page, as somebody who pays in another window."""
        headers = {"Authorization": f"Bearer {await self.token()}", "Idempotency-Key": "a purchase of the test"}
        body = {"plan": plan, "provider": "yookassa"}
        async with aiohttp.ClientSession() as http:
            async with http.post(f"{self.base}/api/v1/billing/orders", json=body, headers=headers) as answer:
                assert answer.status == 201, await answer.text()
                url = (await answer.json())["payment"]["confirmation_url"]
            async with http.post(url, data={"action": "pay"}, allow_redirects=False) as paid:
                assert paid.status == 303
            async with asyncio.timeout(20):
                while not await self._tokens(http, headers):  # noqa: ASYNC110 - another process settles it
                    await asyncio.sleep(0.1)
        await self.chat()

    async def _tokens(self, http: aiohttp.ClientSession, headers: dict[str, str]) -> int:
        async with http.get(f"{self.base}/api/v1/billing/account", headers=headers) as answer:
            balances = (await answer.json())["balances"]
        return sum(balance["available"] for balance in balances)

    async def token(self) -> str:
        """What the page calls the API with."""
        return str(await self.page.evaluate("() => JSON.parse(localStorage.getItem('kassa-app-session')).access"))

    async def say(self, text: str) -> None:
        """Write and send."""
        await self.box.fill(text)
        await self.button("chat.send").click()

    async def place_of_chat(self, place: Installation) -> tuple[int, BotProfile]:
        """The window's chat, and the bot in it."""
        headers = {"Authorization": f"Bearer {await self.token()}"}
        async with aiohttp.ClientSession(headers=headers) as http, http.get(f"{self.base}/api/v1/chat") as answer:
            shown = await answer.json()
        bot_id = UUID(shown["bot_id"])
        organization = await place.value("select organization_id from channel_bot where id = $1", bot_id)
        bot = BotProfile(bot_id, organization, 0, "", "", "", "en", ("en",), None, None, {}, BotKind.SITE)
        return channels.web_chat_of(shown["customer"]["number"]), bot

    def in_sheet(self, key: str) -> Locator:
        """A button of the sheet that is open, by the words it begins with."""
        return self.sheet().get_by_role("button", name=self.t(key)).last

    async def choose(self, kind: str, *files: tuple[str, str, bytes]) -> None:
        """Choose files in the sheet."""
        await self.button("chat.add").click()
        found = self.page.locator(f"input[type=file][aria-label='{self.t(f'chat.{kind}')}']")
        await found.set_input_files([FilePayload(name=name, mimeType=mime, buffer=data) for name, mime, data in files])

    async def attach(self, kind: str, *files: tuple[str, str, bytes]) -> None:
        """Choose files, and wait until the server has them."""
        await self.choose(kind, *files)
        chosen = self.page.get_by_role("list", name=self.t("chat.chosen"))
        for name, _, _ in files:
            await expect(chosen.get_by_text(name)).to_be_visible()
        await expect(self.button("chat.send")).to_have_attribute("aria-disabled", "false")

    async def shown(self) -> list[int]:
        """The messages that are in the page now, in their order."""
        found: list[int] = await self.page.evaluate(
            "() => [...document.querySelectorAll('[role=log] [data-id]')].map(node => Number(node.dataset.id))"
        )
        return found

    async def read_all(self) -> list[int]:
        """Every message, gathered while going through the whole conversation, up to its beginning and down again."""
        await self.page.bring_to_front()  # a window behind another one is not drawn
        await self.log.evaluate("node => node.scrollTo(0, node.scrollHeight)")
        seen: set[int] = set()
        for part in (-1 / 3, 3 / 4):  # upwards earlier ones come in between
            still = 0
            while still < 12:
                now = await self.shown()
                assert now == sorted(set(now)), "each once, in order"
                has_moved = await self.log.evaluate(_MOVE, part)
                still = 0 if has_moved or set(now) - seen else still + 1
                seen |= set(now)
        return sorted(seen)


def picture(width: int, height: int, kind: str = "JPEG", colour: str = "#d08a1d") -> bytes:
    """Something to look at, large enough to be made smaller."""
    made = Image.effect_noise((width, height), 40).convert("RGB")
    draw = ImageDraw.Draw(made)
    draw.ellipse((width // 6, height // 6, width * 5 // 6, height * 5 // 6), fill=colour)
    out = io.BytesIO()
    made.save(out, kind, quality=95)
    return out.getvalue()
