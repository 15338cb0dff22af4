"""One streamed HTTP call, the same for every text driver: time-outs, reading, and what counts as an answer."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
import orjson

from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    ProviderError,
    ReasoningDelta,
    TextDelta,
    TextEvent,
    ToolCall,
    Usage,
    provider_error,
)

from .sse import EventReader, EventTooLarge

MAX_ERROR_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_FILE_BYTES = 100 * 1024 * 1024
"""FIL-2: generated files."""

Json = dict[str, Any]
Classify = Callable[[int, Mapping[str, str], Json, str], ProviderError]


@dataclass(slots=True)
class Answer:
    """What a decoder has found since the last read; `stream` hands it out and empties it."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    tool_calls: list[ToolCall] = field(default_factory=list)
    usage: Usage | None = None
    finish: FinishReason | None = None
    has_content: bool = False

    def take_text(self) -> TextDelta:
        """The text so far, once."""
        text = "".join(self.text)
        self.text.clear()
        self.has_content = self.has_content or bool(text and not text.isspace())
        return TextDelta(text)

    def take_reasoning(self) -> ReasoningDelta:
        """The thinking so far, once."""
        text = "".join(self.reasoning)
        self.reasoning.clear()
        return ReasoningDelta(text)


class Decoder(Protocol):
    """Reads one vendor's events into an Answer. Raises ProviderError for an error told inside the stream."""

    answer: Answer

    def event(self, event: Json) -> None:
        """Take one event of the stream."""

    def whole(self, body: Json) -> None:
        """Take an answer that came as one JSON body, from a server that does not stream."""

    def done(self) -> None:
        """The stream has ended; last chance to complete what was gathered."""


async def stream(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    body: Json,
    endpoint: Endpoint,
    decoder: Decoder,
    classify: Classify,
) -> AsyncGenerator[TextEvent, None]:
    """Post, read events, yield the answer's parts, one delta per read of the network. Raises ProviderError."""
    limits = aiohttp.ClientTimeout(
        total=endpoint.timeouts.total_s,
        sock_connect=endpoint.timeouts.connect_s,
        sock_read=endpoint.timeouts.first_byte_s,
    )
    provider, answer = endpoint.provider, decoder.answer
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream", **headers}
    with _failures_of_network(provider):
        async with session.post(
            url, data=orjson.dumps(body), headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            if response.status != 200:
                raise await _refusal(response, classify)
            if not response.content_type.startswith("text/event-stream"):
                _take(decoder.whole, await _json_answer(response, provider, classify), provider)
            else:
                _limit_reads(response, endpoint.timeouts.between_chunks_s)
                reader = EventReader()
                async for chunk in response.content.iter_any():
                    for data in reader.feed(chunk):
                        _decode(data, decoder, provider, classify)
                    if answer.reasoning:
                        yield answer.take_reasoning()
                    if answer.text:
                        yield answer.take_text()
                for data in reader.close():
                    _decode(data, decoder, provider, classify)
    decoder.done()
    for event in _ending(answer, provider):
        yield event


def _ending(answer: Answer, provider: str) -> Iterator[TextEvent]:
    """What is left when the stream is over; raises when it is no answer."""
    if answer.text:
        yield answer.take_text()
    yield from answer.tool_calls
    if answer.finish is None:
        raise provider_error(ErrorClass.TRANSIENT, provider=provider, detail="the stream ended before the answer did")
    if not answer.has_content and not answer.tool_calls:
        raise provider_error(ErrorClass.EMPTY_ANSWER, provider=provider, detail=f"finish reason {answer.finish}")
    if answer.usage is not None:
        yield answer.usage
    yield Finished(answer.finish)


async def call(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    endpoint: Endpoint,
    classify: Classify,
    *,
    body: Json | None = None,
    form: aiohttp.FormData | None = None,
) -> tuple[str, bytes]:
    """Post JSON or a form, answer the whole body with its type. Raises ProviderError."""
    limits = aiohttp.ClientTimeout(total=endpoint.timeouts.total_s, sock_connect=endpoint.timeouts.connect_s)
    data: bytes | aiohttp.FormData | None = form
    if body is not None:
        data, headers = orjson.dumps(body), {"Content-Type": "application/json", **headers}
    with _failures_of_network(endpoint.provider):
        async with session.post(url, data=data, headers=headers, timeout=limits, allow_redirects=False) as response:
            if response.status != 200:
                raise await _refusal(response, classify)
            whole = await _read(response, MAX_FILE_BYTES + 1)
            if len(whole) > MAX_FILE_BYTES:
                raise provider_error(ErrorClass.TRANSIENT, provider=endpoint.provider, detail="the answer is too large")
            return response.content_type, whole


async def probe(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], endpoint: Endpoint, classify: Classify
) -> Json:
    """Get a cheap page that needs the key. Raises ProviderError with the class of the trouble."""
    limits = aiohttp.ClientTimeout(total=endpoint.timeouts.first_byte_s, sock_connect=endpoint.timeouts.connect_s)
    with _failures_of_network(endpoint.provider):
        async with session.get(url, headers=headers, timeout=limits, allow_redirects=False) as response:
            if response.status != 200:
                raise await _refusal(response, classify)
            return await _json_answer(response, endpoint.provider, classify)


