"""Anthropic's Messages API: `POST {base}/v1/messages`, key in `x-api-key`, version 2023-06-01.

Endpoint options: `max_tokens` (default 8192) for requests that name no limit, because the API requires one.
"""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Any

import aiohttp
import orjson

from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    FinishReason,
    Message,
    ProviderError,
    Role,
    TextEvent,
    TextPart,
    TextRequest,
    ToolCall,
    Usage,
    provider_error,
)

from . import failures
from .stream import Answer, Json, probe, stream

VERSION = "2023-06-01"

_TYPES: dict[str, ErrorClass] = {
    "invalid_request_error": ErrorClass.BAD_INPUT,
    "authentication_error": ErrorClass.INVALID_KEY,
    "billing_error": ErrorClass.QUOTA_EMPTY,
    "permission_error": ErrorClass.NO_ACCESS,
    "not_found_error": ErrorClass.MODEL_GONE,
    "request_too_large": ErrorClass.BAD_INPUT,
    "rate_limit_error": ErrorClass.RATE_LIMIT,
    "timeout_error": ErrorClass.TIMEOUT,
    "api_error": ErrorClass.TRANSIENT,
    "overloaded_error": ErrorClass.TRANSIENT,
}


class AnthropicDriver:
    """Asks Claude."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Ask; see TextDriver."""
        return stream(
            self._session,
            f"{endpoint.base_url.rstrip('/')}/v1/messages",
            _headers(key),
            _body(request, endpoint.options),
            endpoint,
            _Decoder(endpoint.provider),
            partial(_classify, endpoint.provider),
        )

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """List models."""
        url = f"{endpoint.base_url.rstrip('/')}/v1/models"
        await probe(self._session, url, _headers(key), endpoint, partial(_classify, endpoint.provider))


def _headers(key: str) -> dict[str, str]:
    return {"x-api-key": key, "anthropic-version": VERSION}


def _body(request: TextRequest, options: Mapping[str, Any]) -> Json:
    body: Json = {
        "model": request.model,
        "max_tokens": request.max_output_tokens or int(options.get("max_tokens", 8192)),
        "messages": [_message(message) for message in request.messages],
        "stream": True,
    }
    if request.system:
        body["system"] = request.system
    if request.temperature is not None:
        # OpenAI's scale reaches 2, Anthropic's 1.
        body["temperature"] = min(request.temperature, 1.0)
    if request.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
            for tool in request.tools
        ]
    body.update(request.extra)
    return body


def _message(message: Message) -> Json:
    text = "".join(part.text for part in message.parts if isinstance(part, TextPart))
    if message.role is Role.TOOL:
        result = {"type": "tool_result", "tool_use_id": message.tool_call_id, "content": text}
        return {"role": "user", "content": [result]}
    content: list[Json] = [
        {"type": "text", "text": part.text}
        if isinstance(part, TextPart)
        else {"type": "image", "source": {"type": "base64", "media_type": part.media_type, "data": part.data}}
        for part in message.parts
        if not isinstance(part, TextPart) or part.text
    ]
    content.extend(
        {"type": "tool_use", "id": call.id, "name": call.name, "input": orjson.loads(call.arguments or "{}")}
        for call in message.tool_calls
    )
    return {"role": message.role.value, "content": content}


class _Decoder:
    __slots__ = ("_call", "_input", "_provider", "answer")

    def __init__(self, provider: str) -> None:
        self.answer = Answer()
        self._provider = provider
        self._call: Json | None = None
        self._input: dict[str, int] = {}

    def event(self, event: Json) -> None:
        kind = event.get("type")
        if kind == "content_block_delta":
            self._delta(event["delta"])
        elif kind in ("content_block_start", "content_block_stop"):
            self._block(event.get("content_block"))
        elif kind == "message_start":
            self._count(event["message"].get("usage") or {})
        elif kind == "message_delta":
            self._count(event.get("usage") or {})
            if event["delta"].get("stop_reason"):
                self._finish(event["delta"]["stop_reason"])

    def _delta(self, delta: Mapping[str, Any]) -> None:
        if delta["type"] == "text_delta":
            self.answer.text.append(delta["text"])
        elif delta["type"] == "thinking_delta":
            self.answer.reasoning.append(delta["thinking"])
        elif delta["type"] == "input_json_delta" and self._call is not None:
            self._call["json"] += delta["partial_json"]

    def _block(self, opened: Mapping[str, Any] | None) -> None:
        """A block opens, or (None) closes: a tool call is known whole only then."""
        if opened is not None:
            is_call = opened["type"] == "tool_use"
            self._call = {"id": opened["id"], "name": opened["name"], "json": ""} if is_call else None
        elif self._call is not None:
            self.answer.tool_calls.append(ToolCall(self._call["id"], self._call["name"], self._call["json"] or "{}"))
            self._call = None

    def whole(self, body: Json) -> None:
        for block in body.get("content") or ():
            if block["type"] == "text":
                self.answer.text.append(block["text"])
            elif block["type"] == "tool_use":
                arguments = orjson.dumps(block["input"]).decode()
                self.answer.tool_calls.append(ToolCall(block["id"], block["name"], arguments))
        self._count(body.get("usage") or {})
        self._finish(body.get("stop_reason") or "end_turn")

    def done(self) -> None:
        """Nothing is gathered beyond a block."""

    def _count(self, usage: Mapping[str, Any]) -> None:
        """Counts are cumulative; input_tokens leaves out what was read from or written to the cache."""
        self._input.update({name: value for name, value in usage.items() if isinstance(value, int)})
        cached = self._input.get("cache_read_input_tokens", 0)
        fresh = self._input.get("input_tokens", 0) + self._input.get("cache_creation_input_tokens", 0)
        self.answer.usage = Usage(fresh + cached, self._input.get("output_tokens", 0), cached)

    def _finish(self, reason: str) -> None:
        if reason == "refusal":
            raise provider_error(ErrorClass.CONTENT_POLICY, provider=self._provider, detail="stop_reason refusal")
        if reason in ("max_tokens", "model_context_window_exceeded"):
            self.answer.finish = FinishReason.LENGTH
        else:
            self.answer.finish = FinishReason.TOOL_CALLS if reason == "tool_use" else FinishReason.STOP


def _classify(
    provider: str, status: int, headers: Mapping[str, str], body: Mapping[str, Any], text: str
) -> ProviderError:
    """Errors are {"type": "error", "error": {"type", "message"}}, in a body or as an event of the stream."""
    _, kind, message = failures.error_fields(body)
    error_class = _TYPES.get(kind)
    if error_class is None:
        error_class = failures.by_status(status) if status >= 300 else ErrorClass.TRANSIENT
    # An account without money is told with a 400 and words: there is no code for it.
    if kind == "invalid_request_error" and "credit balance is too low" in message:
        error_class = ErrorClass.QUOTA_EMPTY
    return provider_error(
        error_class,
        provider=provider,
        detail=f"{status} {kind} {message or text[:300]}",
        retry_after_s=failures.retry_after(headers),
    )
