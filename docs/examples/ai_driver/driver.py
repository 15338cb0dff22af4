"""Parrot, a made-up vendor of a text model: all that a driver consists of.

    POST {base}/v1/generate   Authorization: Key ...   {"model", "turns": [{"who", "says"}], "rules"?, "most_tokens"?}
    a stream of events        data: {"piece": "..."}   then   data: {"end": "done"|"cut", "counted": [in, out]}
    errors                    {"error": {"reason": "no_money", "words": "..."}}, as a status or inside the stream
    GET {base}/v1/me          200 for a good key

A driver keeps nothing: no key, no session of a database, no counter. It asks once and never repeats; the gateway
decides about other keys and other vendors from the class of the error.
"""

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Any

import aiohttp

from kassa.adapters.ai import failures
from kassa.adapters.ai.stream import Answer, Json, probe, stream
from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    FinishReason,
    ProviderError,
    TextEvent,
    TextPart,
    TextRequest,
    Usage,
    provider_error,
)

# What the vendor's page on errors says; whatever is missing here is decided by the HTTP status.
_REASONS = {
    "no_money": ErrorClass.QUOTA_EMPTY,
    "bad_key": ErrorClass.INVALID_KEY,
    "too_fast": ErrorClass.RATE_LIMIT,
    "rude": ErrorClass.CONTENT_POLICY,
    "no_such_model": ErrorClass.MODEL_GONE,
}


class ParrotDriver:
    """Fulfils `kassa.core.ai.TextDriver`. The session is shared by all drivers."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def stream(self, request: TextRequest, endpoint: Endpoint, key: str) -> AsyncGenerator[TextEvent, None]:
        """Ask; `stream` reads, limits the time, and turns every failure of the network into a ProviderError."""
        return stream(
            self._session,
            f"{endpoint.base_url.rstrip('/')}/v1/generate",
            _headers(key),
            _body(request),
            endpoint,
            _Decoder(endpoint.provider),
            partial(_classify, endpoint.provider),
        )

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """The cheapest call that needs a working key."""
        url = f"{endpoint.base_url.rstrip('/')}/v1/me"
        await probe(self._session, url, _headers(key), endpoint, partial(_classify, endpoint.provider))


class _Decoder:
    """Reads the vendor's events into an Answer; JSON of another shape than expected may raise what it likes."""

    def __init__(self, provider: str) -> None:
        self.answer = Answer()
        self._provider = provider

    def event(self, event: Json) -> None:
        if event.get("piece"):
            self.answer.text.append(event["piece"])
        if "end" in event:
            self.answer.finish = FinishReason.LENGTH if event["end"] == "cut" else FinishReason.STOP
            counted_in, counted_out = event["counted"]
            self.answer.usage = Usage(int(counted_in), int(counted_out))

    def whole(self, body: Json) -> None:
        """This vendor always streams."""
        raise provider_error(ErrorClass.TRANSIENT, provider=self._provider, detail="a body instead of a stream")

    def done(self) -> None:
        """Nothing is left to put together; vendors that send tool calls in pieces do it here."""


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Key {key}"}


def _body(request: TextRequest) -> Json:
    turns = [
        {"who": message.role.value, "says": "".join(part.text for part in message.parts if isinstance(part, TextPart))}
        for message in request.messages
    ]
    body: Json = {"model": request.model, "turns": turns}
    if request.system:
        body["rules"] = request.system
    if request.max_output_tokens is not None:
        body["most_tokens"] = request.max_output_tokens
    # Last, so that the settings of a route win over the driver's.
    return body | dict(request.extra)


def _classify(
    provider: str, status: int, headers: Mapping[str, str], body: Mapping[str, Any], text: str
) -> ProviderError:
    """Our class of an error; status 0 means that it came inside the stream."""
    error = body.get("error")
    reason, words = (error.get("reason"), error.get("words")) if isinstance(error, dict) else (None, None)
    found = _REASONS.get(str(reason))
    if found is None:
        found = failures.by_status(status) if status >= 300 else ErrorClass.TRANSIENT
    detail = f"{status} {reason or ''} {words or text[:200]}".strip()
    return provider_error(found, provider=provider, detail=detail, retry_after_s=failures.retry_after(headers))
