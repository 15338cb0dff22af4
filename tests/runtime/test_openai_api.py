"""AI-9: customers' programs ask by the official openai clients, unchanged but for address and key."""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import meet
from tests.flows.steps import eventually
from tests.runtime.test_accounts import registered
from tests.runtime.web import Caller

MODEL = "chatgpt-4-omni-mini"
QUESTION: list[Any] = [{"role": "user", "content": "Why is the sky blue?"}]
SCRIPT = Path(__file__).parents[2] / "web/tests/openai-client.mjs"
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


async def programmer(
    site: Installation,
    owner: Caller,
    *,
    plan: str = "api-monthly",
    units: int = 1_000_000,
    scopes: list[str] | None = None,
) -> tuple[Caller, str]:
    """A customer who bought an API plan in the web shop, with tokens and a key."""
    caller, email = await registered(owner.http)
    if plan:
        body = {"plan": plan, "provider": "yookassa"}
        _, order = await caller.call("POST", "/billing/orders", body, **{"Idempotency-Key": uuid.uuid4().hex})
        phone = await meet(owner.http, site.base, "neuro_demo_bot")
        assert await phone.pay(order["payment"]["confirmation_url"]) == 303

        async def status() -> str:
            return str((await caller.get(f"/billing/orders/{order['id']}"))["status"])

        await eventually(status, "paid")
    if units:
        card = (await owner.get(f"/admin/customers?q={email}"))["items"][0]
        gift = {"units": units, "reason": "a test"}
        await owner.call("POST", f"/admin/customers/{card['id']}/tokens", gift, **{"Idempotency-Key": uuid.uuid4().hex})
    key = await caller.post("/auth/keys", {"name": "program", "scopes": scopes or []})
    return caller, key["secret"]


@pytest.fixture
async def rich(site: Installation, owner: Caller) -> tuple[Caller, str]:
    return await programmer(site, owner)


@pytest.fixture
async def client(site: Installation, rich: tuple[Caller, str]) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{site.base}/v1", api_key=rich[1], max_retries=0) as made:
        yield made


async def available(caller: Caller) -> tuple[int, int]:
    """Tokens that can be spent, and held ones."""
    balances = (await caller.get("/billing/account"))["balances"]
    return balances[0]["available"], balances[0]["held"]


async def test_models_and_answers(site: Installation, rich: tuple[Caller, str], client: openai.AsyncOpenAI) -> None:
    """AI-9: list, chat whole and streamed with usage; what is charged is what usage tells, and the app shows it."""
    caller, _ = rich
    models = {model.id async for model in client.models.list()}
    assert {MODEL, "claude-sonnet", "gpt-image", "whisper", "tts", "text-embedding"} <= models
    assert (await client.models.retrieve(MODEL)).id == MODEL
    before = (await available(caller))[0]
    whole = await client.chat.completions.create(model=MODEL, messages=QUESTION)
    assert whole.choices[0].message.content
    assert whole.choices[0].finish_reason == "stop"
    assert whole.usage is not None
    assert whole.usage.completion_tokens > 0
    text, usage = "", None
    async for chunk in await client.chat.completions.create(
        model=MODEL, messages=QUESTION, stream=True, stream_options={"include_usage": True}
    ):
        text += chunk.choices[0].delta.content or "" if chunk.choices else ""
        usage = chunk.usage or usage
    assert text == whole.choices[0].message.content
    assert usage is not None
    charged = before - (await available(caller))[0]
    shown = await caller.get("/billing/usage")
    assert (shown["requests"], shown["charged_tokens"]) == (2, charged)
    asked = (await caller.get("/billing/usage/requests"))["items"]
    assert {(item["channel"], item["status"], item["model"]) for item in asked} == {("api", "answered", MODEL)}
    assert (await available(caller))[1] == 0
    await site.check()


