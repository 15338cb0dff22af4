"""What the vendors' emulators share: faults by name, the record of requests, and streams that misbehave on request."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from kassa.kit import clock
from kassa.sandbox.faults import Fault, Faults
from kassa.sandbox.store import Store

# Faults that a vendor answers with an error of its own; the others break the way the answer travels.
ERRORS = ("500", "429", "invalid_key", "quota", "overloaded", "no_access", "bad_input", "model_gone")
REQUESTS_KEPT = 200
LONGEST_KEPT = 100_000


class Stage:
    """The state of one emulator."""

    def __init__(self, store: Store, faults: Faults, chunk_delay_s: float) -> None:
        self.store = store
        self.faults = faults
        self.chunk_delay_s = chunk_delay_s
        self._numbers = count(1)

    def fault(self, provider: str, operation: str) -> Fault | None:
        """The fault switched on for this provider, or for all of them."""
        return self.faults.take(provider, operation) or self.faults.take("ai", operation)

    def record(self, provider: str, path: str, body: Mapping[str, Any]) -> None:
        """Keep the last requests, so that a person or a test can see what was asked."""
        if self.chunk_delay_s == 0:
            # A load test asks thousands of times a second and looks at none of them.
            return
        number = next(self._numbers) % REQUESTS_KEPT
        entry = {"provider": provider, "path": path, "at": clock.now().isoformat(), "body": _shortened(dict(body))}
        self.store.put("ai_requests", f"{number:04d}", entry)

    def delay_s(self, request: Request, model: str, fault: Fault | None) -> float:
        """The pause between parts: none for models named *-instant, long for the fault `slow`, or as a header says."""
        if fault is not None and fault.kind == "slow":
            return float(fault.options.get("chunk_delay_s", 1.0))
        header = request.headers.get("x-sandbox-chunk-delay")
        if header is not None and re.fullmatch(r"\d+(\.\d+)?", header):
            return float(header)
        return 0.0 if model.endswith("-instant") else self.chunk_delay_s


def _shortened(value: Any) -> Any:
    """What was asked without the megabytes of its pictures."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_KEPT else f"{value[:60]}… ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {key: _shortened(item) for key, item in value.items()}
    return [_shortened(item) for item in value] if isinstance(value, list) else value


def event(data: Mapping[str, Any], name: str = "") -> bytes:
    """One server-sent event."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + orjson.dumps(data) + b"\n\n"


class Silence(Response):
    """Never answers: the connection stays open until the client gives up."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _until_gone(receive)


class EventStream(Response):
    """A streamed answer of frames, with a pause between them, and with the fault that breaks it in the middle.

    cut: the connection is dropped · stall: nothing more comes and nothing closes · malformed: one frame is not JSON.
    """

    media_type = "text/event-stream"

    def __init__(
        self, frames: Iterable[bytes], headers: Mapping[str, str], delay_s: float, fault: Fault | None
    ) -> None:
        super().__init__(headers={"cache-control": "no-cache", **headers})
        del self.headers["content-length"]
        self._frames = list(frames)
        self._delay_s = delay_s
        self._kind = fault.kind if fault is not None else ""
        self._break_at = len(self._frames) // 2

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        gone = asyncio.create_task(_until_gone(receive))
        try:
            for index, frame in enumerate(self._frames):
                if index == self._break_at:
                    if self._kind == "cut":
                        # Returning without the last part makes the server drop the connection.
                        return
                    if self._kind == "stall":
                        await gone
                    if self._kind == "malformed":
                        await _send_part(send, b'data: {"choices": [{"delta": {"content": "\n\n')
                if gone.done():
                    return
                await _send_part(send, frame)
                if self._delay_s:
                    await asyncio.sleep(self._delay_s)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()


async def _send_part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
