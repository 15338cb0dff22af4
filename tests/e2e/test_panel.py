"""ADM-1, I18-1, IDN-4, SEC-1: the owner's panel in a browser, from signing in to a refund, for every role and hand."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pyotp
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Request, expect

from tests.conftest import Server
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.page import lose_answer
from tests.e2e.panel import PASSWORD, Panel, paths, window
from tests.flows import steps
from tests.flows.installation import Installation, installed

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

OWNER = "owner@example.com"
STAFF = {"analyst": "analyst@example.com", "support_agent": "support@example.com", "admin": "second@example.com"}
ENTRY_BYTES = 200 * 1024


@dataclass(frozen=True)
class Business:
    """An installation in which somebody has bought, asked, and works."""

    place: Installation
    password: str
    orders: dict[str, int]
    """The number of each buyer's order, by their name."""

    @property
    def base(self) -> str:
        """Its address."""
        return self.place.base


@pytest.fixture(scope="module")
def business(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """Two buyers with a question each, and three colleagues."""
    with installed(test_server, tmp_path_factory.mktemp("panel")) as place:
        yield asyncio.run(_found(place))


async def _found(place: Installation) -> Business:
    password = (place.folder / "data" / "owner-password").read_text().strip()
    orders: dict[str, int] = {}
    async with aiohttp.ClientSession() as http:
        for name, question in (("Вера Орлова", "Что такое двойная запись?"), ("Игорь", "Напиши письмо поставщику")):
            phone = await place.meet(http, name=name)
            await steps.buy(phone)
            await steps.choose(phone)
            await steps.ask(phone, question)
            orders[name] = int((await steps.orders(place, phone, http))[0]["number"])
        owner = await place.owner(http)
        picture = aiohttp.FormData({"purpose": "attachment"})
        picture.add_field("file", _picture(), filename="receipt.png", content_type="image/png")
        async with http.post(f"{place.base}/api/v1/files", data=picture, headers=owner) as answer:
            assert answer.status == 201, await answer.text()
        for role, email in STAFF.items():
            body = {"email": email, "password": PASSWORD, "role": role, "name": role}
            async with http.post(f"{place.base}/api/v1/admin/staff", json=body, headers=owner) as answer:
                assert answer.status == 201, await answer.text()
    return Business(place, password, orders)


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "#0f6a50").save(made, "PNG")
    return made.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def panel(browser: Browser, business: Business) -> AsyncIterator[Panel]:
    """The panel on a desktop, in English, before signing in; it must not have had an error at the end."""
    context = await window(browser, "en", "light", "desktop")
    panel = Panel(await context.new_page(), business.base, "en")
    yield panel
    assert panel.problems == []
    await context.close()


