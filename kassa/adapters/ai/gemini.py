"""Google's Gemini API: `POST {base}/v1beta/models/{model}:streamGenerateContent?alt=sse`, key in `x-goog-api-key`.

A blocked prompt and a blocked answer come as 200: they are refusals here.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

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

_REFUSALS = {
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR",
}  # fmt: skip
# google.rpc.Code names; the status of the response says less than they do.
_STATUSES: dict[str, ErrorClass] = {
    "INVALID_ARGUMENT": ErrorClass.BAD_INPUT,
    "FAILED_PRECONDITION": ErrorClass.NO_ACCESS,
    "OUT_OF_RANGE": ErrorClass.BAD_INPUT,
    "UNAUTHENTICATED": ErrorClass.INVALID_KEY,
    "PERMISSION_DENIED": ErrorClass.NO_ACCESS,
    "NOT_FOUND": ErrorClass.MODEL_GONE,
    "RESOURCE_EXHAUSTED": ErrorClass.RATE_LIMIT,
    "CANCELLED": ErrorClass.TRANSIENT,
    "INTERNAL": ErrorClass.TRANSIENT,
    "UNKNOWN": ErrorClass.TRANSIENT,
    "UNAVAILABLE": ErrorClass.TRANSIENT,
    "DEADLINE_EXCEEDED": ErrorClass.TIMEOUT,
}


class GeminiDriver:
    """Asks Gemini."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Ask; see TextDriver."""
        model = quote(request.model, safe="")
        return stream(
            self._session,
            f"{endpoint.base_url.rstrip('/')}/v1beta/models/{model}:streamGenerateContent?alt=sse",
            {"x-goog-api-key": key},
            _body(request),
            endpoint,
            _Decoder(endpoint.provider),
            partial(_classify, endpoint.provider),
        )

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """List one model."""
        url = f"{endpoint.base_url.rstrip('/')}/v1beta/models?pageSize=1"
        await probe(self._session, url, {"x-goog-api-key": key}, endpoint, partial(_classify, endpoint.provider))


def _body(request: TextRequest) -> Json:
    names = {call.id: call.name for message in request.messages for call in message.tool_calls}
    body: Json = {"contents": [_content(message, names) for message in request.messages]}
    if request.system:
        body["systemInstruction"] = {"parts": [{"text": request.system}]}
    config: Json = {}
    if request.max_output_tokens is not None:
        config["maxOutputTokens"] = request.max_output_tokens
    if request.temperature is not None:
        config["temperature"] = request.temperature
    extra = dict(request.extra)
    config.update(extra.pop("generationConfig", {}))
    if config:
        body["generationConfig"] = config
    if request.tools:
        declarations = [
            {"name": tool.name, "description": tool.description, "parametersJsonSchema": tool.parameters}
            for tool in request.tools
        ]
        body["tools"] = [{"functionDeclarations": declarations}]
    body.update(extra)
    return body


def _content(message: Message, names: Mapping[str, str]) -> Json:
    text = "".join(part.text for part in message.parts if isinstance(part, TextPart))
    if message.role is Role.TOOL:
        answer = {"name": names.get(message.tool_call_id, message.tool_call_id), "response": {"result": text}}
        return {"role": "user", "parts": [{"functionResponse": answer}]}
    parts: list[Json] = [
        {"text": part.text}
        if isinstance(part, TextPart)
        else {"inlineData": {"mimeType": part.media_type, "data": part.data}}
        for part in message.parts
        if not isinstance(part, TextPart) or part.text
    ]
    parts.extend(
        {"functionCall": {"name": call.name, "args": orjson.loads(call.arguments or "{}")}}
        for call in message.tool_calls
    )
    return {"role": "model" if message.role is Role.ASSISTANT else "user", "parts": parts}


class _Decoder:
    __slots__ = ("_provider", "answer")

    def __init__(self, provider: str) -> None:
        self.answer = Answer()
        self._provider = provider

    def event(self, event: Json) -> None:
        feedback = event.get("promptFeedback")
        if feedback and feedback.get("blockReason"):
            raise self._refused(f"blockReason {feedback['blockReason']}")
        for candidate in event.get("candidates") or ():
            for part in (candidate.get("content") or {}).get("parts") or ():
                if part.get("text"):
                    (self.answer.reasoning if part.get("thought") else self.answer.text).append(part["text"])
                elif "functionCall" in part:
                    self._call(part["functionCall"])
            if candidate.get("finishReason"):
                self._finish(candidate["finishReason"])
            break
        usage = event.get("usageMetadata")
        if usage:
            self.answer.usage = Usage(
                int(usage.get("promptTokenCount") or 0) + int(usage.get("toolUsePromptTokenCount") or 0),
                int(usage.get("candidatesTokenCount") or 0) + int(usage.get("thoughtsTokenCount") or 0),
                int(usage.get("cachedContentTokenCount") or 0),
            )

    def whole(self, body: Json) -> None:
        self.event(body)

    def done(self) -> None:
        """Nothing is gathered: every part comes whole."""

    def _call(self, call: Mapping[str, Any]) -> None:
        # Gemini gives calls no id; their position in the answer is one.
        call_id = str(call.get("id") or f"call_{len(self.answer.tool_calls)}")
        self.answer.tool_calls.append(ToolCall(call_id, call["name"], orjson.dumps(call.get("args") or {}).decode()))

    def _finish(self, reason: str) -> None:
        if reason in _REFUSALS:
            raise self._refused(f"finishReason {reason}")
        if reason in ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"):
            raise provider_error(ErrorClass.TRANSIENT, provider=self._provider, detail=reason)
        if reason == "MAX_TOKENS":
            self.answer.finish = FinishReason.LENGTH
        else:
            self.answer.finish = FinishReason.TOOL_CALLS if self.answer.tool_calls else FinishReason.STOP

    def _refused(self, detail: str) -> ProviderError:
        return provider_error(ErrorClass.CONTENT_POLICY, provider=self._provider, detail=detail)


def _classify(
    provider: str, status: int, headers: Mapping[str, str], body: Mapping[str, Any], text: str
) -> ProviderError:
    """Errors are google.rpc.Status: a wrong key is 400 with the reason API_KEY_INVALID among the details."""
    error = body.get("error")
    error = error if isinstance(error, dict) else {}
    details = [detail for detail in error.get("details") or () if isinstance(detail, dict)]
    reasons = {str(detail.get("reason")) for detail in details}
    message = str(error.get("message") or text[:300])
    code = status if status >= 300 else int(error.get("code") or 0)
    error_class = _STATUSES.get(str(error.get("status"))) or failures.by_status(code or 500)
    if reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED"}:
        error_class = ErrorClass.INVALID_KEY
    elif error_class is ErrorClass.RATE_LIMIT and "billing" in message.lower() and _retry_delay(details) is None:
        # Out of quota for good, not for a minute: no delay is given and the text sends to the billing page.
        error_class = ErrorClass.QUOTA_EMPTY
    wait = _retry_delay(details)
    return provider_error(
        error_class,
        provider=provider,
        detail=f"{code} {error.get('status', '')} {message}",
        retry_after_s=wait if wait is not None else failures.retry_after(headers),
    )


def _retry_delay(details: Sequence[Mapping[str, Any]]) -> float | None:
    """Seconds of google.rpc.RetryInfo, written as "34.07s"."""
    for detail in details:
        delay = str(detail.get("retryDelay") or "")
        if delay.endswith("s") and delay[:-1].replace(".", "", 1).isdigit():
            return float(delay[:-1])
    return None
