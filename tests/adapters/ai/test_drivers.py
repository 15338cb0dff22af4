"""AI-4: answers that no well-behaved server gives, played by a server that sends just the bytes of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest

from kassa.adapters.ai import text_drivers
from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    Message,
    ProviderError,
    Role,
    TextDelta,
    TextDriver,
    TextEvent,
    TextPart,
    TextRequest,
    Tool,
    ToolCall,
    Usage,
)

REQUEST = TextRequest((Message(Role.USER, (TextPart("Hi"),)),), model="any", request_id="r-1")
SSE = "text/event-stream"
JSON = "application/json"


class Server:
    """Answers every request with the same bytes."""

    def __init__(self) -> None:
        self.status, self.kind, self.parts = 200, SSE, [b""]
        self.headers = ""
        self.requests: list[bytes] = []
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) if b"POST" in head else 0
        self.requests.append(head + await reader.readexactly(length))
        try:
            await self._play(writer)
        except ConnectionError:
            pass  # the driver has heard enough
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _play(self, writer: asyncio.StreamWriter) -> None:
        writer.write(
            f"HTTP/1.1 {self.status} X\r\nContent-Type: {self.kind}\r\n{self.headers}Connection: close\r\n\r\n".encode()
        )
        for part in self.parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.002)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    played = Server()
    listener = await asyncio.start_server(played.answer, "127.0.0.1", 0)
    played.port = listener.sockets[0].getsockname()[1]
    yield played
    listener.close()
    # Let the last connection notice that it is closed.
    await asyncio.sleep(0.01)
    await listener.wait_closed()


@pytest.fixture
async def drivers() -> AsyncIterator[dict[str, TextDriver]]:
    async with aiohttp.ClientSession() as session:
        yield text_drivers(session)


async def ask(
    drivers: dict[str, TextDriver], server: Server, kind: str = "openai_chat", request: TextRequest = REQUEST
) -> list[TextEvent]:
    endpoint = Endpoint("test", "test", f"http://127.0.0.1:{server.port}")
    return [event async for event in drivers[kind].stream(request, endpoint, "sk-test")]


async def failure(drivers: dict[str, TextDriver], server: Server, kind: str = "openai_chat") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await ask(drivers, server, kind)
    return caught.value


def text_of(events: list[TextEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def chunk(content: str) -> bytes:
    return f'data: {{"choices": [{{"delta": {{"content": "{content}"}}}}]}}\n\n'.encode()


END = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


async def test_a_character_split_between_packets_stays_whole(drivers: dict[str, TextDriver], server: Server) -> None:
    data = chunk("Привет") + END
    server.parts = [data[index : index + 1] for index in range(60)] + [data[60:]]
    assert text_of(await ask(drivers, server)) == "Привет"


async def test_events_of_one_packet_come_as_one_delta(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [chunk("a") + chunk("b") + chunk("c") + END]
    assert await ask(drivers, server) == [TextDelta("abc"), Finished(FinishReason.STOP)]


async def test_bytes_that_are_no_text_are_replaced(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [b'data: {"choices": [{"delta": {"content": "a\xffb"}}]}\n\n' + END]
    assert text_of(await ask(drivers, server)) == "a\ufffdb"


async def test_the_usage_chunk_has_no_choices(drivers: dict[str, TextDriver], server: Server) -> None:
    usage = b'data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details":'
    server.parts = [chunk("a"), END.replace(b"data: [DONE]", usage + b' {"cached_tokens": 4}}}\n\ndata: [DONE]')]
    assert Usage(9, 2, 4) in await ask(drivers, server)


async def test_keep_alive_comments_are_nothing(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [b": keep-alive\n\n"] * 5 + [chunk("a"), b": keep-alive\n\n", END]
    assert text_of(await ask(drivers, server)) == "a"


async def test_an_end_without_a_reason_is_an_end(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [chunk("a"), b"data: [DONE]\n\n"]
    assert (await ask(drivers, server))[-1] == Finished(FinishReason.STOP)


async def test_a_stream_that_just_ends_is_cut(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [chunk("a")]
    assert (await failure(drivers, server)).error_class is ErrorClass.TRANSIENT


@pytest.mark.parametrize(
    "junk", [b"data: {oops\n\n", b"data: 5\n\n", b'data: {"choices": "none"}\n\n', b"data: \xff\n\n"]
)
async def test_junk_in_the_stream_is_transient(drivers: dict[str, TextDriver], server: Server, junk: bytes) -> None:
    server.parts = [chunk("a"), junk, END]
    error = await failure(drivers, server)
    assert error.error_class is ErrorClass.TRANSIENT
    assert "malformed" in error.detail


async def test_an_endless_line_is_given_up(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [b"data: " + b"x" * 1_000_000] + [b"x" * 1_000_000] * 4
    error = await failure(drivers, server)
    assert error.error_class is ErrorClass.TRANSIENT
    assert "EventTooLarge" in error.detail


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"error": {"code": "insufficient_quota", "message": "no money"}}', ErrorClass.QUOTA_EMPTY),
        (b'{"error": {"code": 429, "message": "slow down"}}', ErrorClass.RATE_LIMIT),
        (b'{"error": "something broke"}', ErrorClass.TRANSIENT),
        (b'{"error": {"type": "invalid_request_error", "message": "bad"}}', ErrorClass.BAD_INPUT),
        (b"<html>We are down</html>", ErrorClass.TRANSIENT),
        (b"", ErrorClass.TRANSIENT),
    ],
)
async def test_an_error_in_a_200_is_an_error(
    drivers: dict[str, TextDriver], server: Server, body: bytes, expected: ErrorClass
) -> None:
    server.kind, server.parts = JSON, [body]
    assert (await failure(drivers, server)).error_class is expected
    server.kind, server.parts = SSE, [b"data: " + body + b"\n\n"]
    assert (await failure(drivers, server)).error_class is (expected if body else ErrorClass.TRANSIENT)


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected", "wait"),
    [
        (429, "Retry-After: 12\r\n", b"", ErrorClass.RATE_LIMIT, 12),
        (429, "retry-after-ms: 1500\r\nRetry-After: 2\r\n", b"", ErrorClass.RATE_LIMIT, 1.5),
        (429, "Retry-After: soon\r\n", b"", ErrorClass.RATE_LIMIT, None),
        (429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", b"", ErrorClass.RATE_LIMIT, 0),
        (302, "Location: http://127.0.0.1:1/\r\n", b"", ErrorClass.MODEL_GONE, None),
        (410, "", b"", ErrorClass.MODEL_GONE, None),
        (402, "", b"not json", ErrorClass.QUOTA_EMPTY, None),
        (418, "", b"[]", ErrorClass.BAD_INPUT, None),
        (502, "", b"<html>", ErrorClass.TRANSIENT, None),
        (504, "", b"", ErrorClass.TIMEOUT, None),
        (400, "", b'{"error": {"code": "content_policy_violation"}}', ErrorClass.CONTENT_POLICY, None),
    ],
)
async def test_statuses(
    drivers: dict[str, TextDriver],
    server: Server,
    status: int,
    headers: str,
    body: bytes,
    expected: ErrorClass,
    wait: float | None,
) -> None:
    server.status, server.headers, server.kind, server.parts = status, headers, JSON, [body]
    error = await failure(drivers, server)
    assert (error.error_class, error.retry_after_s) == (expected, wait)


async def test_gemini_wraps_errors_in_a_list(drivers: dict[str, TextDriver], server: Server) -> None:
    server.status, server.kind = 429, JSON
    server.parts = [
        (
            b'[{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota",'
            b' "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.07s"}]}}]'
        )
    ]
    error = await failure(drivers, server, "gemini")
    assert (error.error_class, error.retry_after_s) == (ErrorClass.RATE_LIMIT, 34.07)


async def test_anthropic_tells_an_empty_account_in_words(drivers: dict[str, TextDriver], server: Server) -> None:
    server.status, server.kind = 400, JSON
    server.parts = [
        b'{"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}'
    ]
    assert (await failure(drivers, server, "anthropic")).error_class is ErrorClass.QUOTA_EMPTY


async def test_anthropic_overload_in_the_middle_of_a_stream(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [b'event: error\ndata: {"type": "error", "error": {"type": "overloaded_error", "message": "x"}}\n\n']
    assert (await failure(drivers, server, "anthropic")).error_class is ErrorClass.TRANSIENT


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "openai_chat",
            (
                b'{"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}],'
                b' "usage": {"prompt_tokens": 3, "completion_tokens": 1}}'
            ),
        ),
        (
            "openai_responses",
            (
                b'{"status": "completed", "error": null, "output": [{"type": "message", "content":'
                b' [{"type": "output_text", "text": "Hi"}]}], "usage": {"input_tokens": 3, "output_tokens": 1}}'
            ),
        ),
        (
            "anthropic",
            (
                b'{"content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn",'
                b' "usage": {"input_tokens": 3, "output_tokens": 1}}'
            ),
        ),
        (
            "gemini",
            (
                b'[{"candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}],'
                b' "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1}}]'
            ),
        ),
    ],
)
async def test_a_server_that_does_not_stream_is_understood(
    drivers: dict[str, TextDriver], server: Server, kind: str, body: bytes
) -> None:
    server.kind, server.parts = JSON, [body]
    assert await ask(drivers, server, kind) == [TextDelta("Hi"), Usage(3, 1, 0), Finished(FinishReason.STOP)]


TOOL_STREAMS = {
    "openai_chat": [
        '{"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "find"}}]}}]}',
        '{"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "{\\"q\\":"}}]}}]}',
        '{"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}}]}',
        '{"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}',
    ],
    "openai_responses": [
        (
            '{"type": "response.output_item.done", "item": {"type": "function_call", "call_id": "c1", "name": "find",'
            ' "arguments": "{\\"q\\":1}"}}'
        ),
        '{"type": "response.completed", "response": {"status": "completed"}}',
    ],
    "anthropic": [
        '{"type": "content_block_start", "content_block": {"type": "tool_use", "id": "c1", "name": "find"}}',
        '{"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "{\\"q\\":"}}',
        '{"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "1}"}}',
        '{"type": "content_block_stop", "index": 0}',
        '{"type": "message_delta", "delta": {"stop_reason": "tool_use"}}',
    ],
    "gemini": [
        (
            '{"candidates": [{"content": {"parts": [{"functionCall": {"id": "c1", "name": "find", "args": {"q": 1}}}]},'
            ' "finishReason": "STOP"}]}'
        ),
    ],
}


@pytest.mark.parametrize("kind", list(TOOL_STREAMS))
async def test_tools_are_offered_called_and_answered(drivers: dict[str, TextDriver], server: Server, kind: str) -> None:
    server.parts = [f"data: {event}\n\n".encode() for event in TOOL_STREAMS[kind]]
    call = ToolCall("c1", "find", '{"q":1}')
    messages = (
        *REQUEST.messages,
        Message(Role.ASSISTANT, (), tool_calls=(call,)),
        Message(Role.TOOL, (TextPart("found"),), tool_call_id="c1"),
    )
    tool = Tool("find", "Finds", {"type": "object", "properties": {"q": {"type": "integer"}}})
    events = await ask(drivers, server, kind, TextRequest(messages, model="any", tools=(tool,)))
    assert call in events
    assert events[-1] == Finished(FinishReason.TOOL_CALLS)
    sent = server.requests[0]
    assert sent.count(b'"find"') >= 2
    assert b"found" in sent


async def test_the_key_goes_where_the_vendor_wants_it(drivers: dict[str, TextDriver], server: Server) -> None:
    server.status, server.parts = 500, [b""]
    for kind, header in [
        ("openai_chat", b"authorization: bearer sk-test"),
        ("openai_responses", b"x-client-request-id: r-1"),
        ("anthropic", b"x-api-key: sk-test"),
        ("gemini", b"x-goog-api-key: sk-test"),
    ]:
        await failure(drivers, server, kind)
        assert header in server.requests[-1].lower()
        assert b"sk-test" not in server.requests[-1].split(b"\r\n")[0]


async def test_closing_the_stream_drops_the_connection(drivers: dict[str, TextDriver], server: Server) -> None:
    server.parts = [chunk("a")] * 1000
    endpoint = Endpoint("test", "test", f"http://127.0.0.1:{server.port}")
    stream = drivers["openai_chat"].stream(REQUEST, endpoint, "sk-test")
    assert isinstance(await anext(stream), TextDelta)
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
