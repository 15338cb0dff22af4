"""ClamAV's daemon by its own protocol (clamd(8): zINSTREAM): thirty lines that need no library."""

import asyncio
import struct
from urllib.parse import urlsplit

from kassa.kit.errors import Invalid, Unavailable

TIMEOUT_S = 60.0
PIECE = 128 * 1024


class Clamd:
    """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; an empty address is no scanner."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        if url and self._parts.scheme not in ("tcp", "unix"):
            raise Invalid("settings.clamd_url_invalid", "KASSA_CLAMD_URL: tcp://host:3310 or unix:///path")

    @property
    def is_set_up(self) -> bool:
        """Whether there is an address."""
        return bool(self._parts.scheme)

    async def scan(self, data: bytes) -> str:
        """The name of what was found; empty when it is clean. Raises Unavailable `files.scanner_unavailable`."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                answer = await self._ask(data)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise Unavailable("files.scanner_unavailable", "The virus scanner does not answer") from error
        if answer.endswith("FOUND"):
            return answer.removeprefix("stream:").removesuffix("FOUND").strip()
        if answer.endswith("OK"):
            return ""
        raise Unavailable("files.scanner_unavailable", "The virus scanner could not look", answer=answer[:200])

    async def _ask(self, data: bytes) -> str:
        if self._parts.scheme == "unix":
            reader, writer = await asyncio.open_unix_connection(self._parts.path)
        else:
            reader, writer = await asyncio.open_connection(self._parts.hostname, self._parts.port or 3310)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                writer.write(struct.pack("!L", len(piece)) + piece)
                await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0").decode("utf-8", "replace").strip()
        finally:
            writer.close()
