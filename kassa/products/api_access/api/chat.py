"""`/v1/chat/completions`, whole and streamed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from kassa.core import ai
from kassa.core.access import Caller
from kassa.kit import clock
from kassa.kit.errors import AppError
from kassa.kit.web import app_of
from kassa.products.api_access import answering, calls, requests
from kassa.products.api_access.answering import Part
from kassa.products.api_access.calls import Call
from kassa.products.api_access.errors import DOCUMENTED, openai_error

router = APIRouter(prefix="/v1", tags=["openai"], responses=DOCUMENTED)

Json = dict[str, Any]
EVENT_STREAM = "text/event-stream"


@router.post("/chat/completions")
async def chat_completions(request: Request, body: requests.ChatIn, actor: Caller) -> Any:
    """Ask a text model, as OpenAI's chat completions do."""
    app = app_of(request)
    calls.require_customer(actor, "chat")
    model = await calls.find_model(app, actor, body.model, ai.Family.TEXT)
    asked = requests.chat_request(body, model, "")
    call = await calls.begin(app, actor, model, "text", answering.price_of(model, asked))
    parts = answering.answer(app, call, asked)
    if not body.stream:
        return await _whole(call, parts)
    return await stream(_chunks(call, parts, has_usage=bool((body.stream_options or {}).get("include_usage"))))


async def stream(events: AsyncGenerator[bytes, None]) -> Response:
    """A stream whose first part is waited for, so that a refusal still is an answer with a status."""
    first = await anext(events)

    async def body() -> AsyncIterator[bytes]:
        async with aclosing(events):
            yield first
            async for event in events:
                yield event

    return StreamingResponse(body(), media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})


async def _whole(call: Call, parts: AsyncGenerator[Part, None]) -> Json:
    text: list[str] = []
    tools: list[Json] = []
    reason = ai.FinishReason.STOP
    async with aclosing(parts):
        async for part in parts:
            match part:
                case ai.TextDelta():
                    text.append(part.text)
                case ai.ToolCall():
                    tools.append(_tool_call(part))
                case ai.Finished():
                    reason = part.reason
                case _:
                    pass
    message: Json = {"role": "assistant", "content": "".join(text) or None, "refusal": None}
    if tools:
        message["tool_calls"] = tools
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason.value}
    return {**_head(call, "chat.completion"), "choices": [choice], "usage": usage_of(call)}


async def _chunks(call: Call, parts: AsyncGenerator[Part, None], *, has_usage: bool) -> AsyncGenerator[bytes, None]:
    head = _head(call, "chat.completion.chunk")
    is_first, tools = True, 0
    try:
        async with aclosing(parts):
            async for part in parts:
                delta: Json
                reason: str | None = None
                match part:
                    case ai.TextDelta():
                        delta = {"content": part.text}
                    case ai.ToolCall():
                        delta = {"tool_calls": [{"index": tools, **_tool_call(part)}]}
                        tools += 1
                    case ai.Finished():
                        delta, reason = {}, part.reason.value
                    case _:
                        continue
                if is_first:
                    delta, is_first = {"role": "assistant", **delta}, False
                choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
                yield event({**head, "choices": [choice], **({"usage": None} if has_usage else {})})
    except AppError as error:
        if is_first:
            raise
        yield failure(error)
        return
    if has_usage:
        yield event({**head, "choices": [], "usage": usage_of(call)})
    yield b"data: [DONE]\n\n"


def event(data: Json) -> bytes:
    """One server-sent event."""
    return b"data: " + orjson.dumps(data) + b"\n\n"


def failure(error: AppError) -> bytes:
    """An error inside a stream that has begun, in OpenAI's shape."""
    return event(openai_error(500, error.code, error.message, error.facts)[1])


def usage_of(call: Call) -> Json:
    """What was used, as OpenAI tells it."""
    tokens = call.tokens or ai.Usage(0, 0)
    return {
        "prompt_tokens": tokens.input_tokens, "completion_tokens": tokens.output_tokens,
        "total_tokens": tokens.input_tokens + tokens.output_tokens,
        "prompt_tokens_details": {"cached_tokens": tokens.cached_tokens},
    }  # fmt: skip


def _head(call: Call, kind: str) -> Json:
    return {"id": f"chatcmpl-{call.id.hex}", "object": kind, "created": int(clock.now().timestamp()),
            "model": call.model.slug}  # fmt: skip


def _tool_call(part: ai.ToolCall) -> Json:
    return {"id": part.id, "type": "function", "function": {"name": part.name, "arguments": part.arguments}}
