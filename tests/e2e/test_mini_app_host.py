"""SBX-1, APP-1: the phone as the host of a Mini App: what an app asks for by Telegram's protocol, what it is told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, expect

from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.e2e.mini_app import Host
from tests.e2e.page import SandboxPage
from tests.flows.installation import Installation, free_port

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

PAGE = Path(__file__).with_name("mini_app.html")
TOKEN = "7000000001:sandbox-demo-bot-neuro-ru-0000000001"
BOT = "neuro_demo_bot"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
DARK, LIGHT = "#000000", "#ffffff"


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere() -> AsyncIterator[str]:
    """A site with a Mini App, on another origin than the phone, as customers' Telegrams show ours."""

    async def app(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    async def outside(_request: web.Request) -> web.Response:
        return web.Response(text="<title>Outside</title><h1>Outside</h1>", content_type="text/html")

    site = web.Application()
    site.router.add_get("/", app)
    site.router.add_get("/outside", outside)
    runner = web.AppRunner(site)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/"
    await runner.cleanup()


@pytest_asyncio.fixture(
    params=[("en", "desktop", "light"), ("ru", "phone", "dark")], ids=["desktop", "phone"], loop_scope="session"
)
async def host(
    request: pytest.FixtureRequest, browser: Browser, place: Installation, elsewhere: str, shots: Path | None
) -> AsyncIterator[Host]:
    """The app, opened by the menu button of a bot."""
    language, size, scheme = request.param
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale={"ru": "ru-RU", "en": "en-US"}[language],
        color_scheme="dark" if scheme == "dark" else "light",
    )  # fmt: skip
    async with aiohttp.ClientSession() as http:
        button = {"type": "web_app", "text": "Probe", "web_app": {"url": elsewhere}}
        url = f"{place.base}/sandbox/telegram/bot{TOKEN}/setChatMenuButton"
        async with http.post(url, json={"menu_button": button}) as answer:
            assert answer.status == 200, await answer.text()
        async with http.patch(f"{place.base}/sandbox/api/bots/{BOT}", json={"main_app": elsewhere}) as answer:
            assert answer.status == 200
    phone = SandboxPage(await context.new_page(), place.base, language, shots, f"mini-app-{size}")
    await phone.open(f"Vera {size} {request.node.name}"[:60], "Нейросети")
    await phone.start()
    await phone.page.get_by_role("button", name="Probe", exact=True).click()
    made = Host(phone, phone.page.frame_locator("[data-launch] iframe"), place.base)
    await expect(made.app.locator("h1")).to_contain_text("Vera")
    yield made
    assert phone.problems == []
    await context.close()


async def test_buttons_around_the_app(host: Host) -> None:
    """APP-2: BackButton takes the place of Close; MainButton, SecondaryButton and SettingsButton are shown as asked."""
    close = host.says("Close", "Закрыть")
    await expect(host.button(close)).to_be_visible()
    await host.phone.shot("opened")
    await host.ask("back")
    await expect(host.button(close)).to_have_count(0)
    await host.button(host.says("Back", "Назад")).click()
    await host.told("back_button_pressed null")

    await host.ask("main")
    await host.ask("secondary")
    await host.phone.shot("buttons")
    await host.button("Pay 300 ₽").click()
    await host.told("main_button_pressed null")
    await host.button("Later").click()
    await host.told("secondary_button_pressed null")
    await host.ask("busy")
    await expect(host.button("Pay 300 ₽")).to_be_disabled()
    await expect(host.button("Pay 300 ₽")).to_have_attribute("aria-busy", "true")

    await host.ask("settings")
    await host.button(host.says("Menu", "Меню")).last.click()
    await host.button(host.says("Settings", "Настройки")).click()
    await host.told("settings_button_pressed null")


async def test_haptics_are_seen_and_listed(host: Host) -> None:
    """APP-2: a vibration lights the phone's edge up, and stands in the list of requests."""
    page = host.phone.page
    await page.evaluate("""() => {
        const old = Element.prototype.animate;
        window.pulses = 0;
        Element.prototype.animate = function (...facts) { window.pulses += 1; return old.apply(this, facts); };
    }""")
    before = len(await host.calls("web_app_trigger_haptic_feedback"))
    await host.ask("haptic")
    await page.wait_for_function("window.pulses > 0")
    await page.wait_for_timeout(500)
    found = await host.calls("web_app_trigger_haptic_feedback")
    assert len(found) == before + 1
    assert found[-1]["params"] == {"type": "notification", "notification_type": "success"}


