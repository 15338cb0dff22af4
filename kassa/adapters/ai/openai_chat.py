"""Chat completions: OpenAI, DeepSeek, and every server that speaks the same (vLLM, Ollama, OpenRouter, resellers).

Endpoint options: `max_tokens_field` (default max_completion_tokens; DeepSeek and older servers want max_tokens),
`probe_path` (default /models).
"""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Any

import aiohttp

from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    FinishReason,
    Message,
    Role,
    TextEvent,
    TextPart,
    TextRequest,
    ToolCall,
    Usage,
    provider_error,
)

from .openai_errors import classify
from .stream import Answer, Json, probe, stream

_FINISH = {"length": FinishReason.LENGTH, "tool_calls": FinishReason.TOOL_CALLS}


class OpenAIChatDriver:
    """Asks `POST {base}/chat/completions` with `stream` and `stream_options.include_usage`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Ask; see TextDriver."""
        return stream(
            self._session,
            f"{endpoint.base_url.rstrip('/')}/chat/completions",
            _headers(key, request.request_id),
            _body(request, endpoint.options),
            endpoint,
            _Decoder(endpoint.provider),
            partial(classify, endpoint.provider),
        )

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """List models, or ask for the balance; DeepSeek says there whether it is enough to answer."""
        url = endpoint.base_url.rstrip("/") + str(endpoint.options.get("probe_path", "/models"))
        body = await probe(self._session, url, _headers(key, ""), endpoint, partial(classify, endpoint.provider))
        if body.get("is_available") is False:
            raise provider_error(ErrorClass.QUOTA_EMPTY, provider=endpoint.provider, detail="the balance is empty")


def _headers(key: str, request_id: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {key}"}
    if request_id:
        headers["X-Client-Request-Id"] = request_id
    return headers


def _body(request: TextRequest, options: Mapping[str, Any]) -> Json:
    messages: list[Json] = []
    if request.system:
        messages.append({"role": "system", "content": request.system})
    messages.extend(_message(message) for message in request.messages)
    body: Json = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.max_output_tokens is not None:
        body[str(options.get("max_tokens_field", "max_completion_tokens"))] = request.max_output_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
            }
            for tool in request.tools
        ]
    body.update(request.extra)
    return body


def _message(message: Message) -> Json:
    if message.role is Role.TOOL:
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": plain_text(message)}
    content: str | list[Json]
    if all(isinstance(part, TextPart) for part in message.parts):
        content = plain_text(message)
    else:
        content = [
            {"type": "text", "text": part.text}
            if isinstance(part, TextPart)
            else {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{part.data}"}}
            for part in message.parts
        ]
    result: Json = {"role": message.role.value, "content": content}
    if message.tool_calls:
        result["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    return result


def plain_text(message: Message) -> str:
    """The text of a message without its pictures."""
    return "".join(part.text for part in message.parts if isinstance(part, TextPart))


class _Decoder:
    __slots__ = ("_calls", "_provider", "_refusal", "answer")

    def __init__(self, provider: str) -> None:
        self.answer = Answer()
        self._provider = provider
        self._calls: dict[int, list[str]] = {}
        self._refusal = ""

    def event(self, event: Json) -> None:
        choices = event.get("choices")
        if choices:
            choice = choices[0]
            delta = choice.get("delta")
            if delta:
                text = delta.get("content")
                if text:
                    self.answer.text.append(text)
                elif len(delta) > 1 or "content" not in delta:
                    self._rare(delta)
            if choice.get("finish_reason"):
                self._finish(choice["finish_reason"])
        usage = event.get("usage")
        if usage:
            self.answer.usage = _usage(usage)

    def whole(self, body: Json) -> None:
        for choice in body.get("choices") or ():
            message = choice.get("message") or {}
            if message.get("content"):
                self.answer.text.append(message["content"])
            self._rare(message)
            self._finish(choice.get("finish_reason") or "stop")
            break
        if body.get("usage"):
            self.answer.usage = _usage(body["usage"])

    def done(self) -> None:
        for index in sorted(self._calls):
            call_id, name, *arguments = self._calls[index]
            self.answer.tool_calls.append(ToolCall(call_id, name, "".join(arguments)))

    def _rare(self, delta: Json) -> None:
        """Thinking (DeepSeek: reasoning_content; OpenRouter: reasoning), refusals and tool calls."""
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(reasoning, str) and reasoning:
            self.answer.reasoning.append(reasoning)
        if delta.get("refusal"):
            self._refusal += delta["refusal"]
        for position, call in enumerate(delta.get("tool_calls") or ()):
            function = call.get("function") or {}
            entry = self._calls.setdefault(call.get("index", position), ["", ""])
            entry[0] = call.get("id") or entry[0]
            entry[1] = function.get("name") or entry[1]
            entry.append(function.get("arguments") or "")

    def _finish(self, reason: str) -> None:
        if self._refusal or reason in ("content_filter", "refusal"):
            raise provider_error(
                ErrorClass.CONTENT_POLICY, provider=self._provider, detail=f"{reason} {self._refusal}".strip()
            )
        if reason == "insufficient_system_resource":
            # DeepSeek interrupts an answer with this when its servers are full.
            raise provider_error(ErrorClass.TRANSIENT, provider=self._provider, detail=reason)
        self.answer.finish = _FINISH.get(reason, FinishReason.STOP)


def _usage(usage: Json) -> Usage:
    details = usage.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens") or 0
    return Usage(int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0), int(cached))
