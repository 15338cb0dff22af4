"""Processes killed between any two steps: afterwards nobody has paid twice, lost anything, or waits for ever.

One process serves HTTP, the clock and the sandbox, and lives; the process with the work dies at a named point and is
started again, as a supervisor does.
"""

import asyncio
from collections.abc import Awaitable, Iterator

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows import programs
from tests.flows.installation import SHOP, Installation, Process, installed
from tests.flows.phone import Phone, text_of
from tests.flows.steps import (
    answers,
    at_shop,
    buttons,
    buy,
    choose,
    eventually,
    has_button,
    has_link,
    last_id,
    order,
    orders,
    press,
    ref_of,
    tokens,
)

WORK = ("bot", "jobs")


class Supervised:
    """An installation whose working process may be killed."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self._worker: Process | None = None

    async def work(self) -> None:
        """Start the worker unless it runs."""
        if self._worker is None or not self._worker.is_alive:
            self._worker = await asyncio.to_thread(self.place.beside, *WORK)

    async def rest(self) -> None:
        """Stop the worker."""
        if self._worker is not None:
            assert await asyncio.to_thread(self._worker.stop) == 0
            self._worker = None

    async def crash(self, point: str, act: Awaitable[object]) -> None:
        """Let a worker come to a point while something happens, and die there."""
        await self.rest()
        victim = await asyncio.to_thread(self.place.beside, *WORK, FAILPOINT=point)
        await act
        assert await victim.death() == -9


@pytest.fixture(scope="module")
def site(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """Updates come by webhook, to the process that lives."""
    folder = tmp_path_factory.mktemp("kassa")
    with installed(test_server, folder, "api", "scheduler", TELEGRAM_TRANSPORT="webhook") as place:
        yield Supervised(place)


@pytest.mark.parametrize(
    "point", ["channels.before_handling", "channels.after_commit", "channels.before_send", "channels.after_send"]
)
async def test_an_update_is_answered_once(site: Supervised, http: aiohttp.ClientSession, point: str) -> None:
    """CHN-2: killed while an update is handled. Only between Telegram's answer and our record of it a message may
    come twice, because the Bot API has no idempotency key; never three times, and never not at all."""
    await site.work()
    phone = await site.place.meet(http)
    await site.crash(point, phone.say("/help"))
    await site.work()
    await phone.wait("/paysupport")
    sent = await phone.say("/menu")
    await phone.wait("📋", after=sent["message_id"])
    seen = [message for message in await phone.from_bot() if "/paysupport" in text_of(message)]
    assert len(seen) in ((1, 2) if point == "channels.after_send" else (1,))
    await site.place.check()


@pytest.mark.parametrize("point", ["billing.before_create", "billing.after_create"])
async def test_a_payment_page_is_opened_once(site: Supervised, http: aiohttp.ClientSession, point: str) -> None:
    """PAY-1: killed before or after the provider was called: one payment there, one link, one purchase."""
    await site.work()
    phone = await site.place.meet(http)
    await phone.say("/buy")
    await press(phone, await phone.wait(has_button("plan:tokens-7d-150k")), "plan:tokens-7d-150k")
    card = await phone.wait(has_button("pay:tokens-7d-150k"))
    await site.crash(point, press(phone, card, "pay:tokens-7d-150k"))
    await site.work()
    linked = await phone.wait(has_link)
    url = next(button["url"] for button in buttons(linked) if "url" in button)
    payment = (await orders(site.place, phone, http))[0]["payment"]["id"]
    assert await _made_at_shop(site.place, http, payment) == [ref_of(url)]
    await phone.pay(url)
    await phone.wait("✅")
    assert await tokens(site.place, phone, http) == (150_000, 0)
    await site.place.check()


@pytest.mark.parametrize("point", ["billing.after_fetch", "billing.inside_settlement", "billing.before_event_closed"])
async def test_a_payment_counts_once(site: Supervised, http: aiohttp.ClientSession, point: str) -> None:
    """PAY-1, LED-2: killed while a payment is applied: its tokens, its revenue and its message come once."""
    await site.work()
    phone = await site.place.meet(http)
    url = await order(phone)
    await site.crash(point, phone.pay(url))
    await site.work()
    await phone.wait("✅")
    await site.place.until("select not exists (select 1 from billing_event where state = 'new')")
    assert await tokens(site.place, phone, http) == (150_000, 0)
    assert len([message for message in await phone.from_bot() if "✅" in text_of(message)]) == 1
    posted = await site.place.value(
        "select count(*) from ledger_transaction where kind = 'payment' and idempotency_key = 'pay:yookassa:' || $1",
        ref_of(url),
    )
    assert posted == 1
    await site.place.check()


@pytest.mark.parametrize(
    ("point", "amount"),
    [
        ("billing.before_refund", ""),
        ("billing.after_refund", "49.00"),
        ("billing.after_refund", ""),
        ("billing.inside_refund", "49.00"),
    ],
)
async def test_money_goes_back_once(site: Supervised, http: aiohttp.ClientSession, point: str, amount: str) -> None:
    """BIL-6: the command that gives money back is killed: the worker finishes it, once, with that share of tokens."""
    await site.work()
    phone = await site.place.meet(http)
    await buy(phone)
    (bought,) = await orders(site.place, phone, http)
    await site.rest()
    words = ["refund", bought["id"], "--reason", "по просьбе", *(["--amount", amount] if amount else [])]
    await _killed(site.place, words, point)
    await site.work()
    await phone.wait("Возврат")
    await site.place.until("select not exists (select 1 from billing_event where state = 'new')")
    assert len([message for message in await phone.from_bot() if "Возврат" in text_of(message)]) == 1
    ref = await site.place.value("select provider_ref from billing_payment where order_id = $1::uuid", bought["id"])
    assert (await at_shop(site.place, http, ref))["refunded_amount"]["value"] == (amount or "98.00")
    assert await tokens(site.place, phone, http) == (75_000 if amount else 0, 0)
    made = await site.place.rows(
        "select r.status from billing_refund r join billing_payment p on p.id = r.payment_id where p.provider_ref = $1",
        ref,
    )
    assert [row["status"] for row in made] == ["succeeded"]
    await site.place.check()


async def test_a_question_is_answered_and_charged_once(site: Supervised, http: aiohttp.ClientSession) -> None:
    """AI-3, LED-4: killed four times, at every step of answering; each of four people gets one answer for one price."""
    await site.work()
    phones = [await site.place.meet(http, name=name) for name in ("Анна", "Борис", "Вера", "Глеб")]
    for phone in phones:
        await buy(phone)
        await choose(phone)
    points = ("ai.before_provider", "ai.after_provider", "ai.inside_settlement", "ai.after_settlement")
    for number, (phone, point) in enumerate(zip(phones, points, strict=True)):
        await site.crash(point, phone.say(f"Что такое проводка? №{number}"))
    await site.work()
    for phone in phones:
        await phone.wait("Ответила модель", timeout_s=60)
        await eventually(lambda phone=phone: tokens(site.place, phone, http), (149_000, 0))  # type: ignore[misc]
    for phone in phones:
        assert len(await answers(phone)) == 1
    await site.place.until("select not exists (select 1 from ledger_hold where state = 'open')")
    await site.place.check()


async def test_the_process_that_serves_everything_is_killed(
    test_server: Server, site: Supervised, http: aiohttp.ClientSession
) -> None:
    """RUN-6, PAY-1: HTTP and the emulated world die too, with a payment on its way; what was accepted is finished."""
    await site.work()
    phone = await site.place.meet(http)
    url = await order(phone)
    before = await last_id(phone)
    await phone.fault("yookassa", "webhook_late", times=1, seconds=2)
    await phone.pay(url)
    await phone.say("/help")
    await asyncio.sleep(0.3)  # the emulated Telegram writes to disk a few times a second
    site.place.processes[0].kill()
    site.place.processes[0] = await asyncio.to_thread(site.place.up, "api", "scheduler")
    await site.place.no_limits()
    again = Phone(http, site.place.base, phone.person, phone.bot)
    await again.wait("✅", after=before)
    await again.wait("/paysupport", after=before)
    assert await tokens(site.place, again, http) == (150_000, 0)
    await site.place.check()


async def _killed(place: Installation, words: list[str], point: str) -> None:
    """A command that dies at a point."""
    environment = place.environment(SANDBOX_URL=f"{place.base}/sandbox", FAILPOINT=point)
    process = await asyncio.to_thread(programs.start, words, place.folder, environment, place.folder / "killed.log")
    assert process.stdout is not None
    process.stdout.close()
    assert await asyncio.to_thread(process.wait) == -9


async def _made_at_shop(place: Installation, http: aiohttp.ClientSession, payment_id: str) -> list[str]:
    """The shop's payments that carry this id of ours."""
    async with http.get(f"{place.base}/sandbox/yookassa/v3/payments?limit=100", headers=SHOP) as answer:
        items = (await answer.json())["items"]
    return [item["id"] for item in items if item["metadata"]["payment_id"] == payment_id]
