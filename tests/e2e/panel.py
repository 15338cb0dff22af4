"""The owner's panel as a person sees it: names and words, never its markup."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.window import APPS, Window, texts
from tests.flows.installation import ROOT

SOURCE = APPS / "admin" / "src"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PASSWORD = "a password of the tests"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_PATH = re.compile(r'path: "(/[a-z]+)", icon')


def paths() -> list[str]:
    """The address of every page that the navigation leads to."""
    return _PATH.findall((SOURCE / "app" / "pages.ts").read_text("utf-8"))


class Panel(Window):
    """One window with the panel in it."""

    def __init__(self, page: Page, base: str, language: str, shots: Path | None = None, name: str = "") -> None:
        super().__init__(page, base, texts("admin", language), shots, f"panel-{name}")

    async def sign_in(self, email: str, password: str, path: str = "/") -> None:
        """Open the panel and sign in; whatever opens first is waited for."""
        await self.page.goto(f"{self.base}/admin{path}")
        await self.page.get_by_label(self.t("signin.email")).fill(email)
        await self.page.get_by_label(self.t("signin.password"), exact=True).fill(password)
        await self.button("signin.submit").click()
        await expect(self.page.get_by_role("navigation").or_(self.button("shell.menu")).first).to_be_attached()

    async def open(self, path: str) -> None:
        """Go to an address and wait until the page and its data are there."""
        await self.page.goto(f"{self.base}/admin{path}")
        await self.settled()

    async def age(self) -> None:
        """Leave the panel, with an access token that has ended."""
        # The open page must not renew meanwhile: the next page is to be the one that asks.
        await self.page.goto(f"{self.base}/admin/icon.svg")
        await self.page.evaluate(
            """() => { const key = "kassa-admin-session"; const kept = JSON.parse(localStorage[key]);
                       localStorage[key] = JSON.stringify({...kept, endsAt: 0}); }"""
        )

    async def visit(self, path: str) -> None:
        """Go to a page of the navigation as its link does, without loading the panel anew."""
        await self.page.evaluate("path => history.pushState({}, '', path)", f"/admin{path}")
        await expect(self.page.locator("main h1").first).to_have_text(self.t(f"page.{path[1:]}"))
        await self.settled()

    async def settled(self) -> None:
        """Wait for the heading, and until nothing says that it is loading."""
        await expect(self.page.locator("main h1").first).to_be_visible()
        await expect(self.page.get_by_text(self.t("state.loading"))).to_have_count(0)

    def button(self, key: str, **facts: object) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=self.t(key, **facts), exact=True)

    def row(self, words: str) -> Locator:
        """A row of a table, or a card on a phone."""
        return self.page.locator("main tbody tr, main ul > li").filter(has_text=words).first

    async def sees(self, words: str) -> None:
        """Wait until the words are on the screen."""
        await expect(self.page.get_by_text(words).first).to_be_visible()

    async def violations(self, *rules: str) -> list[str]:
        """What axe finds serious or critical on the page, by all of its rules or by the named ones."""
        return await violations(self.page, *rules)

    async def dim(self, is_dark: bool) -> None:
        """Show the page as whoever likes it dark (or light) sees it."""
        await self.page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", is_dark)

    async def unspoken(self) -> list[str]:
        """Keys of texts that are shown in the place of words."""
        shown = await self.page.locator("body").inner_text()
        return sorted(set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", shown)) & set(self.words))


async def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds serious or critical on a page, by all of its rules or by the named ones."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found: list[dict[str, Any]] = await page.evaluate(
        """async options => (await axe.run(document, options)).violations
            .filter(rule => ["serious", "critical"].includes(rule.impact))
            .map(rule => ({id: rule.id, nodes: rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160))}))""",
        {"resultTypes": ["violations"], **only},
    )
    return [f"{item['id']}: {item['nodes']}" for item in found]


async def window(browser: Browser, language: str, scheme: str, size: str) -> BrowserContext:
    """A browser of somebody: language, light or dark, desktop or phone."""
    width, height = SIZES[size]
    return await browser.new_context(
        viewport={"width": width, "height": height}, locale={"ru": "ru-RU", "en": "en-US"}[language],
        color_scheme="dark" if scheme == "dark" else "light", has_touch=size == "phone", is_mobile=size == "phone",
        reduced_motion="reduce",  # nothing is measured while it fades
    )  # fmt: skip
