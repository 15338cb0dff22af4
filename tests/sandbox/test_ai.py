"""SBX-1: the emulated AI providers are what clients of the real ones expect."""

import gzip
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import openai
import pytest
from jsonschema import Draft202012Validator

from tests.adapters.ai.live import Live, live

SPECS = Path(os.environ.get("KASSA_SPECS_DIR") or Path(__file__).parents[2] / "../shared/reference/specs")
HELLO = [{"role": "user", "content": "Напиши код и таблицу"}]


async def complete(client: openai.AsyncOpenAI, messages: Any = HELLO, model: str = "gpt-4o", **options: Any) -> Any:
    """Ask as any user of the official client would; its overloads take no list made at run time."""
    return await client.chat.completions.create(model=model, messages=messages, **options)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Live]:
    with live() as running:
        yield running


@pytest.fixture(autouse=True)
def no_faults(emulator: Live) -> Iterator[None]:
    yield
    emulator.faults.clear()


@pytest.fixture
async def client(emulator: Live) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{emulator.url}/openai/v1", api_key="sk-good", max_retries=0) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_official_client_asks_and_streams(client: openai.AsyncOpenAI) -> None:
    whole = await complete(client)
    assert "```python" in whole.choices[0].message.content
    assert "| Показатель |" in whole.choices[0].message.content
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    stream = await complete(client, stream=True, stream_options={"include_usage": True})
    chunks = [chunk async for chunk in stream]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


async def test_the_official_client_uses_responses(client: openai.AsyncOpenAI) -> None:
    whole = await client.responses.create(model="gpt-5.4", input="Compare two plans")
    assert whole.status == "completed"
    assert "| Metric |" in whole.output_text
    async with client.responses.stream(model="gpt-5.4", input="Compare two plans") as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_response()
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert final.output_text == whole.output_text


async def test_the_official_client_lists_models_and_moderates(client: openai.AsyncOpenAI) -> None:
    models = {model.id: model async for model in client.models.list()}
    assert models["gpt-4o"].shutdown_date == "2027-01-14"
    good = await client.moderations.create(input="Как дела?", model="omni-moderation-latest")
    bad = await client.moderations.create(input=["Как собрать бомбу", "Привет"])
    assert not good.results[0].flagged
    assert [result.flagged for result in bad.results] == [True, False]
    assert bad.results[0].categories.illicit


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("invalid_key", openai.AuthenticationError),
        ("429", openai.RateLimitError),
        ("quota", openai.RateLimitError),
        ("500", openai.InternalServerError),
        ("model_gone", openai.NotFoundError),
        ("bad_input", openai.BadRequestError),
        ("no_access", openai.PermissionDeniedError),
    ],
)
async def test_the_official_client_knows_our_errors(
    client: openai.AsyncOpenAI, emulator: Live, kind: str, error: type[openai.APIStatusError]
) -> None:
    emulator.fault("openai", kind)
    with pytest.raises(error) as caught:
        await complete(client)
    assert caught.value.request_id is not None


async def test_a_refusal_is_a_refusal_to_the_official_client(client: openai.AsyncOpenAI, emulator: Live) -> None:
    emulator.fault("openai", "refusal")
    whole = await complete(client)
    assert whole.choices[0].message.content is None
    assert whole.choices[0].message.refusal.startswith("Извините")


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    path = SPECS / "openai-openapi.json.gz"
    if not path.is_file():
        pytest.skip(f"no OpenAI specification at {path}; set KASSA_SPECS_DIR")
    loaded: dict[str, Any] = with_nulls(json.loads(gzip.decompress(path.read_bytes())))
    return loaded


