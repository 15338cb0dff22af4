"""The customer's app as a person sees it: names and words, never its markup."""

from pathlib import Path

from playwright.async_api import Frame, Locator, Page, expect

from tests.e2e.panel import violations
from tests.e2e.window import Window, texts

PASSWORD = "a password of the tests"
SCREENS = (
    "/", "/plans", "/plans/tokens-14d-250k", "/orders", "/usage", "/profile", "/profile/account", "/profile/sessions",
    "/profile/keys", "/profile/levels",
)  # fmt: skip
DOORS = ("/", "/login", "/register", "/forgotten", "/reset?token=x")


class CustomerApp(Window):
    """One window with the app in it; `screen` is the page itself, or the frame in which Telegram shows it."""

    def __init__(self, page: Page, base: str, language: str, shots: Path | None = None, name: str = "") -> None:
        super().__init__(page, base, texts("app", language), shots, name)
        self.screen: Page | Frame = page

    async def open(self, path: str) -> None:
        """Go to an address and wait until its data is there."""
        await self.page.goto(f"{self.base}{path}")
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is being loaded any more."""
        await expect(self.screen.locator("#root > :not(.boot)").first).to_be_attached()
        await expect(self.screen.locator(".animate-pulse")).to_have_count(0)

    async def register(self, email: str, name: str) -> None:
        """From the first look to the first screen, as somebody new."""
        await self.open("/")
        await self.link("signin.register").click()
        await self.field("signin.name").fill(name)
        await self.field("signin.email").fill(email)
        await self.field("signin.password").fill(PASSWORD)
        await self.button("signin.register_submit").click()
        await self.sees(self.t("home.balance"))

    async def sign_in(self, email: str) -> None:
        """With e-mail and password, where the form is."""
        await self.field("signin.email").fill(email)
        await self.field("signin.password").fill(PASSWORD)
        await self.button("signin.submit").click()

    async def go(self, tab: str) -> None:
        """To a section, by its tab."""
        tabs = self.screen.get_by_role("navigation", name=self.t("tab.all"))
        await tabs.get_by_role("link", name=self.t(f"tab.{tab}"), exact=True).click()
        await self.settled()

    def button(self, key: str, **facts: object) -> Locator:
        """A button by its words."""
        return self.screen.get_by_role("button", name=self.t(key, **facts), exact=True)

    def link(self, key: str) -> Locator:
        """A link by its words."""
        return self.screen.get_by_role("link", name=self.t(key), exact=True)

    def cell(self, key: str) -> Locator:
        """A line of a section that leads somewhere or does something."""
        return self.screen.locator("section :is(a, button)").filter(has_text=self.t(key)).first

    def field(self, key: str) -> Locator:
        """A field by its label."""
        return self.screen.get_by_label(self.t(key), exact=True)

    def sheet(self) -> Locator:
        """The sheet that is open."""
        return self.screen.locator("dialog[open]")

    async def sees(self, words: str) -> None:
        """Wait until the words are on the screen."""
        await expect(self.screen.get_by_text(words).first).to_be_visible()

    async def violations(self) -> list[str]:
        """What axe finds serious or critical."""
        return await violations(self.page)

    async def raw_keys(self) -> list[str]:
        """Keys that stand in the place of words."""
        seen = await self.page.locator("body").inner_text()
        return [key for key in self.words if f" {key} " in f" {' '.join(seen.split())} " and "." in key]
