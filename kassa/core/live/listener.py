"""The one connection of a process that hears notifications: connected again whenever it is lost."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from kassa.core import access
from kassa.kit import metrics
from kassa.kit.db import Database

from .hub import Hub

logger = structlog.get_logger(__name__)

CHANNEL = "kassa_live"
PROBE_S = 5.0
"""A connection that is lost without a word is noticed by asking it something."""
SESSIONS_EVERY_S = 60.0
"""How often sessions that ran out, or whose closing was not heard of, lose their sockets."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


async def listen(database: Database, hub: Hub, stop: asyncio.Event) -> None:
    """Hear notifications until `stop` is set; after a loss, read what was missed."""
    pause_s = FIRST_PAUSE_S
    while not stop.is_set():
        try:
            await _listen_until_lost(database, hub, stop)
            pause_s = FIRST_PAUSE_S
        except _LOST as error:
            logger.warning("live_listener_lost_database", error=repr(error))
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
        metrics.live_listening.set(0)
        await _pause(stop, pause_s)


async def watch_sessions(database: Database, hub: Hub, stop: asyncio.Event) -> None:
    """Close the sockets of sessions that ended without anybody saying so."""
    while not stop.is_set():
        await _pause(stop, SESSIONS_EVERY_S)
        wanted = hub.session_ids
        if not wanted:
            continue
        try:
            async with database.transaction() as session:
                still_open = await access.open_sessions(session, wanted)
        except _LOST as error:
            logger.warning("live_sessions_not_checked", error=repr(error))
            continue
        for session_id in set(wanted) - still_open:
            hub.close_session(session_id, 4401, "session_closed")


async def _listen_until_lost(database: Database, hub: Hub, stop: asyncio.Event) -> None:
    lost = asyncio.Event()
    connection: asyncpg.Connection[Any] = await asyncpg.connect(database.url, timeout=10, command_timeout=PROBE_S)
    try:
        connection.add_termination_listener(lambda _connection: lost.set())
        await connection.add_listener(CHANNEL, lambda _connection, _pid, _channel, said: hub.hear(str(said)))
        await hub.catch_up()
        metrics.live_listening.set(1)
        while not stop.is_set() and not lost.is_set():
            await _pause(lost, PROBE_S, stop)
            if not lost.is_set():
                await connection.execute("select 1")
    finally:
        with suppress(*_LOST):
            await connection.close(timeout=1)


async def _pause(event: asyncio.Event, seconds: float, other: asyncio.Event | None = None) -> None:
    """Wait for one of the events, or for so long."""
    waits = [asyncio.ensure_future(each.wait()) for each in (event, other) if each is not None]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
