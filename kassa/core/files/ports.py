"""What files want from outside: a place to lie, and somebody who looks for viruses."""

from collections.abc import AsyncIterator
from typing import Protocol

from kassa.kit.errors import Invalid


class Storage(Protocol):
    """Keeps bytes by path. Raises Unavailable `files.storage_unavailable`, NotFound `files.content_missing`."""

    async def put(self, path: str, data: bytes) -> None:
        """Keep; an earlier content of the same path is replaced."""
        ...

    async def read(self, path: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The content from `start` on, in pieces."""
        ...

    async def get(self, path: str) -> bytes:
        """The whole content."""
        ...

    async def delete(self, path: str) -> None:
        """Forget; what is not there is forgotten already."""
        ...

    async def check(self) -> str:
        """Whether the place can be written to, in words for the doctor."""
        ...


class Downloads(Protocol):
    """Fetches from the public internet."""

    async def get(self, url: str, limit_bytes: int) -> bytes:
        """The bytes at an address.

        Raises Invalid `files.download_refused`, LimitReached `files.too_large`, Unavailable `files.download_failed`.
        """
        ...


class Infected(Invalid):
    """The scanner found something: the file is in quarantine, and nobody is shown it."""

    def __init__(self, signature: str) -> None:
        super().__init__("files.infected", "This file is infected and was not accepted", signature=signature)


class Scanner(Protocol):
    """Looks for viruses."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is a scanner; without one, nothing is looked at."""
        ...

    async def scan(self, data: bytes) -> str:
        """The name of what was found; empty when the file is clean. Raises Unavailable `files.scanner_unavailable`."""
        ...
