"""APP-1, APP-2, IDN-1…3, I18-1: the customer's app in a browser: by e-mail, as a visitor, by Telegram's login page."""

import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.app import DOORS, PASSWORD, SCREENS, CustomerApp
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.panel import window
from tests.flows.installation import Installation

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

PAY = {"ru": "Заплатить", "en": "Pay"}


def an_email() -> str:
    """Nobody's yet."""
    return f"{uuid.uuid4().hex[:10]}@example.com"


@pytest_asyncio.fixture(loop_scope="session")
async def app(browser: Browser, place: Installation, shots: Path | None) -> AsyncIterator[CustomerApp]:
    """The app on a phone, in English, before signing in; it must not have had an error at the end."""
    context = await window(browser, "en", "light", "phone")
    app = CustomerApp(await context.new_page(), place.base, "en", shots, "app")
    yield app
    assert app.problems == []
    await context.close()


async def pay(app: CustomerApp) -> None:
    """On the payment page: pay, and come back."""
    await app.page.wait_for_url("**/sandbox/yookassa/checkout/**")
    await app.page.get_by_role("button", name=re.compile("^(Заплатить|Pay)")).click()
    await (
        app.page.get_by_role("link", name=re.compile("магазин|shop|store"))
        .or_(app.page.get_by_role("button", name=re.compile("магазин|shop|store")))
        .first.click()
    )


