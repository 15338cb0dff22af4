"""The same roles in many processes, a stop in the middle of the work, and a database that restarts under it."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from kassa.kit.postgres import EmbeddedPostgres
from tests.conftest import Server
from tests.flows.installation import Installation, Process
from tests.flows.phone import Phone, text_of
from tests.flows.steps import answers, ask_the_poller, buy, choose, eventually, order, tokens

PEOPLE = 6


async def _crowd(place: Installation, http: aiohttp.ClientSession) -> list[Phone]:
    phones = await asyncio.gather(*(place.meet(http, name=f"Вера {number}") for number in range(PEOPLE)))
    await asyncio.gather(*(buy(phone) for phone in phones))
    await asyncio.gather(*(choose(phone) for phone in phones))
    return list(phones)


async def _asked(place: Installation, phones: list[Phone]) -> None:
    """Everybody asks two questions that are answered slowly, and wants something quick after them."""
    await phones[0].fault("openai", "slow", times=PEOPLE, match="gpt-4o", chunk_delay_s=0.05)
    for number, phone in enumerate(phones):
        await phone.say(f"Что такое дебет? №{phone.person}")
        await phone.say(f"Что такое кредит? №{phone.person}")
        await phone.say("/help" if number % 2 else "/profile")


async def _settled(place: Installation, http: aiohttp.ClientSession, phones: list[Phone], first: int = 0) -> None:
    """Every question answered once for one price, every command answered once, in the order they came."""
    for phone in phones:
        await eventually(lambda phone=phone: tokens(place, phone, http), (148_000, 0), 60)  # type: ignore[misc]
    await place.until("select not exists (select 1 from channel_message where state = 'pending')")
    for number, phone in enumerate(phones, first):
        assert len(await answers(phone)) == 2
        mark = "/paysupport" if number % 2 else "👤"
        assert len([message for message in await phone.from_bot() if mark in text_of(message)]) == 1
    await place.check()


@pytest.mark.slow
async def test_many_processes_and_a_rolling_restart(
    test_server: Server, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """RUN-4, RUN-6: one api, two of each other role; each is stopped by SIGTERM in the middle of the work and ends
    cleanly, and what it had accepted is finished by it or by its twin."""
    name = await test_server.clone()
    place = Installation(tmp_path, test_server.url_of(name))
    try:
        await asyncio.to_thread(place.up, "api")
        await place.no_limits()
        twins: dict[str, list[Process]] = {}
        for role in ("bot", "jobs", "scheduler"):
            pair = [place.launch(role, SANDBOX_URL=f"{place.base}/sandbox") for _ in range(2)]
            twins[role] = pair
        for pair in twins.values():
            for process in pair:
                await asyncio.to_thread(process.wait_ready)
        phones = await _crowd(place, http)
        await _asked(place, phones)
        for pair in twins.values():
            assert await asyncio.to_thread(pair[0].stop) == 0
        url = await order(phones[0])
        await phones[0].fault("yookassa", "webhook_lost", times=1)
        await phones[0].pay(url)
        await ask_the_poller(place, phones[0])
        await eventually(lambda: _orders_paid(place, phones[0]), 2)
        await eventually(lambda: tokens(place, phones[0], http), (298_000, 0), 60)
        await _settled(place, http, phones[1:], first=1)
    finally:
        place.close()
        await test_server.drop(name)


async def _orders_paid(place: Installation, phone: Phone) -> int:
    query = "select count(*) from billing_order where chat_id = $1 and status = 'paid'"
    return int(await place.value(query, phone.person))


@pytest.mark.slow
async def test_postgresql_restarts_under_load(
    own_server: EmbeddedPostgres, tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """RUN-4, AI-3, PAY-1: the database goes away for a moment while answers are written and a payment comes in:
    every process stays, and nothing is lost or doubled."""
    place = Installation(tmp_path, own_server.url)
    try:
        await asyncio.to_thread(place.up)
        await place.no_limits()
        phones = await _crowd(place, http)
        late = await place.meet(http)
        url = await order(late)
        await _asked(place, phones)
        await asyncio.sleep(1)
        await late.pay(url)
        await asyncio.to_thread(own_server.stop)
        await asyncio.sleep(0.5)
        await late.say("/help")
        await asyncio.to_thread(own_server.start)
        await late.wait("✅", timeout_s=60)
        await late.wait("/paysupport", timeout_s=60)
        assert place.processes[0].is_alive
        assert await tokens(place, late, http) == (150_000, 0)
        await _settled(place, http, phones)
        assert await asyncio.to_thread(place.processes[0].stop) == 0
    finally:
        place.close()
