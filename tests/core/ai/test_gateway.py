"""AI-4, AI-5: who is asked, what a failure changes, and when a run gives up."""

import asyncio
from collections import Counter
from contextlib import aclosing
from datetime import timedelta
from uuid import UUID

import pytest

from kassa.core import ai
from kassa.core.ai import AttemptMade, ErrorClass, Finished, FinishReason, TextDelta, Usage
from kassa.kit import clock
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Invalid, NotFound
from tests.core.ai.fakes import Call, Script

QUESTION = ai.TextRequest((ai.Message(ai.Role.USER, (ai.TextPart("Hello"),)),), temperature=0.7)
QUICK = ai.RunOptions(patience_s=0.5)


async def ask(
    gateway: ai.Gateway,
    organization: UUID,
    slug: str = "chatgpt-4-omni",
    request: ai.TextRequest = QUESTION,
    options: ai.RunOptions = QUICK,
) -> list[ai.GatewayEvent]:
    return [event async for event in ai.run_text(gateway, organization, slug, request, options)]


async def fails(
    gateway: ai.Gateway, organization: UUID, slug: str = "chatgpt-4-omni", options: ai.RunOptions = QUICK
) -> ai.ProviderError:
    with pytest.raises(ai.ProviderError) as caught:
        await ask(gateway, organization, slug, options=options)
    return caught.value


async def add_keys(database: Database, organization: UUID, vault: Vault, *secrets: str, **fields: object) -> None:
    async with database.transaction() as session:
        for secret in secrets:
            await ai.add_key(session, organization, "openai", vault, secret, **fields)  # type: ignore[arg-type]


async def keys(database: Database, organization: UUID) -> dict[str, ai.KeyCard]:
    async with database.transaction() as session:
        return {key.hint: key for key in await ai.list_keys(session, organization)}


def attempts(events: list[ai.GatewayEvent]) -> list[AttemptMade]:
    return [event for event in events if isinstance(event, AttemptMade)]


async def test_an_answer_its_attempt_and_its_cost(gateway: ai.Gateway, organization: UUID, script: Script) -> None:
    events = await ask(gateway, organization)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "an answer "
    assert events[-1] == Finished(FinishReason.STOP)
    assert Usage(100, 10, 0) in events
    (attempt,) = attempts(events)
    assert (attempt.provider, attempt.upstream_name, attempt.error_class) == ("openai", "gpt-4o", "")
    # 100 × $2.50 and 10 × $10 a million.
    assert attempt.cost_micro_usd == 350
    assert attempt.first_delta_ms is not None
    (call,) = script.calls
    assert (call.key, call.model, call.request.max_output_tokens) == ("sk-openai-0001", "gpt-4o", 16_384)
    assert call.request.temperature == 0.7


async def test_the_newest_models_get_no_temperature(gateway: ai.Gateway, organization: UUID, script: Script) -> None:
    await ask(gateway, organization, "claude-sonnet")
    (call,) = script.calls
    assert call.request.temperature is None
    assert call.request.extra == {"output_config": {"effort": "low"}}


async def test_the_successor_takes_over_on_the_day(gateway: ai.Gateway, organization: UUID, script: Script) -> None:
    days = (ai.load_catalogue().models[0].routes[0].shutdown or clock.now().date()) - clock.now().date()
    with clock.moved(days - timedelta(days=1)):
        await ask(gateway, organization)
    with clock.moved(days):
        await ask(gateway, organization)
    assert [call.model for call in script.calls] == ["gpt-4o", "gpt-5.4"]


