"""One process's share of the fan-out: which of its sockets follow which stream, and what has reached them.

Notifications of stored events come in the order of their numbers. A number that is skipped (the listening connection
was lost for a moment) is read from the log, so a socket gets every event once and in order, or is told to read anew.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson
import structlog

from kassa.kit import metrics
from kassa.kit.db import Database

from . import log
from .log import Missed

logger = structlog.get_logger(__name__)

JOIN_ATTEMPTS = 5
RETRY_S = 0.5
MOST_CHARACTERS = 1_000_000
"""More than this is read anew and not replayed: it must fit into a socket's buffer."""

_HEADS = "select stream, seq from live_stream where stream = any($1::text[])"


class Follower(Protocol):
    """A socket as the hub sees it."""

    def push(self, frame: str) -> None:
        """Send a frame when its turn comes; never waits."""
        ...

    def end(self, code: int, reason: str) -> None:
        """Close the socket."""
        ...


@dataclass(slots=True, eq=False)
class Subscription:
    """A socket that follows a stream: the number it has got to, None while it joins."""

    follower: Follower
    stream: str
    seq: int | None = None
    waiting: list[tuple[int, str]] | None = None
    """Events that came while it joins."""


@dataclass(slots=True)
class _Channel:
    """A stream that somebody here follows, and the newest number that was given out."""

    seq: int | None = None
    members: set[Subscription] = field(default_factory=set)
    repair: "asyncio.Task[None] | None" = None
    heard: int = 0
    """The newest number that was heard of while a repair was reading."""
    is_doubtful: bool = False
    """The listener was away while the first socket joined."""