async def test_the_theme_follows_the_phone(host: Host) -> None:
    """APP-2: launched in the phone's colours, and told of new ones while it is open."""
    is_dark = host.says("light", "dark") == "dark"
    launch = await host.app.locator("h1").evaluate("() => window.launch")
    assert (DARK if is_dark else LIGHT) in launch["tgWebAppThemeParams"]
    assert float(launch["tgWebAppVersion"]) >= 9
    await host.phone.page.emulate_media(color_scheme="light" if is_dark else "dark")
    await host.told(f'theme_changed "{LIGHT if is_dark else DARK}"')
    await host.phone.shot("other-theme")


async def test_a_popup_answers_with_its_button(host: Host) -> None:
    """APP-2: a popup has the app's words and Telegram's own; closed beside it, it names no button."""
    await host.ask("popup")
    popup = host.phone.page.get_by_role("alertdialog", name="Delete?")
    await expect(popup).to_contain_text("It cannot be undone.")
    await host.phone.shot("popup")
    await popup.get_by_role("button", name=host.says("Cancel", "Отмена")).click()
    await host.told('popup_closed {"button_id":"no"}')
    await host.ask("popup")
    await popup.get_by_role("button", name="Delete").click()
    await host.told('popup_closed {"button_id":"yes"}')
    await host.ask("popup")
    await expect(popup).to_be_visible()
    await host.phone.page.keyboard.press("Escape")
    await host.told("popup_closed {}")


async def test_closing_asks_when_something_is_unsaved(host: Host) -> None:
    """APP-2: the person's closing is asked about, the app's own is not."""
    sheet = host.phone.page.locator("[data-launch]")
    await host.ask("guard")
    await host.button(host.says("Close", "Закрыть")).click()
    await host.phone.shot("closing")
    await host.phone.page.get_by_role("alertdialog").get_by_role("button", name=host.says("Cancel", "Отмена")).click()
    await expect(sheet).to_be_visible()
    await host.button(host.says("Close", "Закрыть")).click()
    await host.button(host.says("Close anyway", "Всё равно закрыть")).click()
    await expect(sheet).to_have_count(0)
    await host.button("Probe").click()
    await host.ask("guard")
    await host.ask("close")
    await expect(sheet).to_have_count(0)


async def test_the_app_grows_steps_aside_and_comes_back(host: Host) -> None:
    """APP-2: expand fills the phone and tells the size; a link to a chat leaves the app waiting below; reload works."""
    page, app = host.phone.page, host.app
    low = await app.locator("html").evaluate("() => innerHeight")
    await host.ask("expand")
    await page.wait_for_timeout(600)
    size = await app.locator("html").evaluate("() => window.sizes.at(-1)")
    assert size["is_expanded"]
    assert size["is_state_stable"]
    assert size["height"] == await app.locator("html").evaluate("() => innerHeight") > low

    await host.ask("chat")
    await expect(page.get_by_role("heading", name="AI Tokens")).to_be_visible()
    await expect(page.locator("[data-launch]")).to_be_hidden()
    await host.phone.shot("minimized")
    await page.get_by_role("button", name=host.says("Open: Нейросети", "Открыть: Нейросети")).click()
    await host.told('visibility_changed {"is_visible":true}')

    await host.ask("link")
    sheet = page.get_by_role("dialog").last
    await expect(sheet.frame_locator("iframe").get_by_role("heading", name="Outside")).to_be_visible()
    await sheet.get_by_role("button", name=host.says("Close", "Закрыть")).click()

    await host.button(host.says("Menu", "Меню")).last.click()
    await host.button(host.says("Reload the page", "Обновить страницу")).click()
    await expect(app.locator("#log li")).to_have_count(0)
    await expect(app.locator("h1")).to_contain_text("Vera")


async def test_answers_that_are_honest_about_what_is_not_there(host: Host) -> None:
    """APP-2: the cloud keeps, the clipboard is nobody's, a method of the future changes nothing."""
    await host.ask("save")
    await host.told('custom_method_invoked {"req_id":"1","result":true}')
    await host.ask("load")
    await host.told('custom_method_invoked {"req_id":"2","result":{"draft":"kept"}}')
    await host.ask("clipboard")
    await host.told('clipboard_text_received {"req_id":"3","data":null}')
    count = await host.app.locator("#log li").count()
    await host.ask("unknown")
    await host.ask("write")
    await host.button(host.says("Allow", "Разрешить")).click()
    await host.told('write_access_requested {"status":"allowed"}')
    assert await host.app.locator("#log li").count() == count + 1
    assert (await host.calls("web_app_of_the_future"))[-1]["answers"] == []