@contextmanager
def _failures_of_network(provider: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise provider_error(ErrorClass.TIMEOUT, provider=provider, detail=_named(error)) from error
    except (aiohttp.ClientError, EventTooLarge) as error:
        raise provider_error(ErrorClass.TRANSIENT, provider=provider, detail=_named(error)) from error


def _limit_reads(response: aiohttp.ClientResponse, between_s: float) -> None:
    """The wait for the first byte is over: from here the shorter limit between reads holds."""
    if response.connection is not None and response.connection.protocol is not None:
        response.connection.protocol.read_timeout = between_s


def _decode(data: bytes, decoder: Decoder, provider: str, classify: Classify) -> None:
    if data == b"[DONE]":
        # Some servers close an answer with this and give no reason.
        decoder.answer.finish = decoder.answer.finish or FinishReason.STOP
        return
    try:
        event = orjson.loads(data)
    except orjson.JSONDecodeError:
        event = parsed(data.decode("utf-8", "replace"))
    if not isinstance(event, dict):
        if not data.strip():
            return
        raise provider_error(ErrorClass.TRANSIENT, provider=provider, detail="malformed event in the stream")
    if event.get("error"):
        raise classify(0, {}, event, data.decode("utf-8", "replace"))
    _take(decoder.event, event, provider)


def _take(take: Callable[[Json], None], body: Json, provider: str) -> None:
    try:
        take(body)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # JSON of another shape than the vendor's: as broken as if it were no JSON at all.
        raise provider_error(ErrorClass.TRANSIENT, provider=provider, detail=f"malformed: {_named(error)}") from error


def parsed(text: str) -> Json | None:
    """The JSON object in a text, or None when there is none."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    # Gemini wraps errors of the stream in a list; the first object says it all.
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else None


async def _refusal(response: aiohttp.ClientResponse, classify: Classify) -> ProviderError:
    text = (await _read(response, MAX_ERROR_BYTES)).decode("utf-8", "replace")
    return classify(response.status, response.headers, parsed(text) or {}, text)


async def _json_answer(response: aiohttp.ClientResponse, provider: str, classify: Classify) -> Json:
    text = (await _read(response, MAX_ANSWER_BYTES)).decode("utf-8", "replace")
    body = parsed(text)
    if body is None:
        raise provider_error(ErrorClass.TRANSIENT, provider=provider, detail=f"not JSON: {text[:200]}")
    if body.get("error"):
        raise classify(200, response.headers, body, text)
    return body


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    parts = []
    size = 0
    async for chunk in response.content.iter_any():
        parts.append(chunk)
        size += len(chunk)
        if size >= limit:
            break
    return b"".join(parts)[:limit]


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
