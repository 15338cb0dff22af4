"""A WebSocket client that costs next to nothing: short texts in and out, from many addresses."""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import Any

import orjson

Hear = Callable[[bytes], None]


class Wire(asyncio.Protocol):
    """One connection; `hear` gets each text that comes."""

    def __init__(self, path: str, hear: Hear | None = None) -> None:
        self.hear = hear
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._path = path
        self._buffer = b""
        self._is_open = False
        self._waiting: asyncio.Future[dict[str, Any]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        """asyncio's call."""
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """asyncio's call."""
        self._buffer += data
        if not self._is_open:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head[:20]:
                self.ready.set_exception(ConnectionError(head[:200].decode("latin-1")))
                return
            self._is_open, self._buffer = True, rest
            if not self.ready.done():
                self.ready.set_result(None)
        while (text := self._take()) is not None:
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(orjson.loads(text))
            elif self.hear is not None:
                self.hear(text)

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio's call."""
        if not self.closed.done():
            self.closed.set_result(None)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("closed"))

    def send(self, text: bytes) -> None:
        """Send a text, masked with zeros: a mask protects proxies, and there is none."""
        assert self._transport is not None
        size = len(text)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0xFE, size)
        self._transport.write(head + b"\0\0\0\0" + text)

    async def ask(self, **frame: Any) -> dict[str, Any]:
        """Send a frame; the next one that comes."""
        self._waiting = asyncio.get_running_loop().create_future()
        self.send(orjson.dumps(frame))
        answer = await self._waiting
        self._waiting = None
        return answer

    def drop(self) -> None:
        """End the connection without a word."""
        assert self._transport is not None
        self._transport.abort()

    def _take(self) -> bytes | None:
        """The next whole text; pings of the server are answered, so that it keeps us."""
        while len(self._buffer) >= 2:
            code, size, begin = self._buffer[0] & 0x0F, self._buffer[1] & 0x7F, 2
            if size == 126:
                size, begin = int.from_bytes(self._buffer[2:4], "big"), 4
            elif size == 127:
                size, begin = int.from_bytes(self._buffer[2:10], "big"), 10
            if len(self._buffer) < begin + size:
                return None
            body, self._buffer = self._buffer[begin : begin + size], self._buffer[begin + size :]
            if code == 1:
                return body
            if code == 9 and self._transport is not None:
                self._transport.write(struct.pack("!BB", 0x8A, 0x80 | len(body)) + b"\0\0\0\0" + body)
        return None


async def connect(port: int, path: str, hear: Hear | None = None, number: int = 0) -> Wire:
    """A connection from the address that `number` stands for."""
    address = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0) if number else None
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(path, hear), "127.0.0.1", port, local_addr=address)
    await wire.ready
    return wire