async def test_a_link_starts_the_app_with_its_parameter(host: Host, place: Installation) -> None:
    """APP-1: t.me/<bot>?startapp=x opens the bot's main app over the chat, and the app knows x."""
    await host.ask("close")
    await host.phone.say(f"https://t.me/{BOT}?startapp=orders_17")
    await (
        host.phone.page.get_by_role("button", name=f"https://t.me/{BOT}?startapp=orders_17")
        .or_(host.phone.page.get_by_role("link", name=f"https://t.me/{BOT}?startapp=orders_17"))
        .last.click()
    )
    await expect(host.app.locator("#start")).to_contain_text("start=orders_17 query=orders_17")


async def test_the_library_of_our_app_understands_the_phone(host: Host) -> None:
    """APP-1: @tma.js/bridge, which checks the shape of everything, reads the launch and every answer."""
    frame = await host.frame()
    found = await frame.evaluate("""async () => {
        const { request, retrieveLaunchParams, supports } = window.tapps.bridge;
        const launch = retrieveLaunchParams();
        const asked = { title: "Delete?", message: "Sure?", buttons: [{ id: "yes", type: "ok" }] };
        window.popup = request("web_app_open_popup", "popup_closed", { params: asked });
        return {
            user: launch.tgWebAppData.user.first_name, signature: launch.tgWebAppData.signature.length,
            haptics: supports("web_app_trigger_haptic_feedback", launch.tgWebAppVersion),
            theme: await request("web_app_request_theme", "theme_changed"),
            viewport: await request("web_app_request_viewport", "viewport_changed"),
            area: await request("web_app_request_content_safe_area", "content_safe_area_changed"),
            time: await request("web_app_invoke_custom_method", "custom_method_invoked", {
                params: { req_id: "9", method: "getCurrentTime", params: {} }, capture: (event) => event.req_id === "9",
            }),
            location: await request("web_app_check_location", "location_checked"),
        };
    }""")
    assert found["user"].startswith("Vera")
    assert (found["signature"], found["haptics"]) == (86, True)
    assert len(found["theme"]["theme_params"]) == 15
    assert found["viewport"]["height"] > 200
    assert found["area"] == {"top": 0, "bottom": 0, "left": 0, "right": 0}
    assert found["time"]["result"] > 1_700_000_000
    assert found["location"] == {"available": False}
    await host.button("OK").click()
    assert (await frame.evaluate("() => window.popup"))["button_id"] == "yes"


@pytest.mark.parametrize("pays", [True, False])
async def test_an_invoice_is_paid_over_the_app(host: Host, elsewhere: str, pays: bool) -> None:
    """APP-1: the payment form opens over the app, which hears what became of it."""
    token = "4200000009:AAtestTokenForTheInvoicesOfKassa1234"
    async with aiohttp.ClientSession(f"{host.base}/sandbox/") as http:

        async def bot(method: str, **params: Any) -> Any:
            async with http.post(f"telegram/bot{token}/{method}", json=params) as answer:
                return (await answer.json())["result"]

        await bot("getMe")
        bot_id = token.partition(":")[0]
        async with http.patch(f"api/bots/{bot_id}", json={"main_app": elsewhere}) as answer:
            name = (await answer.json())["username"]
        price = [{"label": "Tokens", "amount": 50}]
        link = await bot(
            "createInvoiceLink", title="Tokens", description="150,000", payload="p", currency="XTR", prices=price
        )
        await host.ask("close")
        await host.phone.say(f"https://t.me/{name}?startapp")
        await host.phone.page.get_by_role("link", name=f"https://t.me/{name}?startapp").last.click()
        frame = await host.frame()
        await frame.evaluate(
            """(slug) => { window.outcome = window.tapps.bridge.request("web_app_open_invoice", "invoice_closed",
                { params: { slug } }); }""",
            link.rpartition("$")[2],
        )
        form = host.phone.page.get_by_role("alertdialog", name="Tokens")
        await expect(form).to_contain_text("150,000")
        await host.phone.shot("invoice")
        if not pays:
            await form.get_by_role("button", name=host.says("Cancel", "Отмена")).click()
        else:
            await form.get_by_role("button", name="⭐ 50").click()
            query, offset = None, 0
            while query is None:
                for update in await bot("getUpdates", timeout=5, offset=offset):
                    offset, query = update["update_id"] + 1, update.get("pre_checkout_query")
            await bot("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        closed = await frame.evaluate("() => window.outcome")
        assert closed["status"] == ("paid" if pays else "cancelled")