@pytest.mark.parametrize(("language", "scheme", "size"), [("ru", "light", "phone"), ("en", "dark", "desktop")])
async def test_from_registration_to_tokens(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    """APP-1: a customer without Telegram registers, buys, sees tokens and order, signs out and in again."""
    context = await window(browser, language, scheme, size)
    app = CustomerApp(await context.new_page(), place.base, language, shots, f"{language}-{scheme}-{size}")
    email = an_email()
    await app.register(email, "Вера Орлова")
    await app.sees(app.t("home.hello", name="Вера"))
    await app.shot("home-empty")
    await app.go("plans")
    await app.screen.locator("a[href='/plans/eternal-150k']").click()
    await app.settled()
    await app.shot("plan")
    await app.screen.get_by_role("button", name=re.compile("149")).click()
    await pay(app)
    await app.page.wait_for_url("**/orders/current")
    await app.sees(app.t("orders.title.paid"))
    await app.shot("paid")
    await app.go("home")
    await expect(app.screen.get_by_text(re.compile(r"150[\s,.\u00a0\u202f]000")).first).to_be_visible()
    await app.shot("home")
    found = await place.rows(
        "select o.status, o.return_url from billing_order o join identity_customer c on c.id = o.customer_id"
        " where c.email = $1", email,
    )  # fmt: skip
    assert [(row["status"], row["return_url"]) for row in found] == [("paid", f"{place.base}/orders/current")]

    await app.go("profile")
    await app.cell("profile.sign_out").click()
    await app.link("signin.submit").click()
    await app.sign_in(email)
    await expect(app.screen.get_by_text(re.compile(r"150[\s,.\u00a0\u202f]000")).first).to_be_visible()
    assert app.problems == []
    await context.close()


async def test_a_payment_that_fails_charges_nothing_and_may_be_tried_again(
    app: CustomerApp, place: Installation
) -> None:
    email = an_email()
    await app.register(email, "John")
    await app.open("/plans/eternal-150k")
    await app.screen.get_by_role("button", name=re.compile("149")).click()
    await app.page.wait_for_url("**/sandbox/yookassa/checkout/**")
    await app.page.go_back()  # away from the payment page: the order lies where the plan was
    await app.page.wait_for_url("**/orders/*")
    await app.sees(app.t("orders.title.pending"))
    payment = await place.value(
        "select p.provider_ref from billing_payment p join billing_order o on o.id = p.order_id"
        " join identity_customer c on c.id = o.customer_id where c.email = $1", email,
    )  # fmt: skip
    async with aiohttp.ClientSession() as http:
        page = f"{place.base}/sandbox/yookassa/checkout/{payment}"
        async with http.post(
            page, data={"action": "decline", "reason": "insufficient_funds"}, allow_redirects=False
        ) as told:
            assert told.status in (200, 303)
    await app.sees(app.t("orders.title.failed"))
    await app.link("orders.again").click()
    await app.page.wait_for_url("**/plans/eternal-150k")


async def test_one_order_however_often_the_button_is_pressed(app: CustomerApp, place: Installation) -> None:
    """The same look at a plan is the same order: the key is made once."""
    email = an_email()
    await app.register(email, "Twice")
    await app.open("/plans/eternal-150k")
    # The first answer is lost on its way back, as in a tunnel; the customer presses again.
    lost: list[str] = []

    async def lose_first(route: object) -> None:
        if not lost:
            lost.append("")
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await app.page.route("**/api/v1/billing/orders", lose_first)
    button = app.screen.get_by_role("button", name=re.compile("149"))
    await button.click()
    await app.sees(app.t("error.service.unreachable"))
    await button.click()
    await app.page.wait_for_url("**/sandbox/yookassa/checkout/**")
    count = await place.value(
        "select count(*) from billing_order o join identity_customer c on c.id = o.customer_id where c.email = $1",
        email,
    )
    assert count == 1
    app.problems.clear()  # the browser's own word about the lost answer


async def test_a_visitor_tries_and_keeps_what_they_did(app: CustomerApp, place: Installation) -> None:
    """IDN-3: a guest becomes a customer with an e-mail, and stays the same customer."""
    await app.open("/")
    await app.button("welcome.visit").click()
    await app.sees(app.t("home.guest"))
    await app.cell("home.guest").click()
    email = an_email()
    await app.field("signin.email").first.fill(email)
    await app.field("signin.password").first.fill(PASSWORD)
    await app.button("account.add_email_submit").click()
    await app.sees(app.t("account.email_added"))
    await app.sees(email)
    assert await place.value("select is_guest from identity_customer where email = $1", email) is False


async def test_signing_in_by_telegrams_page(app: CustomerApp, place: Installation) -> None:
    """IDN-2: Telegram's page asks the person, and its signed answer signs in; nothing of it stays in the address."""
    name = f"Web {uuid.uuid4().hex[:6]}"
    async with aiohttp.ClientSession() as http:
        body = {"first_name": name, "language_code": "en"}
        async with http.post(f"{place.base}/sandbox/api/people", json=body) as made:
            person = (await made.json())["id"]
    await app.open("/login")
    await app.screen.get_by_role("link", name=re.compile("Telegram")).first.click()
    await app.page.wait_for_url("**/sandbox/oauth/auth**")
    await app.shot("oauth")
    await app.page.get_by_text(name).first.click()
    await (
        app.page.get_by_role("button")
        .filter(has_text=re.compile("Accept|Войти|Принять|Continue|Log in|Sign in|Allow"))
        .first.click()
    )
    await app.sees(app.t("home.balance"))
    assert app.page.url == f"{place.base}/"
    assert await place.value("select name from identity_customer where telegram_id = $1", person) == name


@pytest.mark.parametrize(("language", "scheme", "size"), [("ru", "dark", "phone"), ("en", "light", "desktop")])
async def test_every_screen_can_be_read_by_everybody(
    browser: Browser, place: Installation, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    """APP-3, I18-1: axe finds nothing serious; nothing sticks out; no key stands in the place of words."""
    context = await window(browser, language, scheme, size)
    app = CustomerApp(await context.new_page(), place.base, language, shots, f"all-{language}-{scheme}-{size}")
    found: dict[str, object] = {}

    async def look(path: str) -> None:
        await app.open(path)
        await app.shot(path.strip("/").replace("/", "-").partition("?")[0] or "home")
        if seen := [*await app.violations(), *await app.raw_keys(), *(["wide"] if await app.sticks_out() else [])]:
            found[path] = seen

    for path in DOORS:
        await look(path)
    await app.register(an_email(), "Анна Смирнова")
    for path in SCREENS:
        await look(path)
    assert found == {}
    assert app.problems == []
    await context.close()


async def test_the_language_is_the_persons_everywhere(app: CustomerApp, place: Installation, browser: Browser) -> None:
    """I18-1: chosen in the app, it is the bot's language too, and it is there in another browser."""
    email = an_email()
    await app.register(email, "Anna")
    await app.go("profile")
    await app.cell("profile.language").click()
    await app.sheet().get_by_text("Russian").click()
    await expect(app.screen.get_by_text("Профиль").first).to_be_visible()
    await place.until("select locale = 'ru' from identity_customer where email = $1", email)
    context = await window(browser, "en", "light", "phone")
    other = CustomerApp(await context.new_page(), place.base, "en")
    await other.open("/login")
    await other.sign_in(email)
    await expect(other.screen.get_by_text("Баланс", exact=True).first).to_be_visible()
    await context.close()


async def test_keys_and_devices(app: CustomerApp, place: Installation, browser: Browser) -> None:
    """IDN-1, IDN-8: a key made in the app is known until it is revoked; a device that is signed out is out at once."""
    email = an_email()
    await app.register(email, "Developer")
    await app.open("/profile/keys")
    await app.button("keys.new").last.click()
    await app.field("keys.name").fill("my script")
    await app.button("keys.make").click()
    secret = await app.sheet().locator("code").inner_text()
    await app.shot("key")
    headers = {"Authorization": f"Bearer {secret}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(f"{place.base}/v1/models") as answer:
            assert answer.status in (200, 403)  # the key is known; what it opens is the plan's matter
            known = (await answer.json()).get("error", {}).get("code")
        assert known != "invalid_api_key"
        await app.button("keys.kept").click()
        await app.button("keys.revoke").click()
        await app.sheet().get_by_role("button", name=app.t("keys.revoke"), exact=True).click()
        await app.sees(app.t("keys.none"))
        async with http.get(f"{place.base}/v1/models") as answer:
            assert answer.status == 401

    context = await window(browser, "en", "light", "desktop")
    other = CustomerApp(await context.new_page(), place.base, "en")
    await other.open("/login")
    await other.sign_in(email)
    await other.sees(other.t("home.balance"))
    await app.open("/profile/sessions")
    await app.button("sessions.end_others").click()
    await app.sheet().get_by_role("button", name=app.t("sessions.end"), exact=True).click()
    await expect(app.sheet()).to_have_count(0)
    await other.page.reload()
    await other.sees(other.t("welcome.title"))
    await context.close()


async def test_by_keyboard_alone(app: CustomerApp) -> None:
    """Every sheet opens, moves and closes without a pointer, and the focus comes back to where it was."""
    await app.register(an_email(), "Keys")
    await app.open("/profile")
    language = app.cell("profile.language")
    await language.focus()
    await app.page.keyboard.press("Enter")
    await expect(app.sheet()).to_be_visible()
    await app.page.keyboard.press("Escape")
    await expect(app.sheet()).to_have_count(0)
    await expect(language).to_be_focused()