@pytest.mark.parametrize(
    ("language", "scheme", "size", "buyer"),
    [("ru", "light", "desktop", "Вера Орлова"), ("en", "dark", "phone", "Игорь")],
)
async def test_from_signing_in_to_a_refund_with_a_reason(
    browser: Browser, business: Business, shots: Path | None, language: str, scheme: str, size: str, buyer: str
) -> None:
    context = await window(browser, language, scheme, size)
    panel = Panel(await context.new_page(), business.base, language, shots, f"{language}-{scheme}-{size}")
    number = business.orders[buyer]
    await panel.sign_in(OWNER, business.password, "/customers")
    await panel.settled()
    await panel.page.get_by_role("searchbox").fill(buyer.split()[0])
    await expect(panel.row(buyer)).to_contain_text({"ru": "Новичок", "en": "Newcomer"}[language])
    await expect(panel.page).to_have_url(f"{business.base}/admin/customers?q=" + quote(buyer.split()[0]))
    await panel.row(buyer).get_by_role("link").first.click()
    await panel.page.get_by_role("tab", name=panel.t("page.payments")).click()
    await panel.row(str(number)).get_by_role("link").first.click()
    await panel.sees(panel.t("sale.title", number=number))
    await panel.shot("payment")

    await panel.button("refund.do").click()
    dialog = panel.page.get_by_role("dialog")
    await dialog.get_by_role("radio", name=panel.t("refund.part"), exact=True).click()
    await dialog.get_by_label(panel.t("refund.amount", asset="RUB")).fill("1000")
    await expect(dialog.locator("button[type=submit]")).to_be_disabled()
    await dialog.get_by_label(panel.t("refund.amount", asset="RUB")).fill("40")
    await expect(dialog.locator("button[type=submit]")).to_be_disabled()
    await dialog.get_by_label(panel.t("danger.reason")).fill("Обещали скидку")
    await panel.shot("refund")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await panel.sees("Обещали скидку")
    await expect(panel.page.locator("h1").get_by_text(panel.t("status.partially_refunded"))).to_be_visible()
    kept = await business.place.rows(
        "select r.units, r.reason from billing_refund r join billing_payment p on p.id = r.payment_id"
        " join billing_order o on o.id = p.order_id where o.number = $1", number,
    )  # fmt: skip
    assert [tuple(row) for row in kept] == [(4000, "Обещали скидку")]
    await panel.open("/audit")
    await expect(panel.row(panel.t("audit_action.payment.refunded"))).to_be_visible()
    assert panel.problems == []
    await context.close()


@pytest.mark.parametrize(("language", "scheme", "size"), [("ru", "light", "desktop"), ("en", "dark", "phone")])
async def test_every_page_can_be_read_by_everybody(
    browser: Browser, business: Business, shots: Path | None, language: str, scheme: str, size: str
) -> None:
    """ADM-1: axe finds nothing serious, light or dark; nothing sticks out, no key stands in the place of words, and
    nothing fails."""
    context = await window(browser, language, scheme, size)
    panel = Panel(await context.new_page(), business.base, language, shots, f"{language}-{scheme}-{size}")
    await panel.page.goto(f"{business.base}/admin/")
    await expect(panel.button("signin.submit")).to_be_visible()
    found = {"sign-in": await panel.violations()}
    await panel.sign_in(OWNER, business.password)
    customer = await business.place.value("select customer_id::text from billing_order order by number limit 1")
    order = await business.place.value("select id::text from billing_order order by number limit 1")
    deep = [
        f"/customers/{customer}", f"/payments/{order}", "/plans/eternal-150k", "/models/chatgpt-4-omni",
        "/routes?tab=endpoints", "/policies?tab=trial", "/flags?tab=experiments", "/flags?tab=words",
    ]  # fmt: skip
    for path in [*paths(), *deep]:
        await (panel.open(path) if path in deep else panel.visit(path))
        await panel.shot(path.strip("/").replace("/", "-").replace("?", "-") or "start")
        found[path] = [*await panel.violations(), *await panel.unspoken()]
        if size == "desktop":  # the phone is dark all the time
            await panel.dim(is_dark=True)
            found[f"{path} in the dark"] = await panel.violations("color-contrast")  # nothing but colours differs
            await panel.dim(is_dark=False)
        assert not await panel.sticks_out(), path
    await panel.page.goto(f"{business.base}/admin/nowhere")
    await panel.sees(panel.t("state.nowhere"))
    assert {path: problems for path, problems in found.items() if problems} == {}
    assert panel.problems == []
    await context.close()


async def test_a_role_sees_only_what_it_may(panel: Panel, business: Business) -> None:
    """IDN-4: an analyst looks and changes nothing, and an address typed by hand opens nothing more."""
    await panel.sign_in(STAFF["analyst"], PASSWORD)
    await panel.settled()
    shown = await panel.page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    pages = [
        "dashboard",
        "customers",
        "dialogs",
        "files",
        "payments",
        "reviews",
        "models",
        "routes",
        "keys",
        "policies",
        "blocks",
        "flags",
    ]
    assert [name for name in shown if name != "Kassa"] == [panel.t(f"page.{name}") for name in pages]
    await panel.open("/payments")
    await panel.row("YooKassa").get_by_role("link").first.click()
    await panel.sees(panel.t("sale.details"))
    await expect(panel.button("refund.do")).to_have_count(0)
    await panel.page.goto(f"{business.base}/admin/staff")
    await panel.sees(panel.t("state.denied"))
    assert all("403" in problem for problem in panel.problems)
    panel.problems.clear()


