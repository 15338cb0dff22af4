"""A network between the browser and the server that can be cut: every connection ends without a word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.flows.installation import free_port


class Network:
    """What passes through here, and how often it was cut."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.cuts = 0
        self.is_down = False
        self._sockets: set[asyncio.StreamWriter] = set()

    def cut(self) -> int:
        """End the WebSockets that pass now; how many there were."""
        ended = list(self._sockets)
        for writer in ended:
            writer.transport.abort()
        self._sockets.clear()
        self.cuts += len(ended) > 0
        return len(ended)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
        """One connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if self.is_down:
                return
            there, back = await asyncio.open_connection("127.0.0.1", port)
            back.write(head)
            if b"upgrade: websocket" in head.lower():
                self._sockets.add(writer)
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._sockets.discard(writer)
            writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.close()


@asynccontextmanager
async def network(to_port: int) -> AsyncIterator[Network]:
    """A network in front of a server."""
    found = Network(free_port())
    server = await asyncio.start_server(lambda r, w: found.carry(r, w, to_port), "127.0.0.1", found.port)
    try:
        yield found
    finally:
        found.is_down = True
        found.cut()
        server.close()
