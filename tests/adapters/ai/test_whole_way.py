"""AI-1 to AI-6 together: the seeded catalogue, keys in PostgreSQL, real drivers, emulated vendors over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import aiohttp
import pytest

from kassa.adapters.ai import text_drivers
from kassa.core import ai
from kassa.kit import ids
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from tests.adapters.ai.live import PATHS, Live, live

SLUGS = ["chatgpt-4-omni", "chatgpt-4-omni-mini", "deepseek", "gemini-pro", "claude-sonnet", "sonar"]
VAULT = Vault(["a key for tests only"])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Live]:
    with live() as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(emulator: Live) -> Iterator[None]:
    yield
    emulator.faults.clear()


@pytest.fixture
async def organization(database: Database, emulator: Live) -> UUID:
    organization_id = ids.new()
    seeds = [ai.EndpointSeed(name, emulator.url + path, f"sk-{name}-key") for name, path in PATHS.items()]
    async with database.transaction() as session:
        await ai.seed_catalogue(session, organization_id, ai.load_catalogue())
        await ai.seed_endpoints(session, organization_id, VAULT, seeds)
    return organization_id


@pytest.fixture
async def gateway(database: Database) -> AsyncIterator[ai.Gateway]:
    async with aiohttp.ClientSession() as session:
        yield ai.Gateway(database, ai.KeyPool(database, VAULT), text_drivers(session))


def question(text: str) -> ai.TextRequest:
    return ai.TextRequest((ai.Message(ai.Role.USER, (ai.TextPart(text),)),), temperature=0.5)


async def ask(gateway: ai.Gateway, organization: UUID, slug: str, text: str = "Как дела?") -> list[ai.GatewayEvent]:
    run = ai.run_text(gateway, organization, slug, question(text), ai.RunOptions(patience_s=1))
    return [event async for event in run]


def text_of(events: list[ai.GatewayEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, ai.TextDelta))


@pytest.mark.parametrize("slug", SLUGS)
async def test_every_text_model_answers(gateway: ai.Gateway, organization: UUID, slug: str) -> None:
    events = await ask(gateway, organization, slug)
    assert text_of(events).startswith("## Как дела?")
    (attempt,) = [event for event in events if isinstance(event, ai.AttemptMade)]
    assert attempt.cost_micro_usd
    assert isinstance(events[-1], ai.Finished)


@pytest.mark.parametrize("slug", SLUGS)
async def test_a_long_text_is_not_cut(gateway: ai.Gateway, organization: UUID, slug: str) -> None:
    events = await ask(gateway, organization, slug, "Напиши текст на 20000 знаков")
    assert len(text_of(events)) == 20_000
    assert events[-1] == ai.Finished(ai.FinishReason.STOP)


async def test_a_hiccup_is_not_noticed(gateway: ai.Gateway, organization: UUID, emulator: Live) -> None:
    emulator.fault("openai", "500")
    events = await ask(gateway, organization, "chatgpt-4-omni")
    assert [event.error_class for event in events if isinstance(event, ai.AttemptMade)] == ["transient", ""]
    assert text_of(events)


async def test_a_retired_model_is_replaced_without_a_word(
    gateway: ai.Gateway, organization: UUID, emulator: Live
) -> None:
    emulator.fault("openai", "model_gone")
    events = await ask(gateway, organization, "chatgpt-4-omni")
    made = [event for event in events if isinstance(event, ai.AttemptMade)]
    assert [(attempt.upstream_name, attempt.error_class) for attempt in made] == [
        ("gpt-4o", "model_gone"),
        ("gpt-5.4", ""),
    ]


async def test_an_empty_account_is_found_again_when_paid(
    gateway: ai.Gateway, organization: UUID, emulator: Live, database: Database
) -> None:
    emulator.fault("deepseek", "quota")
    with pytest.raises(ai.ProviderError) as caught:
        await ask(gateway, organization, "deepseek")
    assert caught.value.error_class is ai.ErrorClass.QUOTA_EMPTY
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "deepseek"]
    assert key.state == "exhausted"
    assert (await ai.probe_key(gateway, organization, key.id)).error_class == ""
    assert text_of(await ask(gateway, organization, "deepseek"))


async def test_many_at_once(gateway: ai.Gateway, organization: UUID) -> None:
    answers = await asyncio.gather(*(ask(gateway, organization, "chatgpt-4-omni", f"Вопрос {n}") for n in range(100)))
    assert all(text_of(answer).startswith(f"## Вопрос {n}") for n, answer in enumerate(answers))
