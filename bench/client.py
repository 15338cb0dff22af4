"""An HTTP/1.1 client that costs next to nothing: prepared bytes out, a status and a body in, one request at a time."""

import asyncio
from typing import Any


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = b""

    async def request(self, raw: bytes) -> tuple[int, bytes]:
        """Send a whole request; its status and body."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._waiting

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        """asyncio's call."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """asyncio's call."""
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            if not rest.endswith(b"0\r\n\r\n"):
                return
        else:
            length = int(lowered.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            if len(rest) < length:
                return
        self._buffer = b""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((int(head[9:12]), rest))

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio's call."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the subject closed the connection"))


async def connect(port: int) -> Connection:
    """A connection to a subject on this machine."""
    _, protocol = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return protocol


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """The bytes of a POST of JSON."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