async def test_tools_are_passed_through(client: openai.AsyncOpenAI) -> None:
    """AI-9: the model asks for a tool, whole and streamed, and reads what the tool found."""
    question: list[Any] = [{"role": "user", "content": "What is the weather in Paris? Use the tool."}]
    asked = await client.chat.completions.create(model=MODEL, messages=question, tools=[WEATHER])
    call = (asked.choices[0].message.tool_calls or [])[0]
    assert call.type == "function"
    assert (call.function.name, asked.choices[0].finish_reason) == ("get_weather", "tool_calls")
    json.loads(call.function.arguments)
    question.append(asked.choices[0].message.model_dump(exclude_none=True))
    question.append({"role": "tool", "tool_call_id": call.id, "content": "sunny"})
    told = await client.chat.completions.create(model=MODEL, messages=question, tools=[WEATHER])
    assert told.choices[0].message.content
    names = [
        part.function.name
        async for chunk in await client.chat.completions.create(
            model=MODEL, messages=question[:1], tools=[WEATHER], stream=True
        )
        for part in (chunk.choices[0].delta.tool_calls or [])
        if part.function
    ]
    assert names == ["get_weather"]


async def test_responses_pictures_sound_and_vectors(
    site: Installation, rich: tuple[Caller, str], client: openai.AsyncOpenAI
) -> None:
    """AI-9: the other groups of routes."""
    response = await client.responses.create(model="claude-sonnet", input="Why?", instructions="Be short.")
    assert response.output_text
    streamed = [event async for event in await client.responses.create(model=MODEL, input="Why?", stream=True)]
    assert [event.sequence_number for event in streamed] == list(range(len(streamed)))
    assert streamed[-1].type == "response.completed"
    assert streamed[-1].response.output_text == "".join(
        event.delta for event in streamed if event.type == "response.output_text.delta"
    )
    images = await client.images.generate(model="gpt-image", prompt="a lighthouse", n=2, size="1024x1024")
    pictures = [base64.b64decode(item.b64_json or "") for item in images.data or []]
    assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * 2
    speech = await client.audio.speech.create(model="tts", voice="alloy", input="Hello")
    heard = await client.audio.transcriptions.create(model="whisper", file=("hello.wav", speech.content))
    assert heard.text
    vectors = await client.embeddings.create(model="text-embedding", input=["one", "two"], dimensions=64)
    assert [len(item.embedding) for item in vectors.data] == [64, 64]
    kinds = {item["kind"]: item["charged_tokens"] for item in (await rich[0].get("/billing/usage/requests"))["items"]}
    assert kinds["image"] == 16000
    assert kinds["embedding"] >= 1
    await site.check()


async def test_refusals_have_the_shape_that_clients_know(
    site: Installation, owner: Caller, client: openai.AsyncOpenAI
) -> None:
    """AI-9: wrong key, no plan, no tokens, no scope, no such model, a parameter that cannot be kept."""
    address = f"{site.base}/v1"

    async def refused(key: str, expected: type[openai.APIStatusError], **more: Any) -> str:
        async with openai.AsyncOpenAI(base_url=address, api_key=key, max_retries=0) as other:
            with pytest.raises(expected) as caught:
                await other.chat.completions.create(**{"model": MODEL, "messages": QUESTION} | more)
        return str(caught.value.code)

    assert await refused("sk-wrong", openai.AuthenticationError) == "invalid_api_key"
    for headers, word in (({}, "No API key"), ({"Authorization": "Bearer x"}, "This API key is not valid")):
        async with owner.http.get("/v1/models", headers=headers) as answer:
            assert answer.status == 401
            assert (await answer.json())["error"]["message"].startswith(word)
    _, no_plan = await programmer(site, owner, plan="")
    assert await refused(no_plan, openai.PermissionDeniedError) == "no_api_access"
    poor, no_tokens = await programmer(site, owner, units=0)
    assert await refused(no_tokens, openai.RateLimitError) == "insufficient_quota"
    assert await available(poor) == (0, 0)
    _, narrow = await programmer(site, owner, scopes=["models"])
    assert await refused(narrow, openai.PermissionDeniedError) == "insufficient_permissions"
    key = client.api_key
    assert await refused(key, openai.NotFoundError, model="gpt-0") == "model_not_found"
    assert await refused(key, openai.NotFoundError, model="gpt-image") == "model_not_found"
    assert await refused(key, openai.BadRequestError, n=2) == "unsupported_parameter"
    assert await refused(key, openai.BadRequestError, messages=[]) == "invalid_value"
    assert await refused(key, openai.BadRequestError, messages=[{"role": "poet", "content": "x"}]) == "invalid_value"
    far = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://10.0.0.1/x.png"}}]}]
    assert await refused(key, openai.BadRequestError, messages=far) == "unsupported_parameter"
    assert await refused(key, openai.BadRequestError, model="claude-sonnet", top_p=0.5) == "unsupported_parameter"