async def test_everything_by_keyboard(panel: Panel, business: Business) -> None:
    """ADM-1: skip link, palette, rows, help and dialogs without a mouse."""
    await panel.sign_in(OWNER, business.password, "/customers")
    await panel.settled()
    page = panel.page
    await page.reload()
    await panel.settled()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name=panel.t("shell.skip"))).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()
    await page.keyboard.press("Escape")
    rows = page.locator("main [data-row]")
    await rows.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("tab", name=panel.t("customer.overview"))).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill(panel.t("page.plans")[:5])
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{business.base}/admin/plans")
    await panel.settled()
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await expect(page).to_have_url(f"{business.base}/admin/audit")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name=panel.t("shortcuts.title"))).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_second_factor_from_its_code_to_the_next_sign_in(panel: Panel, business: Business) -> None:
    """IDN-4: enrolled in the profile, asked for at the next sign-in, a wrong code opens nothing."""
    await panel.sign_in(STAFF["admin"], PASSWORD, "/profile")
    await panel.settled()
    await panel.button("factor.on").click()
    dialog = panel.page.get_by_role("dialog")
    picture = dialog.get_by_role("img", name=panel.t("factor.picture"))
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 0
    secret = str(await dialog.get_by_role("button", name=panel.t("action.copy")).inner_text()).strip()
    await dialog.get_by_label(panel.t("factor.code")).fill(pyotp.TOTP(secret).now())
    await dialog.get_by_role("button", name=panel.t("signin.confirm")).click()
    await panel.sees(panel.t("factor.recovery_title"))
    recovery = await dialog.get_by_role("listitem").first.inner_text()
    await panel.button("factor.kept").click()
    await panel.page.get_by_role("button", name=panel.t("shell.account")).click()
    await panel.page.get_by_role("menuitem", name=panel.t("shell.sign_out")).click()
    await panel.page.get_by_label(panel.t("signin.email")).fill(STAFF["admin"])
    await panel.page.get_by_label(panel.t("signin.password"), exact=True).fill(PASSWORD)
    await panel.button("signin.submit").click()
    await panel.page.get_by_label(panel.t("signin.code"), exact=True).fill("000000")
    await panel.button("signin.confirm").click()
    await panel.sees(panel.t("error.identity.credentials_wrong"))
    await panel.page.get_by_label(panel.t("signin.code"), exact=True).fill(recovery)
    await panel.button("signin.confirm").click()
    await panel.settled()
    panel.problems[:] = [problem for problem in panel.problems if "401" not in problem]


async def test_two_tabs_renew_one_session(panel: Panel, business: Business) -> None:
    """IDN-1: a refresh token works once, so tabs whose access token ended at once take turns; nobody is signed out."""
    await panel.sign_in(OWNER, business.password, "/customers")
    await panel.settled()
    asked: list[str] = []
    others = [await panel.page.context.new_page() for _ in range(3)]
    await panel.age()

    def note(request: Request) -> None:
        if request.url.endswith("/auth/refresh"):
            asked.append(request.url)

    for tab in (panel.page, *others):
        tab.on("request", note)
    await asyncio.gather(*(tab.goto(f"{business.base}/admin/payments") for tab in (panel.page, *others)))
    for tab in (panel.page, *others):
        await expect(tab.locator("main h1")).to_have_text(panel.t("page.payments"))
    assert len(asked) == 1
    await panel.page.get_by_role("button", name=panel.t("shell.account")).click()
    await panel.page.get_by_role("menuitem", name=panel.t("shell.sign_out")).click()
    for tab in others:  # signed out in one tab is signed out in all
        await expect(tab.get_by_label(panel.t("signin.email"))).to_be_visible()