class Hub:
    """Gives out what the listener hears."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._channels: dict[str, _Channel] = {}
        self._sessions: defaultdict[UUID, set[Follower]] = defaultdict(set)
        self._parts: dict[str, list[str]] = {}

    # ── sockets ──

    def enter(self, session_id: UUID, follower: Follower) -> None:
        """A socket was opened by this session."""
        self._sessions[session_id].add(follower)

    def exit(self, session_id: UUID, follower: Follower) -> None:
        """A socket is gone."""
        followers = self._sessions[session_id]
        followers.discard(follower)
        if not followers:
            del self._sessions[session_id]

    @property
    def session_ids(self) -> list[UUID]:
        """The sessions whose sockets are open here."""
        return list(self._sessions)

    def close_session(self, session_id: UUID, code: int, reason: str) -> None:
        """Close every socket of a session."""
        for follower in list(self._sessions.get(session_id, ())):
            follower.end(code, reason)

    async def join(self, subscription: Subscription, after: int | None) -> None:
        """Follow a stream, after a number or from now on. The socket is told where it stands, then what it missed."""
        channel = self._channels.setdefault(subscription.stream, _Channel())
        subscription.waiting = []
        channel.members.add(subscription)
        try:
            missed = await self._read_all(subscription, after)
        except BaseException:
            self.leave(subscription)
            raise
        came, subscription.waiting = subscription.waiting, None
        is_recovered = after is None or (missed.is_whole(after) and missed.characters <= MOST_CHARACTERS)
        subscription.seq = missed.head
        if channel.seq is None:
            channel.seq = missed.head
        subscription.follower.push(_subscribed(subscription.stream, missed.head, is_recovered))
        if after is not None and is_recovered:
            for _seq, frame in missed.events:
                subscription.follower.push(frame)
        for seq, frame in came:
            _give(subscription, seq, frame)
        if channel.is_doubtful:
            channel.is_doubtful = False
            self._repair(subscription.stream, channel)

    def leave(self, subscription: Subscription) -> None:
        """Follow a stream no more."""
        channel = self._channels.get(subscription.stream)
        if channel is None:
            return
        channel.members.discard(subscription)
        if not channel.members:
            if channel.repair is not None:
                channel.repair.cancel()
            del self._channels[subscription.stream]

    async def _read_all(self, subscription: Subscription, after: int | None) -> Missed:
        """The log up to where the events that came meanwhile begin."""
        begin = (1 << 62) if after is None else after
        missed = Missed(0, ())
        for _ in range(JOIN_ATTEMPTS):
            missed = await log.read(self._database, subscription.stream, begin)
            first = next((seq for seq, _ in subscription.waiting or () if seq > missed.head), missed.head + 1)
            if first == missed.head + 1:
                return missed
        return missed

    # ── what the listener hears ──

    def hear(self, said: str) -> None:
        """One notification."""
        head, _, body = said[1:].partition("\n")
        match said[:1]:
            case "e":
                seq, _, stream = head.partition(" ")
                self._hear_event(stream, int(seq), body)
            case "g":
                seq, _, stream = head.partition(" ")
                self._hear_event(stream, int(seq), None)
            case "t":
                self._hear_part(head, body)
            case "c":
                self.close_session(UUID(head), 4401, "session_closed")
            case _:
                logger.warning("notification_unknown", letter=said[:1])

    async def catch_up(self) -> None:
        """Read what was missed while nobody listened: called when the listener is connected again."""
        self._parts.clear()
        for channel in self._channels.values():
            channel.is_doubtful = channel.seq is None
        rows = await self._database.call(_HEADS, list(self._channels))
        for row in rows:
            found = self._channels.get(row["stream"])
            if found is not None and found.seq is not None and found.seq < row["seq"]:
                self._repair(row["stream"], found)

    def _hear_event(self, stream: str, seq: int, frame: str | None) -> None:
        channel = self._channels.get(stream)
        if channel is None:
            return
        channel.heard = max(channel.heard, seq)
        if channel.repair is not None or (channel.seq is not None and seq <= channel.seq):
            return  # the repair reads to the end of the log; what was given out is not given out again
        if frame is None or (channel.seq is not None and seq != channel.seq + 1):
            if channel.seq is None:
                channel.seq = seq - 1
            self._repair(stream, channel)
            return
        self._give_out(channel, seq, frame)

    def _hear_part(self, head: str, body: str) -> None:
        name, number, count, stream = head.split(" ", 3)
        if stream not in self._channels:
            return
        if count != "1":
            # The parts of one event come one right after another, because one transaction notified of them.
            if number == "0":
                self._parts[name] = []
            parts = self._parts.get(name)
            if parts is None:
                return
            parts.append(body)
            if len(parts) < int(count):
                return
            body = "".join(self._parts.pop(name))
        metrics.live_events.labels("passing").inc()
        for member in list(self._channels[stream].members):
            if member.seq is not None:
                member.follower.push(body)

    def _give_out(self, channel: _Channel, seq: int, frame: str) -> None:
        channel.seq = seq
        metrics.live_events.labels("stored").inc()
        for member in list(channel.members):
            _give(member, seq, frame)

    def _repair(self, stream: str, channel: _Channel) -> None:
        if channel.repair is None:
            channel.repair = asyncio.create_task(self._read_on(stream, channel), name=f"repair {stream}")

    async def _read_on(self, stream: str, channel: _Channel) -> None:
        """Give out from the log what no notification has told, until there is nothing more."""
        metrics.live_repairs.inc()
        try:
            while channel.members and channel.seq is not None:
                try:
                    missed = await log.read(self._database, stream, channel.seq)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    logger.warning("live_repair_waits", stream=stream, error=repr(error))
                    await asyncio.sleep(RETRY_S)
                    continue
                if missed.events and missed.events[0][0] == channel.seq + 1:
                    for seq, frame in missed.events:
                        self._give_out(channel, seq, frame)
                elif missed.head > channel.seq:
                    self._start_anew(stream, channel, missed.head)
                elif channel.heard <= channel.seq:
                    return
                else:
                    channel.heard = 0  # a number of another history: the database was restored
        finally:
            channel.repair = None

    def _start_anew(self, stream: str, channel: _Channel, head: int) -> None:
        """The log no longer has what was missed: whoever follows reads anew."""
        channel.seq = head
        for member in list(channel.members):
            if member.seq is not None:
                member.seq = head
                member.follower.push(_subscribed(stream, head, is_recovered=False))


def _give(member: Subscription, seq: int, frame: str) -> None:
    if member.waiting is not None:
        member.waiting.append((seq, frame))
    elif member.seq is not None and seq > member.seq:
        member.seq = seq
        member.follower.push(frame)


def _subscribed(stream: str, seq: int, is_recovered: bool) -> str:
    answer: dict[str, Any] = {"type": "subscribed", "stream": stream, "seq": seq, "recovered": is_recovered}
    return orjson.dumps(answer).decode()
