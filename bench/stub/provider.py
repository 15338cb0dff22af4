"""An AI provider in OpenAI's streaming format."""

import asyncio
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import orjson

from .serving import Receive, Send, read

CHUNKS = 20
_WORDS = ("The ", "answer ", "comes ", "word ", "by ", "word, ", "as ", "providers ", "send ", "it. ")


async def provider(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """POST /v1/chat/completions; "chunks=N/M" in the question asks for N chunks, M in each write."""
    asked = orjson.loads(await read(receive))
    question = str(asked["messages"][-1]["content"])
    count, _, together = question.partition("chunks=")[2].split(" ", 1)[0].partition("/")
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for part in _parts(int(count or CHUNKS), int(together or CHUNKS)):
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b""})


@lru_cache
def _parts(count: int, together: int) -> list[bytes]:
    events = [_event({"role": "assistant", "content": ""})]
    events += [_event({"content": _WORDS[number % len(_WORDS)]}) for number in range(count)]
    events.append(_event({}, finish="stop"))
    usage = {"prompt_tokens": 12, "completion_tokens": count, "total_tokens": count + 12}
    events.append(b"data: " + orjson.dumps(_frame([], usage)) + b"\n\ndata: [DONE]\n\n")
    return [b"".join(events[at : at + together]) for at in range(0, len(events), together)]


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return b"data: " + orjson.dumps(_frame([choice], None)) + b"\n\n"


def _frame(choices: list[dict[str, Any]], usage: dict[str, int] | None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion.chunk", "created": 1790000000,
        "model": "gpt-4o-2024-08-06", "service_tier": "default", "system_fingerprint": "fp_f5bdcc3276",
        "choices": choices, "usage": usage,
    }  # fmt: skip
