"""Production mode against emulators that run elsewhere: only addresses and keys are set. Updates come by webhook."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation
from tests.flows.outside import Outside, outside
from tests.flows.phone import Json, Phone, text_of
from tests.flows.steps import ask, ask_the_poller, buy, eventually, order, orders, ref_of, tokens

TOKEN = "7100000001:production-bot-of-the-tests-000001"
SHOP_AND_KEY = {"YOOKASSA_SHOP_ID": "100500", "YOOKASSA_SECRET_KEY": "live_secret"}


@dataclass
class Business:
    """A production installation and the world around it."""

    place: Installation
    world: Outside

    async def meet(self, http: aiohttp.ClientSession) -> Phone:
        """A new customer."""
        return await self.place.meet(http, "shop_bot")


@pytest.fixture(scope="module")
def business(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """One bot, connected by the command line."""
    folder = tmp_path_factory.mktemp("kassa")
    name = asyncio.run(test_server.clone())
    place = Installation(folder, test_server.url_of(name))
    with outside(f"{place.base}/api/v1/webhooks/yookassa") as world:
        place.world = world.url
        place.configure(
            MODE="production", PUBLIC_URL=place.base, SECRET_KEYS="a-secret-key-of-production-that-is-long",
            OWNER_EMAIL="owner@example.com", OWNER_PASSWORD="a-good-password", TELEGRAM_TRANSPORT="webhook",
            TELEGRAM_API_URL=f"{world.url}/sandbox/telegram", YOOKASSA_API_URL=f"{world.url}/sandbox/yookassa/v3",
            YOOKASSA_TRUSTED_IPS="127.0.0.1,185.71.76.0/27", OPENAI_API_URL=f"{world.url}/sandbox/openai/v1",
            OPENAI_API_KEY="sk-production", **SHOP_AND_KEY,
        )  # fmt: skip
        try:
            place.up()
            asyncio.run(_open(place))
            yield Business(place, world)
            assert world.problems() == []
        finally:
            place.close()
            asyncio.run(test_server.drop(name))


async def _open(place: Installation) -> None:
    async with aiohttp.ClientSession() as http:
        body = {"token": TOKEN, "name": "Лавка", "username": "shop_bot"}
        async with http.post(f"{place.world}/sandbox/api/bots", json=body) as answer:
            assert answer.status == 201
    await place.no_limits()
    added = await place.command("bot", "add", "--token", TOKEN)
    assert added["username"] == "shop_bot"
    await place.until("select connected_at is not null from channel_bot")


async def test_a_real_payment_and_an_answer(business: Business, http: aiohttp.ClientSession) -> None:
    """SBX-1, PAY-2, CTR: any outside emulator works by its address alone; what is sold in production is real money."""
    business.world.changes[""] = {"test": False}
    phone = await business.meet(http)
    await buy(phone)
    await ask(phone, "Как вести учёт?")
    await eventually(lambda: tokens(business.place, phone, http), (149_750, 0))
    async with http.get(f"{business.place.base}/sandbox/") as answer:
        assert answer.status == 404
    await business.place.check()


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        ({"test": True}, "test_payment"),
        ({"test": False, "amount": {"value": "97.00", "currency": "RUB"}}, "underpaid"),
        ({"test": False, "amount": {"value": "9800.00", "currency": "RUB"}}, "overpaid"),
        ({"test": False, "amount": {"value": "98.00", "currency": "USD"}}, "other_currency"),
    ],
)
async def test_money_that_does_not_fit_gives_nothing(
    business: Business, http: aiohttp.ClientSession, answered: Json, reason: str
) -> None:
    """PAY-1: a test payment, another amount or currency: nothing is given, a person has to look, nothing is dropped."""
    business.world.changes[""] = {"test": False}
    phone = await business.meet(http)
    url = await order(phone)
    business.world.changes[ref_of(url)] = answered
    await phone.pay(url)
    await business.place.until("select status = 'review' from billing_payment where provider_ref = $1", ref_of(url))
    assert await tokens(business.place, phone, http) == (0, 0)
    (bought,) = await orders(business.place, phone, http)
    assert (bought["status"], bought["payment"]["reason"]) == ("pending", reason)
    kept = "select count(*) from ledger_transaction where reference = 'payment:' || $1::text"
    assert await business.place.value(kept, bought["payment"]["id"]) == (0 if reason == "test_payment" else 1)
    noted = "select kind from billing_review where payment_id = $1::uuid"
    assert await business.place.value(noted, bought["payment"]["id"]) == reason
    await ask_the_poller(business.place, phone)
    assert not [message for message in await phone.from_bot() if "✅" in text_of(message)]
    await business.place.check()


async def test_the_proxys_word_about_the_caller(business: Business, http: aiohttp.ClientSession) -> None:
    """PAY-2: YooKassa's own address is told by the proxy that KASSA_TRUSTED_PROXIES names; any other is refused."""
    url = f"{business.place.base}/api/v1/webhooks/yookassa"
    body = {"type": "notification", "event": "deal.closed", "object": {"id": "2d-1", "status": "closed"}}
    for address, status in (("185.71.76.5", 200), ("185.71.77.5", 403), ("203.0.113.9", 403)):
        async with http.post(url, json=body, headers={"X-Forwarded-For": address}) as answer:
            assert answer.status == status, address


async def test_one_update_twenty_times_at_once(business: Business, http: aiohttp.ClientSession) -> None:
    """CHN-2: the same update in twenty requests at once is stored once and answered once; a stranger's is refused."""
    phone = await business.meet(http)
    path, secret = (await business.place.rows("select webhook_path, webhook_secret from channel_bot"))[0]
    url = f"{business.place.base}/api/v1/webhooks/telegram/{path}"
    chat = {"id": phone.person, "type": "private", "first_name": "Вера"}
    person = {"id": phone.person, "is_bot": False, "first_name": "Вера", "language_code": "ru"}
    message = {"message_id": 900, "date": 1_800_000_000, "chat": chat, "from": person, "text": "/menu"}
    update = {"update_id": 2_000_000_000, "message": message}

    async def send(secret: str) -> int:
        async with http.post(url, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": secret}) as answer:
            return answer.status

    assert await send("wrong") == 403
    assert await send("секрет".encode().decode("latin-1")) == 403
    assert set(await asyncio.gather(*(send(secret) for _ in range(20)))) == {200}
    await phone.wait("📋")
    await asyncio.sleep(0.5)
    assert len([message for message in await phone.from_bot() if "📋" in text_of(message)]) == 1


async def test_what_people_may_write(business: Business, http: aiohttp.ClientSession) -> None:
    """CHN-2: brackets, escapes and signs in a text are a text: they neither stop the bot nor get lost."""
    business.world.changes[""] = {"test": False}
    phone = await business.meet(http)
    await buy(phone)
    for number, text in enumerate(
        ("[" * 200 + "{" * 200, "a \\u0000 b", "\\", '"}', "\u2028 \U0001f9ff", "**[x](", "<b>")
    ):
        await ask(phone, f"{number} {text}")
        asked = "select question from ai_access_request where chat_id = $1 order by number desc limit 1"
        assert await business.place.value(asked, phone.person) == f"{number} {text}"
    await business.place.check()
