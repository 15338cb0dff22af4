"""The Responses API: OpenAI and Perplexity's Agent API.

Endpoint options: `responses_path` (default /responses; Perplexity's base has no version, so /v1/responses),
`probe_path` (default /models; empty when listing needs no key: then a question of a few tokens is asked),
`probe_model` for that question.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any

import aiohttp

from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    Message,
    Role,
    TextDelta,
    TextEvent,
    TextPart,
    TextRequest,
    ToolCall,
    Usage,
    provider_error,
)

from .openai_errors import classify
from .stream import Answer, Json, probe, stream


class OpenAIResponsesDriver:
    """Asks `POST {base}{responses_path}` with `stream`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Ask; see TextDriver."""
        return stream(
            self._session,
            endpoint.base_url.rstrip("/") + str(endpoint.options.get("responses_path", "/responses")),
            _headers(key, request.request_id),
            _body(request),
            endpoint,
            _Decoder(endpoint.provider),
            partial(classify, endpoint.provider),
        )

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """List models, or ask a question of a few tokens where the list is open to everybody."""
        path = str(endpoint.options.get("probe_path", "/models"))
        if path:
            url = endpoint.base_url.rstrip("/") + path
            await probe(self._session, url, _headers(key, ""), endpoint, partial(classify, endpoint.provider))
            return
        model = str(endpoint.options.get("probe_model", ""))
        question = TextRequest((Message(Role.USER, (TextPart("ping"),)),), model=model, max_output_tokens=16)
        async with aclosing(self.stream(question, endpoint, key)) as events:
            async for event in events:
                if isinstance(event, TextDelta | Finished):
                    return


def _headers(key: str, request_id: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {key}"}
    if request_id:
        headers["X-Client-Request-Id"] = request_id
    return headers


def _body(request: TextRequest) -> Json:
    body: Json = {
        "model": request.model,
        "input": [item for message in request.messages for item in _items(message)],
        "stream": True,
    }
    if request.system:
        body["instructions"] = request.system
    if request.max_output_tokens is not None:
        body["max_output_tokens"] = request.max_output_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.tools:
        body["tools"] = [
            {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in request.tools
        ]
    body.update(request.extra)
    return body


def _items(message: Message) -> list[Json]:
    text = "".join(part.text for part in message.parts if isinstance(part, TextPart))
    if message.role is Role.TOOL:
        return [{"type": "function_call_output", "call_id": message.tool_call_id, "output": text}]
    if message.role is Role.ASSISTANT:
        items: list[Json] = []
        if text:
            items.append({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]})
        items.extend(
            {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
            for call in message.tool_calls
        )
        return items
    content: list[Json] = [
        {"type": "input_text", "text": part.text}
        if isinstance(part, TextPart)
        else {"type": "input_image", "detail": "auto", "image_url": f"data:{part.media_type};base64,{part.data}"}
        for part in message.parts
    ]
    return [{"type": "message", "role": "user", "content": content}]


class _Decoder:
    __slots__ = ("_provider", "_refusal", "answer")

    def __init__(self, provider: str) -> None:
        self.answer = Answer()
        self._provider = provider
        self._refusal = ""

    def event(self, event: Json) -> None:
        kind = event.get("type")
        if kind == "response.output_text.delta":
            self.answer.text.append(event["delta"])
        elif kind in ("response.reasoning_summary_text.delta", "response.reasoning_text.delta"):
            self.answer.reasoning.append(event["delta"])
        elif kind == "response.refusal.delta":
            self._refusal += event["delta"]
        elif kind == "response.output_item.done":
            self._item(event["item"])
        elif kind in ("response.completed", "response.incomplete"):
            self._end(event["response"])
        elif kind == "response.failed":
            raise self._failure(event["response"].get("error") or {})
        elif kind == "error":
            raise self._failure(event)

    def whole(self, body: Json) -> None:
        if body.get("status") == "failed":
            raise self._failure(body.get("error") or {})
        for item in body.get("output") or ():
            for part in item.get("content") or ():
                if part.get("type") == "output_text":
                    self.answer.text.append(part["text"])
                self._refusal += part.get("refusal") or ""
            self._item(item)
        self._end(body)

    def done(self) -> None:
        """Nothing is gathered: every item comes whole."""

    def _item(self, item: Mapping[str, Any]) -> None:
        if item.get("type") == "function_call":
            self.answer.tool_calls.append(ToolCall(item["call_id"], item["name"], item["arguments"]))

    def _end(self, response: Mapping[str, Any]) -> None:
        reason = (response.get("incomplete_details") or {}).get("reason")
        if self._refusal or reason == "content_filter":
            raise provider_error(
                ErrorClass.CONTENT_POLICY, provider=self._provider, detail=f"{reason or 'refusal'} {self._refusal}"
            )
        usage = response.get("usage")
        if usage:
            details = usage.get("input_tokens_details") or {}
            self.answer.usage = Usage(
                int(usage.get("input_tokens") or 0),
                int(usage.get("output_tokens") or 0),
                int(details.get("cached_tokens") or 0),
            )
        if reason == "max_output_tokens":
            self.answer.finish = FinishReason.LENGTH
        else:
            self.answer.finish = FinishReason.TOOL_CALLS if self.answer.tool_calls else FinishReason.STOP

    def _failure(self, error: Mapping[str, Any]) -> Exception:
        return classify(self._provider, 200, {}, {"error": dict(error)}, str(error))