async def test_the_plan_s_requests_run_out(site: Installation, owner: Caller) -> None:
    """POL-2, AI-9: 100 a day on api-daily: the 101st is refused as rate_limit_exceeded with Retry-After."""
    caller, key = await programmer(site, owner, plan="api-daily")
    async with openai.AsyncOpenAI(base_url=f"{site.base}/v1", api_key=key, max_retries=0) as client:
        waits: list[int] = []

        async def one() -> str:
            try:
                await client.embeddings.create(model="text-embedding", input="x")
            except openai.RateLimitError as error:
                waits.append(int(error.response.headers["retry-after"]))
                return str(error.code)
            return "ok"

        answers = await asyncio.gather(*(one() for _ in range(105)))
    assert (answers.count("ok"), answers.count("rate_limit_exceeded")) == (100, 5)
    assert len(waits) == 5
    assert min(waits) > 0
    assert (await caller.get("/billing/usage"))["requests"] == 100


async def test_failures_cost_nothing_and_hanging_up_costs_what_came(
    site: Installation, rich: tuple[Caller, str], client: openai.AsyncOpenAI
) -> None:
    """AI-3, AI-9: a provider that fails gives everything back; a client that leaves pays for what it got."""
    caller, _ = rich
    before = await available(caller)
    phone = await meet(caller.http, site.base, "neuro_demo_bot")
    await phone.fault("openai", "500")
    try:
        with pytest.raises(openai.InternalServerError) as failed:
            await client.chat.completions.create(model=MODEL, messages=QUESTION)
        assert "nothing was charged" in failed.value.message
    finally:
        await phone.no_faults()
    assert await available(caller) == before
    stream = await client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "Tell me a long story. " * 30}], stream=True
    )
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    await stream.close()

    async def stopped() -> tuple[str, bool]:
        item = (await caller.get("/billing/usage/requests"))["items"][0]
        return item["status"], item["charged_tokens"] > 0

    await eventually(stopped, ("stopped", True))
    assert (await available(caller))[1] == 0
    await site.check()


async def test_the_official_client_for_node(site: Installation, owner: Caller, rich: tuple[Caller, str]) -> None:
    """AI-9: the same by the openai package of npm."""
    _, poor = await programmer(site, owner, units=0)
    process = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), f"{site.base}/v1", rich[1], poor, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, problems = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, problems.decode()
    found = json.loads(out)
    assert MODEL in found["models"]
    assert found["whole"]["text"] == found["streamed"]["text"]
    assert found["streamed"]["usage"]["total_tokens"] == found["whole"]["usage"]["total_tokens"]
    assert found["response"]["status"] == "completed"
    assert "response.output_text.delta" in found["events"]
    assert (found["image"], found["vectors"]) == ("PNG", [1536, 1536])
    assert found["speech"] > 1000
    assert found["heard"]
    assert (found["wrongKey"]["kind"], found["wrongKey"]["code"]) == ("AuthenticationError", "invalid_api_key")
    assert (found["noTokens"]["kind"], found["noTokens"]["code"]) == ("RateLimitError", "insufficient_quota")
    assert (found["noModel"]["kind"], found["noModel"]["code"]) == ("NotFoundError", "model_not_found")
