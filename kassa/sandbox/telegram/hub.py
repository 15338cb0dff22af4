"""Events for the browsers that watch: new messages, edits, drafts, answers to pressed buttons."""

import asyncio
from collections.abc import AsyncIterator

from kassa.sandbox.telegram.errors import Json

# A browser that does not read must not hold memory; it reloads the chat when it comes back.
_BACKLOG = 2000


class Hub:
    """Fan-out in memory."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Json]] = set()

    def publish(self, kind: str, **facts: object) -> None:
        """Tell everybody who watches."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait({"type": kind, **facts})

    async def watch(self) -> AsyncIterator[Json | None]:
        """Events as they come; None every few seconds, so that a dead connection is noticed."""
        queue: asyncio.Queue[Json] = asyncio.Queue(_BACKLOG)
        self._queues.add(queue)
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), 10)
                except TimeoutError:
                    yield None
        finally:
            self._queues.discard(queue)