async def test_a_renewal_whose_answer_is_lost_signs_nobody_out(panel: Panel, business: Business) -> None:
    """IDN-1: the refresh token was traded and the answer did not come: the same attempt goes on."""
    await panel.sign_in(OWNER, business.password, "/customers")
    await panel.settled()
    await panel.age()
    traded = await lose_answer(panel.page, "**/auth/refresh")
    await panel.open("/payments")
    await expect(panel.page.locator("main tbody tr").first).to_be_visible()
    assert traded == [200]
    panel.problems.clear()  # the browser says that a connection broke


async def test_the_first_page_is_light_and_charts_come_when_asked_for(panel: Panel, business: Business) -> None:
    """NFR: at most 200 KiB of scripts (packed) to a usable list, and the library of charts only on the dashboard."""
    loaded: dict[str, int] = {}

    async def measure(request: Request) -> None:
        if "/assets/" in request.url and ".js" in request.url:
            loaded[request.url.rpartition("/")[2]] = (await request.sizes())["responseBodySize"]

    pending: list[asyncio.Task[None]] = []
    panel.page.on("requestfinished", lambda request: pending.append(asyncio.create_task(measure(request))))
    await panel.sign_in(OWNER, business.password, "/customers")
    await panel.settled()
    await asyncio.gather(*pending)
    assert 50 * 1024 < sum(loaded.values()) <= ENTRY_BYTES, loaded
    assert not [name for name in loaded if name.startswith("Chart")]
    await panel.page.get_by_role("link", name=panel.t("page.dashboard")).click()
    await expect(panel.page.get_by_role("img", name=panel.t("dash.revenue_chart"))).to_be_visible()
    await asyncio.gather(*pending)
    assert [name for name in loaded if name.startswith("Chart")]


async def test_a_bot_sells_what_is_chosen_and_then_everything_again(panel: Panel, business: Business) -> None:
    """ADM-1, CHN-5: what a bot offers is chosen; its own text is previewed as a chat shows it, saved, and forgotten."""
    await panel.sign_in(OWNER, business.password, "/bots")
    await panel.settled()

    async def offer(choice: str) -> None:
        await panel.row("neuro_demo_bot").get_by_role("button", name=panel.t("list.actions")).click()
        await panel.page.get_by_role("menuitem", name=panel.t("action.change")).click()
        dialog = panel.page.get_by_role("dialog")
        await dialog.get_by_label(panel.t("page.plans")).first.select_option(label=panel.t(choice))
        if choice == "bot.only_chosen":
            await dialog.get_by_role("checkbox", name="150,000 tokens for 7 days").click()
        await panel.button("action.save").click()
        await expect(dialog).to_be_hidden()

    kept = "select plans from channel_bot where username = 'neuro_demo_bot'"
    await offer("bot.only_chosen")
    chosen = json.loads(await business.place.value(kept))
    assert len(chosen) > 5
    assert "tokens-7d-150k" not in chosen
    await offer("bot.everything")
    assert json.loads(await business.place.value(kept)) is None

    await panel.page.get_by_role("link", name=panel.t("page.texts")).click()
    await panel.page.get_by_role("radio", name="EN").click()
    await panel.page.get_by_label(panel.t("text.search")).fill("billing-buy")
    await panel.page.get_by_role("button", name="billing-buy").first.click()
    await panel.page.get_by_label(panel.t("text.text"), exact=True).fill("**Choose** a plan")
    await expect(panel.page.locator("b", has_text="Choose")).to_be_visible()
    await panel.button("action.save").click()
    await panel.sees(panel.t("text.saved"))
    await panel.button("text.reset").click()
    await panel.sees(panel.t("text.reset_done"))
