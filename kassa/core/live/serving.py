"""What a process needs to serve sockets, from its start to its end."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from kassa.kit.app import App
from kassa.kit.db import Database

from . import limits, listener
from .hub import Hub
from .streams import StreamKind, Streams

MAX_FRAME_BYTES = 256 * 1024
"""Larger frames end the connection with 1009."""


def put(app: App, kinds: Iterable[StreamKind]) -> None:
    """Make the kernel known to a process: `kinds` are what its modules let clients follow."""
    app.put(Streams, Streams(kinds))
    app.put(Hub, Hub(app.get(Database)))
    app.put(limits.Sockets, limits.Sockets())


@asynccontextmanager
async def listening(app: App) -> AsyncIterator[None]:
    """Hear what every process publishes until the end of the block."""
    database, hub, stop = app.get(Database), app.get(Hub), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(listener.listen(database, hub, stop), name="live listener")
        group.create_task(listener.watch_sessions(database, hub, stop), name="live sessions")
        try:
            yield
        finally:
            stop.set()
