"""AI-6: equal questions are asked once, within a process and across processes; answers live a day."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from kassa.core import ai
from kassa.core.ai import AttemptMade, CacheHit, ErrorClass, Finished, FinishReason, TextDelta
from kassa.kit import clock
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from tests.core.ai.fakes import Script

QUESTION = ai.TextRequest((ai.Message(ai.Role.USER, (ai.TextPart("Hello"),)),))


@pytest.fixture
def text_cache(database: Database) -> ai.TextCache:
    return ai.TextCache(database)


async def ask(
    gateway: ai.Gateway,
    text_cache: ai.TextCache,
    organization: UUID,
    request: ai.TextRequest = QUESTION,
    slug: str = "chatgpt-4-omni",
    nonce: str = "",
) -> list[ai.GatewayEvent]:
    run = ai.run_cached_text(gateway, text_cache, organization, slug, request, nonce=nonce)
    return [part async for part in run]


def text_of(events: list[ai.GatewayEvent]) -> str:
    return "".join(part.text for part in events if isinstance(part, TextDelta))


async def test_the_second_answer_comes_from_the_cache(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script, database: Database
) -> None:
    first = await ask(gateway, text_cache, organization)
    second = await ask(gateway, text_cache, organization, replace(QUESTION, request_id="another"))
    assert text_of(first) == text_of(second)
    assert isinstance(second[0], CacheHit)
    assert second[0].price_percent == 100
    assert not any(isinstance(part, AttemptMade) for part in second)
    assert second[-1] == Finished(FinishReason.STOP)
    assert len(script.calls) == 1
    await text_cache.write_hits()
    async with database.transaction() as session:
        statistics = await ai.cache_statistics(session, organization)
    assert (statistics.answers, statistics.hits) == (1, 1)
    assert statistics.bytes > 0


async def test_whatever_shapes_the_answer_makes_another_question(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script
) -> None:
    picture = ai.Message(ai.Role.USER, (ai.TextPart("Hello"), ai.ImagePart("image/png", "aGk=")))
    other_picture = ai.Message(ai.Role.USER, (ai.TextPart("Hello"), ai.ImagePart("image/png", "eW8=")))
    requests = [
        QUESTION,
        replace(QUESTION, temperature=0.5),
        replace(QUESTION, system="Be brief"),
        replace(QUESTION, max_output_tokens=100),
        replace(QUESTION, messages=(picture,)),
        replace(QUESTION, messages=(other_picture,)),
    ]
    for _ in range(2):
        for request in requests:
            await ask(gateway, text_cache, organization, request)
    await ask(gateway, text_cache, organization, slug="chatgpt-4-omni-mini")
    await ask(gateway, text_cache, organization, nonce="again")
    assert len(script.calls) == len(requests) + 2


async def test_an_answer_lives_a_day(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script, database: Database
) -> None:
    await ask(gateway, text_cache, organization)
    with clock.moved(timedelta(hours=23, minutes=59)):
        await ask(gateway, text_cache, organization)
        async with database.transaction() as session:
            assert await ai.clean_cache(session) == 0
    assert len(script.calls) == 1
    with clock.moved(timedelta(hours=24, minutes=1)):
        async with database.transaction() as session:
            assert (await ai.cache_statistics(session, organization)).answers == 0
        await ask(gateway, text_cache, organization)
    assert len(script.calls) == 2
    with clock.moved(timedelta(hours=49)):
        async with database.transaction() as session:
            assert await ai.clean_cache(session) == 1


async def test_what_follows_the_news_is_not_kept(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    async with database.transaction() as session:
        await ai.seed_endpoints(session, organization, vault, [ai.EndpointSeed("perplexity", "", "pplx-key-0001")])
    for _ in range(2):
        await ask(gateway, text_cache, organization, slug="sonar")
    assert len(script.calls) == 2


async def test_tools_are_not_kept(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script
) -> None:
    request = replace(QUESTION, tools=(ai.Tool("clock", "Tells the time", {"type": "object"}),))
    for _ in range(2):
        await ask(gateway, text_cache, organization, request)
    assert len(script.calls) == 2


async def test_one_flight_in_a_process(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script
) -> None:
    script.pause_s = 0.2
    results = await asyncio.gather(*(ask(gateway, text_cache, organization) for _ in range(20)))
    assert len(script.calls) == 1
    assert {text_of(events) for events in results} == {"an answer "}
    assert sum(isinstance(events[0], CacheHit) for events in results) == 19


async def test_those_who_wait_in_a_process_do_not_ask_the_database(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script, database: Database
) -> None:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    script.pause_s = 0.2
    await asyncio.gather(*(ask(gateway, text_cache, organization) for _ in range(10)))
    assert sum("INSERT INTO ai_cache" in statement for statement in statements) == 1


async def test_one_flight_across_processes(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    script.pause_s = 0.3
    processes = [
        (ai.Gateway(database, ai.KeyPool(database, vault), gateway.drivers), ai.TextCache(database)) for _ in range(4)
    ]
    results = await asyncio.gather(*(ask(one, cache, organization) for one, cache in processes for _ in range(3)))
    assert len(script.calls) == 1
    assert {text_of(events) for events in results} == {"an answer "}


async def test_a_failed_flight_lets_the_next_one_try(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script
) -> None:
    script.pause_s, script.steps = 0.1, [ErrorClass.CONTENT_POLICY]
    results = await asyncio.gather(*(ask(gateway, text_cache, organization) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(result, ai.Refused) for result in results) == 1
    assert len(script.calls) == 2


async def test_a_stopped_flight_lets_the_next_one_try(
    gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, script: Script
) -> None:
    run = ai.run_cached_text(gateway, text_cache, organization, "chatgpt-4-omni", QUESTION)
    async with aclosing(run) as events:
        async for part in events:
            assert isinstance(part, TextDelta)
            break
    assert text_of(await ask(gateway, text_cache, organization)) == "an answer "
    assert len(script.calls) == 2


async def test_a_claim_of_a_dead_process_ends(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    dead = ai.TextCache(database)
    run = ai.run_cached_text(gateway, dead, organization, "chatgpt-4-omni", QUESTION)
    await anext(run)
    with clock.moved(timedelta(seconds=121)):
        assert text_of(await ask(gateway, ai.TextCache(database), organization)) == "an answer "
    assert len(script.calls) == 2
    await run.aclose()
    # The late return of the dead one takes nothing away.
    assert isinstance((await ask(gateway, ai.TextCache(database), organization))[0], CacheHit)


async def test_clearing(gateway: ai.Gateway, text_cache: ai.TextCache, organization: UUID, database: Database) -> None:
    await ask(gateway, text_cache, organization)
    async with database.transaction() as session:
        assert await ai.clear_cache(session, organization, "deepseek") == 0
        assert await ai.clear_cache(session, organization) == 1
