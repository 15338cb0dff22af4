"""AI-4: every text driver answers alike, and tells every failure in our own classes, over real HTTP."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import aiohttp
import pytest

from kassa.adapters.ai import text_drivers
from kassa.core.ai import (
    ErrorClass,
    Finished,
    FinishReason,
    ImagePart,
    Message,
    ProviderError,
    Role,
    TextDelta,
    TextDriver,
    TextEvent,
    TextPart,
    TextRequest,
    Tool,
    ToolCall,
    Usage,
)
from tests.adapters.ai.live import KINDS, MODELS, Live, live

PROVIDERS = list(MODELS)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Live]:
    with live() as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(emulator: Live) -> Iterator[None]:
    yield
    emulator.faults.clear()


@pytest.fixture
async def drivers() -> AsyncIterator[dict[str, TextDriver]]:
    async with aiohttp.ClientSession() as session:
        yield text_drivers(session)


def question(provider: str, text: str = "Как поднять продажи?", **fields: object) -> TextRequest:
    message = Message(Role.USER, (TextPart(text),))
    return TextRequest(messages=(message,), model=MODELS[provider], **fields)  # type: ignore[arg-type]


async def ask(
    drivers: dict[str, TextDriver], emulator: Live, provider: str, request: TextRequest, key: str = "sk-good",
    *, hasty: bool = False,
) -> list[TextEvent]:  # fmt: skip
    driver = drivers[KINDS[provider]]
    return [event async for event in driver.stream(request, emulator.endpoint(provider, hasty=hasty), key)]


async def gather(stream: AsyncIterator[TextEvent], into: list[TextEvent]) -> None:
    async for event in stream:
        into.append(event)  # noqa: PERF401 - what came before an error counts


def text_of(events: list[TextEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_answers_with_text_usage_and_an_end(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    events = await ask(drivers, emulator, provider, question(provider, system="Отвечай кратко."))
    assert text_of(events).startswith("## Как поднять продажи?")
    assert "песочница" in text_of(events)
    (usage,) = [event for event in events if isinstance(event, Usage)]
    assert usage.input_tokens > 0
    assert usage.output_tokens > 20
    assert events[-1] == Finished(FinishReason.STOP)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_limit_of_tokens_ends_with_length(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    events = await ask(drivers, emulator, provider, question(provider, max_output_tokens=16))
    assert events[-1] == Finished(FinishReason.LENGTH)
    assert 0 < len(text_of(events)) < 64


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_sends_pictures(drivers: dict[str, TextDriver], emulator: Live, provider: str) -> None:
    message = Message(Role.USER, (TextPart("Что на фото?"), ImagePart("image/png", "iVBORw0KGgo=")))
    events = await ask(drivers, emulator, provider, TextRequest((message,), model=MODELS[provider]))
    assert "Вижу изображений: 1" in text_of(events)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_twenty_thousand_characters_come_whole(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    events = await ask(drivers, emulator, provider, question(provider, "Напиши текст на 20000 знаков"))
    text = text_of(events)
    assert len(text) == 20_000
    assert "```python" in text
    assert "|---|" in text
    assert "$$" in text


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("refusal", ErrorClass.CONTENT_POLICY),
        ("500", ErrorClass.TRANSIENT),
        ("overloaded", ErrorClass.TRANSIENT),
        ("timeout", ErrorClass.TIMEOUT),
        ("stall", ErrorClass.TIMEOUT),
        ("cut", ErrorClass.TRANSIENT),
        ("malformed", ErrorClass.TRANSIENT),
        ("empty", ErrorClass.EMPTY_ANSWER),
        ("429", ErrorClass.RATE_LIMIT),
        ("invalid_key", ErrorClass.INVALID_KEY),
        ("quota", ErrorClass.QUOTA_EMPTY),
        ("no_access", ErrorClass.NO_ACCESS),
        ("bad_input", ErrorClass.BAD_INPUT),
        ("model_gone", ErrorClass.MODEL_GONE),
    ],
)
async def test_every_failure_has_its_class(
    drivers: dict[str, TextDriver], emulator: Live, provider: str, kind: str, expected: ErrorClass
) -> None:
    emulator.fault(provider, kind, retry_after=7)
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, emulator, provider, question(provider), hasty=expected is ErrorClass.TIMEOUT)
    assert caught.value.error_class is expected
    assert caught.value.provider == provider
    assert caught.value.detail
    assert caught.value.retry_after_s == (7 if kind == "429" else None)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_fault_of_all_providers_reaches_each(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    emulator.fault("ai", "500")
    with pytest.raises(ProviderError):
        await ask(drivers, emulator, provider, question(provider))
    assert text_of(await ask(drivers, emulator, provider, question(provider)))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_parts_before_a_cut_are_delivered(drivers: dict[str, TextDriver], emulator: Live, provider: str) -> None:
    emulator.fault(provider, "cut")
    delivered: list[TextEvent] = []
    stream = drivers[KINDS[provider]].stream(question(provider), emulator.endpoint(provider), "sk-good")
    with pytest.raises(ProviderError) as caught:
        await gather(stream, delivered)
    assert caught.value.error_class is ErrorClass.TRANSIENT
    assert text_of(delivered).startswith("## Как")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_key_wrong_is_wrong(drivers: dict[str, TextDriver], emulator: Live, provider: str) -> None:
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, emulator, provider, question(provider), key="wrong")
    assert caught.value.error_class is ErrorClass.INVALID_KEY


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_unknown_model_is_gone(drivers: dict[str, TextDriver], emulator: Live, provider: str) -> None:
    message = Message(Role.USER, (TextPart("Hi"),))
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, emulator, provider, TextRequest((message,), model="dall-e-3"))
    assert caught.value.error_class is ErrorClass.MODEL_GONE


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_address_where_nobody_listens_is_transient(drivers: dict[str, TextDriver], provider: str) -> None:
    nobody = Live("http://127.0.0.1:9", faults=None, store=None)  # type: ignore[arg-type]
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, nobody, provider, question(provider))
    assert caught.value.error_class is ErrorClass.TRANSIENT


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_probe_tells_a_good_key_from_a_bad_one(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    driver, endpoint = drivers[KINDS[provider]], emulator.endpoint(provider)
    await driver.probe(endpoint, "sk-good")
    with pytest.raises(ProviderError) as caught:
        await driver.probe(endpoint, "wrong")
    assert caught.value.error_class is ErrorClass.INVALID_KEY


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_tool_is_called_and_its_result_told(
    drivers: dict[str, TextDriver], emulator: Live, provider: str
) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    asked = question(provider, "Узнай weather в Москве", tools=(Tool("get_weather", "Weather", schema),))
    events = await ask(drivers, emulator, provider, asked)
    (call,) = [event for event in events if isinstance(event, ToolCall)]
    assert call.name == "get_weather"
    assert call.arguments.startswith('{"city":')
    assert events[-1] == Finished(FinishReason.TOOL_CALLS)
    answered = (
        *asked.messages,
        Message(Role.ASSISTANT, (), tool_calls=(call,)),
        Message(Role.TOOL, (TextPart("Снег, -5"),), tool_call_id=call.id),
    )
    events = await ask(drivers, emulator, provider, replace(asked, messages=answered))
    assert "Снег, -5" in text_of(events)
    assert events[-1] == Finished(FinishReason.STOP)


async def test_deepseek_thinks_only_when_not_told_otherwise(drivers: dict[str, TextDriver], emulator: Live) -> None:
    thoughtful = await ask(drivers, emulator, "deepseek", question("deepseek"))
    plain = await ask(drivers, emulator, "deepseek", question("deepseek", extra={"thinking": {"type": "disabled"}}))
    assert any(type(event).__name__ == "ReasoningDelta" for event in thoughtful)
    assert not any(type(event).__name__ == "ReasoningDelta" for event in plain)


async def test_openai_answers_over_responses_too(drivers: dict[str, TextDriver], emulator: Live) -> None:
    driver = drivers["openai_responses"]
    events = [event async for event in driver.stream(question("openai"), emulator.endpoint("openai"), "sk-good")]
    assert text_of(events).startswith("## Как")
    assert events[-1] == Finished(FinishReason.STOP)


async def test_gemini_blocks_in_the_middle_of_an_answer(drivers: dict[str, TextDriver], emulator: Live) -> None:
    emulator.fault("gemini", "refusal", where="answer")
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, emulator, "gemini", question("gemini"))
    assert caught.value.error_class is ErrorClass.CONTENT_POLICY