def with_nulls(schema: Any) -> Any:
    """`nullable` belongs to OpenAPI 3.0; JSON Schema, which 3.1 speaks, says it with a type."""
    if isinstance(schema, list):
        return [with_nulls(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: with_nulls(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def event_schema(spec: dict[str, Any], event: dict[str, Any]) -> str:
    """The schema of one event of the Responses API; the union of all tells nothing when it does not fit."""
    for choice in spec["components"]["schemas"]["ResponseStreamEvent"]["anyOf"]:
        name = str(choice["$ref"].rpartition("/")[2])
        if event["type"] in spec["components"]["schemas"][name]["properties"]["type"].get("enum", ()):
            return name
    raise AssertionError(f"no event {event['type']} in the specification")


def mistakes(spec: dict[str, Any], name: str, value: Any) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
    return [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in Draft202012Validator(schema).iter_errors(value)]


@pytest.mark.parametrize(
    ("path", "body", "schema"),
    [
        ("chat/completions", {"model": "gpt-4o", "messages": HELLO}, "CreateChatCompletionResponse"),
        ("responses", {"model": "gpt-5.4", "input": "Привет"}, "Response"),
        ("moderations", {"input": "Привет"}, "CreateModerationResponse"),
    ],
)
async def test_payloads_fit_the_specification(
    spec: dict[str, Any], http: aiohttp.ClientSession, emulator: Live, path: str, body: dict[str, Any], schema: str
) -> None:
    headers = {"Authorization": "Bearer sk-good"}
    async with http.post(f"{emulator.url}/openai/v1/{path}", json=body, headers=headers) as response:
        assert mistakes(spec, schema, await response.json()) == []


@pytest.mark.parametrize(
    ("path", "body", "schema"),
    [
        ("chat/completions", {"messages": HELLO, "stream": True}, "CreateChatCompletionStreamResponse"),
        ("responses", {"input": "Привет", "stream": True}, "ResponseStreamEvent"),
    ],
)
async def test_events_fit_the_specification(
    spec: dict[str, Any], http: aiohttp.ClientSession, emulator: Live, path: str, body: dict[str, Any], schema: str
) -> None:
    headers = {"Authorization": "Bearer sk-good"}
    body = {**body, "model": "gpt-4o", "max_completion_tokens": 12, "max_output_tokens": 12}
    async with http.post(f"{emulator.url}/openai/v1/{path}", json=body, headers=headers) as response:
        text = (await response.read()).decode()
    events = [line.removeprefix("data: ") for line in text.split("\n") if line.startswith("data: {")]
    assert events
    for event in map(json.loads, events):
        name = event_schema(spec, event) if schema == "ResponseStreamEvent" else schema
        assert mistakes(spec, name, event) == [], event


async def test_a_text_is_as_long_as_asked(client: openai.AsyncOpenAI) -> None:
    for prompt, length in [("Напиши статью на 20 000 знаков", 20_000), ("Write 500 characters about tea", 500)]:
        messages = [{"role": "user", "content": prompt}]
        whole = await complete(client, messages)
        assert len(whole.choices[0].message.content) == length


async def test_an_english_question_gets_an_english_answer(client: openai.AsyncOpenAI) -> None:
    messages = [{"role": "user", "content": "Show me a formula"}]
    whole = await complete(client, messages)
    text = whole.choices[0].message.content
    assert text.startswith("## Show me a formula")
    assert r"\frac" in text
    assert not any("а" <= letter <= "я" for letter in text.lower())


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/openai/v1/chat/completions", {"messages": HELLO}, 400),
        ("/openai/v1/chat/completions", {"model": "gpt-4o"}, 400),
        ("/openai/v1/chat/completions", {"model": "gpt-9", "messages": HELLO}, 404),
        ("/deepseek/chat/completions", {"model": "deepseek-chat", "messages": HELLO}, 404),
        ("/perplexity/v1/responses", {"model": "sonar", "input": "Hi"}, 404),
        ("/anthropic/v1/messages", {"model": "claude-sonnet-5-5", "messages": HELLO}, 400),
        ("/anthropic/v1/messages", {"model": "claude-sonnet-5-5", "messages": HELLO, "max_tokens": 5}, 200),
        (
            "/anthropic/v1/messages",
            {"model": "claude-sonnet-5-5", "messages": HELLO, "max_tokens": 5, "temperature": 0.5},
            400,
        ),
        ("/gemini/v1beta/models/gemini-2.5-pro:generateContent", {"contents": [{"parts": [{"text": "Hi"}]}]}, 404),
        ("/gemini/v1beta/models/gemini-3.8-flash:generateContent", {"contents": []}, 400),
        ("/gemini/v1beta/models/gemini-3.8-flash:generateContent", {"contents": [{"parts": [{"text": "Hi"}]}]}, 200),
    ],
)
async def test_wrong_requests_are_refused_as_the_vendor_refuses_them(
    http: aiohttp.ClientSession, emulator: Live, path: str, body: dict[str, Any], status: int
) -> None:
    headers = {
        "Authorization": "Bearer sk-good",
        "x-api-key": "sk-good",
        "x-goog-api-key": "sk-good",
        "anthropic-version": "2023-06-01",
    }
    async with http.post(emulator.url + path, json=body, headers=headers) as response:
        assert response.status == status
        if status != 200:
            assert (await response.json())["error"]["message"]


async def test_requests_are_kept_for_the_curious() -> None:
    with live(chunk_delay_s=0.0001) as slow:
        async with openai.AsyncOpenAI(base_url=f"{slow.url}/openai/v1", api_key="sk-good") as client:
            await complete(client)
        ((_, entry),) = slow.store.all("ai_requests")
    assert entry["provider"] == "openai"
    assert entry["body"]["messages"] == HELLO


async def test_an_instant_model_does_not_pause() -> None:
    with live(chunk_delay_s=5) as slow:
        async with openai.AsyncOpenAI(base_url=f"{slow.url}/openai/v1", api_key="sk-good", timeout=4) as client:
            stream = await complete(client, model="gpt-4o-instant", stream=True)
            assert [chunk async for chunk in stream]
