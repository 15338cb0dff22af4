"""Anthropic's Messages API: events with names, typed errors, and the rules that newer models are strict about."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kassa.kit import ids
from kassa.sandbox.faults import Fault

from . import answers, chat_completions, given, prompts, tools
from .catalogue import MODELS
from .stage import ERRORS, EventStream, Silence, Stage, event

Json = dict[str, Any]

_ERRORS: dict[str, tuple[int, str, str]] = {
    "500": (500, "api_error", "Internal server error"),
    "429": (429, "rate_limit_error", "This request would exceed your organization's rate limit."),
    "invalid_key": (401, "authentication_error", "invalid x-api-key"),
    "quota": (402, "billing_error", "There is an issue with your organization's billing or payment information."),
    "overloaded": (529, "overloaded_error", "Overloaded"),
    "no_access": (403, "permission_error", "Your API key does not have permission to use the specified resource."),
    "bad_input": (400, "invalid_request_error", "prompt is too long: 1048577 tokens > 1000000 maximum"),
    "model_gone": (404, "not_found_error", "model: unknown"),
}
# The newest models take no sampling parameters but the default.
_NO_SAMPLING = ("claude-sonnet-5", "claude-opus-5", "claude-haiku-5", "claude-fable")


def router(stage: Stage) -> APIRouter:
    """The routes of the API."""
    routes = APIRouter()

    @routes.post("/v1/messages")
    async def messages(request: Request) -> Response:
        body = await _body(request)
        model = str(body.get("model") or "")
        fault = stage.fault("anthropic", f"messages {model}")
        refusal = _refused(request, body, fault)
        if refusal is not None:
            return refusal
        stage.record("anthropic", "messages", body)
        if fault is not None and fault.kind == "timeout":
            return Silence()
        return _reply(body, fault, stage.delay_s(request, model, fault))

    @routes.get("/v1/models")
    async def models(request: Request) -> Response:
        fault = stage.fault("anthropic", "models")
        if not _authorized(request):
            return error("invalid_key")
        if fault is not None and fault.kind in ERRORS:
            return error(fault.kind, fault)
        data = [
            {"type": "model", "id": model, "display_name": model, "created_at": "2026-09-28T00:00:00Z"}
            for model in MODELS["anthropic"]
        ]
        ends = {"has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}
        return JSONResponse({"data": data, **ends}, headers=_headers())

    return routes


def error(kind: str, fault: Fault | None = None, message: str = "") -> JSONResponse:
    """The vendor's error of a kind."""
    status, error_type, text = _ERRORS[kind]
    headers = _headers()
    if kind == "429":
        headers["retry-after"] = str(fault.options.get("retry_after", 20) if fault is not None else 20)
    body = {
        "type": "error",
        "error": {"type": error_type, "message": message or text},
        "request_id": headers["request-id"],
    }
    return JSONResponse(body, status, headers)


def _reply(body: Json, fault: Fault | None, delay_s: float) -> Response:
    kind = fault.kind if fault is not None else ""
    asked = chat_completions.question(body["messages"])
    prompt = asked.text
    text, is_cut = prompts.shortened(answers.answer(asked, body["model"]), body["max_tokens"])
    reason = "max_tokens" if is_cut else "end_turn"
    content: list[Json] = [{"type": "text", "text": text}]
    result, call = _tool_result(body["messages"][-1]), None
    if result is not None:
        text = tools.told(prompt, result)
        content = [{"type": "text", "text": text}]
    else:
        offered = [(str(tool.get("name")), tool.get("input_schema") or {}) for tool in body.get("tools") or ()]
        call = tools.wanted(prompt, offered)
    if kind == "refusal":
        content, reason = [], "refusal"
    elif kind == "empty":
        content = []
    elif call is not None:
        block = {"type": "tool_use", "id": f"toolu_{ids.new().hex[:24]}", "name": call[0], "input": call[1]}
        content, reason = [block], "tool_use"
    message = {
        "id": f"msg_{ids.new().hex[:24]}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": given.tokens(body["messages"]), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0, "output_tokens": prompts.tokens(text), "service_tier": "standard",
        },
    }  # fmt: skip
    if body.get("stream"):
        return EventStream(_frames(message), _headers(), delay_s, fault)
    if kind == "malformed":
        return Response(b'{"id": "msg_', media_type="application/json", headers=_headers())
    return JSONResponse(message, headers=_headers())


def _frames(message: Json) -> Iterator[bytes]:
    usage = message["usage"]
    opened = message | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    yield event({"type": "message_start", "message": opened}, "message_start")
    for index, block in enumerate(message["content"]):
        nothing: Json = {"text": ""} if block["type"] == "text" else {"input": {}}
        started = block | nothing
        yield event({"type": "content_block_start", "index": index, "content_block": started}, "content_block_start")
        yield event({"type": "ping"}, "ping")
        for delta in _deltas(block):
            yield event({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta")
        yield event({"type": "content_block_stop", "index": index}, "content_block_stop")
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    count = {"output_tokens": usage["output_tokens"]}
    yield event({"type": "message_delta", "delta": end, "usage": count}, "message_delta")
    yield event({"type": "message_stop"}, "message_stop")


def _deltas(block: Json) -> Iterator[Json]:
    if block["type"] == "tool_use":
        yield {"type": "input_json_delta", "partial_json": tools.as_text(block["input"])}
        return
    for piece in prompts.pieces(block["text"]):
        yield {"type": "text_delta", "text": piece}


def _tool_result(message: Json) -> str | None:
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    return next((str(part.get("content")) for part in parts if part.get("type") == "tool_result"), None)


def _refused(request: Request, body: Json, fault: Fault | None) -> Response | None:
    if not _authorized(request):
        return error("invalid_key")
    if fault is not None and fault.kind in ERRORS:
        return error(fault.kind, fault)
    wrong = _wrong(request, body)
    if wrong:
        return error("bad_input", message=wrong)
    if body["model"] not in MODELS["anthropic"]:
        return error("model_gone", message=f"model: {body['model']}")
    return None


def _wrong(request: Request, body: Json) -> str:
    """What the API would refuse about a request, or nothing."""
    if not request.headers.get("anthropic-version"):
        return "anthropic-version: header is required"
    for name in ("model", "max_tokens", "messages"):
        if not body.get(name):
            return f"{name}: Field required"
    if any(message.get("role") not in ("user", "assistant") for message in body["messages"]):
        return (
            'messages: Unexpected role. Allowed roles are "user" or "assistant"; system text is the `system` parameter.'
        )
    if any(message.get("content") in ("", []) for message in body["messages"]):
        return "messages: text content blocks must be non-empty"
    if str(body["model"]).startswith(_NO_SAMPLING) and body.get("temperature", 1) != 1:
        return "`temperature` is deprecated for this model."
    return ""


def _authorized(request: Request) -> bool:
    key = request.headers.get("x-api-key", "")
    return bool(key) and key != "wrong"


async def _body(request: Request) -> Json:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _headers() -> dict[str, str]:
    return {
        "request-id": f"req_{ids.new().hex[:24]}",
        "anthropic-ratelimit-requests-limit": "1000",
        "anthropic-ratelimit-requests-remaining": "999",
    }
