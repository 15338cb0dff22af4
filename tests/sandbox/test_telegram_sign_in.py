"""IDN-2, APP-1: whom the sandbox's Telegram signs in, in its apps and on sites, the product lets in."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, installed
from tests.flows.phone import Phone, meet
from tests.sandbox.telegram_stand import Stand, stand

BOT = 4200000001
SITE_BOT = "neuro_demo_bot"


@pytest.fixture
async def place() -> AsyncIterator[Stand]:
    """A sandbox with a bot."""
    async with stand() as made:
        await made.call("getMe")
        yield made


@pytest.fixture(scope="module")
def shop(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The product with the sandbox."""
    with installed(test_server, tmp_path_factory.mktemp("shop")) as made:
        yield made


@pytest.fixture
async def anna(shop: Installation) -> AsyncIterator[Phone]:
    """A person with a phone, who has never written to the bot."""
    async with aiohttp.ClientSession() as http:
        yield await meet(http, shop.base, SITE_BOT, "en", "Anna")


async def test_a_launch_signs_a_customer_in(shop: Installation, anna: Phone) -> None:
    """IDN-2, APP-1: the button that the product set, the address that it gave, the check of POST /auth/telegram."""
    launch = await anna.post("/mini-apps/launches", {"person": anna.person, "bot": anna.bot["id"]})
    address = urlsplit(launch["url"])
    assert f"{address.scheme}://{address.netloc}" == shop.base
    [bot_id] = parse_qs(address.query)["bot"]
    async with aiohttp.ClientSession(f"{shop.base}/api/v1/") as http:
        body = {"init_data": launch["init_data"], "bot_id": bot_id}
        async with http.post("auth/telegram", json=body) as answer:
            assert answer.status == 200, await answer.text()
            assert (await answer.json())["customer"]["name"] == "Anna"
        forged = {**body, "init_data": launch["init_data"].replace("Anna", "Hanna")}
        async with http.post("auth/telegram", json=forged) as answer:
            assert answer.status == 401


async def test_the_greeting_offers_the_app(shop: Installation, anna: Phone) -> None:
    """APP-1: /start and /menu have a button that opens the app; so has what a link of a group leads to."""
    for words, has in (("/start", "/balance"), ("/menu", "Menu"), ("/start app_orders_17", "in the app")):
        sent = await anna.say(words)
        message = await anna.wait(has, after=sent["message_id"])
        [first, *_] = message["reply_markup"]["inline_keyboard"]
        assert [button["text"] for button in first] == ["📱 Open the app"]
        launch = await anna.post(
            "/mini-apps/launches",
            {
                "person": anna.person, "chat": anna.key, "message_id": message["message_id"],
                "address": first[0]["web_app"]["url"],
            },
        )  # fmt: skip
        page = "/orders/17" if "17" in words else "/"
        assert urlsplit(launch["url"]).path == page


async def test_a_site_signs_a_person_in_with_telegram(shop: Installation, anna: Phone) -> None:
    """IDN-2: what a page asks beforehand, the page where one agrees, and what comes back is accepted."""
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{shop.base}/api/v1/chat/site") as answer:
            site = await answer.json()
        assert site["name"] == "Kassa"
        assert {"ru", "en"} == set(site["locales"])
        bot = next(item for item in site["telegram"]["bots"] if item["username"] == SITE_BOT)
        assert bot["telegram_id"] == anna.bot["id"]
        return_to = f"{shop.base}/login?next=1"
        query = {
            "bot_id": str(bot["telegram_id"]), "origin": shop.base, "request_access": "write", "return_to": return_to,
        }  # fmt: skip
        page = f"{site['telegram']['oauth_url']}/auth"
        async with http.get(page, params=query, headers={"Accept-Language": "en"}) as answer:
            shown = await answer.text()
            assert answer.status == 200
        assert "Anna" in shown
        assert "@neuro_demo_bot" in shown
        form = {"answer": "agree", "person": str(anna.person), "may_write": "true"}
        async with http.post(page, params=query, data=form, allow_redirects=False) as answer:
            assert answer.status == 303
            back, _, result = answer.headers["Location"].partition("#tgAuthResult=")
        assert back == return_to
        facts = json.loads(base64.urlsafe_b64decode(result + "=" * (-len(result) % 4)))
        assert facts["id"] == anna.person
        body = {"facts": facts, "bot_id": bot["id"]}
        async with http.post(f"{shop.base}/api/v1/auth/telegram/widget", json=body) as answer:
            assert answer.status == 200, await answer.text()
            assert (await answer.json())["customer"]["name"] == "Anna"
        body["facts"] = {**facts, "id": facts["id"] + 1}
        async with http.post(f"{shop.base}/api/v1/auth/telegram/widget", json=body) as answer:
            assert answer.status == 401
        async with http.post(page, params=query, data={"answer": "refuse"}, allow_redirects=False) as answer:
            assert answer.headers["Location"] == f"{return_to}#tgAuthResult=false"


@pytest.mark.parametrize(
    ("bot_id", "origin", "return_to"),
    [
        ("1", "https://shop.example", "https://shop.example/"),
        (str(BOT), "https://shop.example", "https://evil.example/"),
        (str(BOT), "https://shop.example", "https://shop.example.evil.example/"),
        (str(BOT), "javascript:", "javascript:alert(1)"),
        (str(BOT), "", "/relative"),
    ],
)
async def test_nobody_is_sent_to_a_stranger(place: Stand, bot_id: str, origin: str, return_to: str) -> None:
    """What is signed for one site goes to no other."""
    person = (await place.person("Anna"))["id"]
    query = {"bot_id": bot_id, "origin": origin, "return_to": return_to}
    url = f"{place.url}/sandbox/oauth/auth"
    async with place.http.get(url, params=query) as answer:
        assert answer.status == 400
    form = {"answer": "agree", "person": str(person)}
    async with place.http.post(url, params=query, data=form, allow_redirects=False) as answer:
        assert answer.status == 400