async def test_keys_take_turns_by_weight(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    await add_keys(database, organization, vault, "sk-heavy-key-0002", weight=3)
    for _ in range(8):
        await ask(gateway, organization)
    assert Counter(call.key for call in script.calls) == {"sk-openai-0001": 2, "sk-heavy-key-0002": 6}
    assert [call.key for call in script.calls[:4]].count("sk-openai-0001") == 1


@pytest.mark.parametrize(
    ("error_class", "state"),
    [
        (ErrorClass.RATE_LIMIT, "cooldown"),
        (ErrorClass.QUOTA_EMPTY, "exhausted"),
        (ErrorClass.INVALID_KEY, "disabled"),
        (ErrorClass.NO_ACCESS, "active"),
    ],
)
async def test_a_bad_key_is_put_aside_and_another_answers(
    gateway: ai.Gateway,
    organization: UUID,
    script: Script,
    database: Database,
    vault: Vault,
    error_class: ErrorClass,
    state: str,
) -> None:
    await add_keys(database, organization, vault, "sk-second-key-0002")
    script.rule = lambda call: error_class if call.key == "sk-openai-0001" else None
    for _ in range(4):
        events = await ask(gateway, organization)
        assert events[-1] == Finished(FinishReason.STOP)
    asked = Counter(call.key for call in script.calls)
    assert asked == {"sk-openai-0001": 1, "sk-second-key-0002": 4}
    key = (await keys(database, organization))["…0001"]
    assert key.state == state
    assert (key.until is None) == (state == "active")
    assert list(key.blocked_models) == (["gpt-4o"] if error_class is ErrorClass.NO_ACCESS else [])


async def test_all_processes_agree(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    other = ai.Gateway(database, ai.KeyPool(database, vault), gateway.drivers)
    await ask(other, organization)
    script.steps = [ErrorClass.INVALID_KEY]
    await fails(gateway, organization)
    with clock.moved(timedelta(seconds=3)):
        assert (await fails(other, organization)).code == "ai.no_route"
    assert len(script.calls) == 2


async def test_a_cooled_down_key_comes_back_after_retry_after(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    script.steps, script.retry_after_s = [ErrorClass.RATE_LIMIT], 30
    error = await fails(gateway, organization)
    assert (error.code, error.retry_after_s) == ("ai.busy", 30)
    busy = await fails(gateway, organization)
    assert busy.code == "ai.busy"
    assert 28 < (busy.retry_after_s or 0) <= 31
    assert len(script.calls) == 1
    with clock.moved(timedelta(seconds=31)):
        await ask(gateway, organization)
    assert (await keys(database, organization))["…0001"].state == "active"
    assert (await keys(database, organization))["…0001"].fails == 0


async def test_a_short_wait_is_waited_when_nobody_else_is_left(
    gateway: ai.Gateway, organization: UUID, script: Script
) -> None:
    script.steps, script.retry_after_s = [ErrorClass.RATE_LIMIT], 0.1
    events = await ask(gateway, organization)
    assert [attempt.error_class for attempt in attempts(events)] == ["rate_limit", ""]


async def test_a_server_that_is_down_is_asked_three_times_then_somebody_else(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    async with database.transaction() as session:
        await ai.add_endpoint(session, organization, "reseller", "https://reseller.example/v1")
        await ai.add_key(session, organization, "reseller", vault, "sk-reseller-0001")
        route = ("claude-sonnet", "reseller", "openai_chat", "anthropic/claude")
        await ai.add_route(session, organization, *route, priority=5)
    gateway.pool.forget(organization)
    script.rule = lambda call: ErrorClass.TRANSIENT if call.endpoint.name == "anthropic" else None
    made = attempts(await ask(gateway, organization, "claude-sonnet", options=ai.RunOptions(patience_s=2)))
    assert [attempt.endpoint for attempt in made] == ["anthropic"] * 3 + ["reseller"]
    assert [attempt.key_action for attempt in made] == ["count_failure"] * 3 + ["none"]


async def test_a_refusal_may_go_elsewhere_when_the_owner_allows(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    async with database.transaction() as session:
        await ai.add_endpoint(session, organization, "reseller", "https://reseller.example/v1")
        await ai.add_key(session, organization, "reseller", vault, "sk-reseller-0001")
        route = ("claude-sonnet", "reseller", "openai_chat", "anthropic/claude")
        await ai.add_route(session, organization, *route, priority=5)
    gateway.pool.forget(organization)
    script.rule = lambda call: ErrorClass.CONTENT_POLICY if call.endpoint.name == "anthropic" else None
    assert (await fails(gateway, organization, "claude-sonnet")).code == "ai.refused"
    options = ai.RunOptions(allow_refused_elsewhere=True)
    made = attempts(await ask(gateway, organization, "claude-sonnet", options=options))
    assert [attempt.endpoint for attempt in made] == ["anthropic", "reseller"]


async def test_failures_in_a_row_rest_the_key(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    script.rule = lambda _: ErrorClass.TIMEOUT
    for _ in range(5):
        assert (await fails(gateway, organization)).code == "ai.timeout"
    assert (await keys(database, organization))["…0001"].state == "cooldown"
    # With nobody else to ask, a key that we let rest is asked all the same: a likely failure beats a sure one.
    script.rule = lambda _: None
    await ask(gateway, organization)
    assert len(script.calls) == 6
    assert (await keys(database, organization))["…0001"].state == "active"


async def test_a_model_that_is_gone_gives_way_to_its_successor(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    script.rule = lambda call: ErrorClass.MODEL_GONE if call.model == "gpt-4o" else None
    await ask(gateway, organization)
    await ask(gateway, organization)
    assert [call.model for call in script.calls] == ["gpt-4o", "gpt-5.4", "gpt-5.4"]
    async with database.transaction() as session:
        routes = await ai.list_routes(session, organization, gateway.drivers)
    (gone,) = [route for route in routes if route.blocked_until is not None]
    assert gone.upstream_name == "gpt-4o"


@pytest.mark.parametrize(
    ("error_class", "code"), [(ErrorClass.CONTENT_POLICY, "ai.refused"), (ErrorClass.BAD_INPUT, "ai.bad_input")]
)
async def test_a_refusal_is_final_and_costs_the_key_nothing(
    gateway: ai.Gateway,
    organization: UUID,
    script: Script,
    database: Database,
    vault: Vault,
    error_class: ErrorClass,
    code: str,
) -> None:
    await add_keys(database, organization, vault, "sk-second-key-0002")
    script.steps = [error_class]
    assert (await fails(gateway, organization)).code == code
    assert len(script.calls) == 1
    assert all(key.fails == 0 and key.state == "active" for key in (await keys(database, organization)).values())


async def test_an_empty_answer_is_asked_once_more(gateway: ai.Gateway, organization: UUID, script: Script) -> None:
    script.steps = [ErrorClass.EMPTY_ANSWER]
    assert len(attempts(await ask(gateway, organization))) == 2
    script.rule = lambda _: ErrorClass.EMPTY_ANSWER
    assert (await fails(gateway, organization)).code == "ai.empty_answer"


async def test_nothing_is_asked_again_after_a_part_was_delivered(
    gateway: ai.Gateway, organization: UUID, script: Script
) -> None:
    script.steps, script.deltas_before_error = [ErrorClass.TRANSIENT], 2
    events: list[ai.GatewayEvent] = []
    with pytest.raises(ai.ProviderError):
        await gather(gateway, organization, QUICK, events)
    assert [type(event) for event in events] == [TextDelta, TextDelta, AttemptMade]
    (attempt,) = attempts(events)
    assert attempt.delivered_chars == 10
    assert len(script.calls) == 1


async def test_a_caller_who_can_start_over_gets_another_answer(
    gateway: ai.Gateway, organization: UUID, script: Script
) -> None:
    script.steps, script.deltas_before_error = [ErrorClass.TRANSIENT], 2
    events = await ask(gateway, organization, options=ai.RunOptions(may_restart=True))
    restart = events.index(ai.Restarted())
    assert [type(event) for event in events[:restart]] == [TextDelta, TextDelta, AttemptMade]
    assert events[-1] == Finished(FinishReason.STOP)


async def test_attempts_are_limited(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    await add_keys(database, organization, vault, *[f"sk-another-key-{n:04}" for n in range(2, 9)])
    script.rule = lambda _: ErrorClass.INVALID_KEY
    error = await fails(gateway, organization, options=ai.RunOptions(max_attempts=3))
    assert error.error_class is ErrorClass.INVALID_KEY
    assert len(script.calls) == 3


async def test_closing_stops_and_gives_the_lease_back(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.update_key(session, organization, key.id, {"concurrency": 1})
    async with aclosing(ai.run_text(gateway, organization, "chatgpt-4-omni", QUESTION)) as events:
        async for _ in events:
            busy = await fails(gateway, organization)
            assert busy.error_class is ErrorClass.CONCURRENCY
            break
    await ask(gateway, organization)
    assert len(script.calls) == 2


async def test_keys_of_one_account_share_its_limit_and_a_lost_lease_ends(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database, vault: Vault
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.update_key(session, organization, key.id, {"concurrency": 1, "account_tag": "one"})
    await add_keys(database, organization, vault, "sk-second-key-0002", concurrency=1, account_tag="one")
    model = await gateway.pool.model(organization, "chatgpt-4-omni")
    route = model.routes[0]
    lost = [await gateway.pool.lease(model, ai.Candidate(route, key), 600) for key in route.keys]
    assert [is_free for is_free, _ in lost] == [True, False]
    assert (await fails(gateway, organization)).error_class is ErrorClass.CONCURRENCY
    with clock.moved(timedelta(seconds=601)):
        await ask(gateway, organization)


async def test_a_limit_of_parallel_requests_holds_under_a_rush(
    gateway: ai.Gateway, organization: UUID, database: Database
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.update_key(session, organization, key.id, {"concurrency": 3})
    model = await gateway.pool.model(organization, "chatgpt-4-omni")
    candidate = ai.Candidate(model.routes[0], model.routes[0].keys[0])
    taken = await asyncio.gather(*(gateway.pool.lease(model, candidate, 60) for _ in range(20)))
    assert sum(is_free for is_free, _ in taken) == 3


async def test_nobody_configured(gateway: ai.Gateway, organization: UUID) -> None:
    assert (await fails(gateway, organization, "deepseek")).code == "ai.no_route"
    with pytest.raises(NotFound):
        await ask(gateway, organization, "gpt-9")


async def test_pictures_only_where_they_are_read(
    gateway: ai.Gateway, organization: UUID, database: Database, vault: Vault
) -> None:
    message = ai.Message(ai.Role.USER, (ai.ImagePart("image/png", "aGk="),))
    with pytest.raises(Invalid) as caught:
        await ask(gateway, organization, "deepseek", ai.TextRequest((message,)))
    assert caught.value.code == "ai.images_not_supported"
    await ask(gateway, organization, "gemini-pro", ai.TextRequest((message,)))


async def test_a_disabled_key_is_probed_when_due(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    script.steps = [ErrorClass.INVALID_KEY]
    await fails(gateway, organization)
    assert await ai.probe_due_keys(gateway) == []
    script.rule = still_invalid
    with clock.moved(timedelta(hours=7)):
        (probe,) = await ai.probe_due_keys(gateway)
        assert probe.error_class == "invalid_key"
        assert await ai.probe_due_keys(gateway) == []
    script.rule = None
    with clock.moved(timedelta(hours=14)):
        (probe,) = await ai.probe_due_keys(gateway)
        assert probe.error_class == ""
    assert (await keys(database, organization))["…0001"].state == "active"


async def test_what_the_owner_disabled_nobody_tries(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    async with database.transaction() as session:
        (key,) = [key for key in await ai.list_keys(session, organization) if key.endpoint == "openai"]
        await ai.disable_key(session, organization, key.id)
    with clock.moved(timedelta(days=30)):
        assert await ai.probe_due_keys(gateway) == []
        assert (await fails(gateway, organization)).code == "ai.no_route"
    assert script.calls == []


async def test_a_late_success_does_not_undo_what_the_owner_did(
    gateway: ai.Gateway, organization: UUID, script: Script, database: Database
) -> None:
    script.steps = [ErrorClass.TRANSIENT]
    async with database.transaction() as session:
        (key,) = [card for card in await ai.list_keys(session, organization) if card.endpoint == "openai"]
    async with aclosing(ai.run_text(gateway, organization, "chatgpt-4-omni", QUESTION)) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                async with database.transaction() as session:
                    await ai.disable_key(session, organization, key.id)
    async with database.transaction() as session:
        (after,) = [card for card in await ai.list_keys(session, organization) if card.id == key.id]
    assert (after.state, after.until) == ("disabled", None)


def still_invalid(_: Call) -> ErrorClass:
    return ErrorClass.INVALID_KEY


async def gather(gateway: ai.Gateway, organization: UUID, options: ai.RunOptions, into: list[ai.GatewayEvent]) -> None:
    async for event in ai.run_text(gateway, organization, "chatgpt-4-omni", QUESTION, options):
        into.append(event)  # noqa: PERF401 - what came before an error counts
