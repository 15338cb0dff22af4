"""A Mini App in the sandbox's phone, as a person and as the page inside see it."""

from dataclasses import dataclass
from typing import Any

import aiohttp
from playwright.async_api import Frame, FrameLocator, expect

from tests.e2e.page import SandboxPage
from tests.flows.installation import ROOT

BRIDGE = ROOT / "web/node_modules/@tma.js/bridge/dist/index.iife.js"


@dataclass
class Host:
    """A phone with the Mini App of a bot."""

    phone: SandboxPage
    app: FrameLocator
    base: str

    async def ask(self, name: str) -> None:
        """Let the app call a method: its buttons are named after them."""
        await self.app.get_by_role("button", name=name, exact=True).click()

    async def told(self, event: str) -> None:
        """Wait until the app was told something, as the newest."""
        await expect(self.app.locator("#log li").first).to_have_text(event)

    def button(self, name: str) -> Any:
        """A button of the phone, outside the app."""
        return self.phone.page.get_by_role("button", name=name, exact=True)

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """What the sandbox has noted of a method."""
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{self.base}/sandbox/api/mini-apps/calls", params={"method": method}) as answer,
        ):
            return list(await answer.json())

    def says(self, english: str, russian: str) -> str:
        """The phone's own words."""
        return russian if self.phone.words["start"] == "Старт" else english

    async def frame(self) -> Frame:
        """The app's frame, with the library in it."""
        await expect(self.app.locator("h1")).to_contain_text("Vera")
        handle = await self.phone.page.locator("[data-launch] iframe").element_handle()
        frame = await handle.content_frame()
        assert frame is not None
        await frame.add_script_tag(path=BRIDGE)
        # It speaks to https://web.telegram.org only, when not told otherwise.
        await frame.evaluate("() => window.tapps.bridge.setTargetOrigin(location.ancestorOrigins[0])")
        return frame
