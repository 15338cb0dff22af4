"""The log of events: what happened in a stream, in order and without gaps, and what only passes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db, ids
from kassa.kit.app import App
from kassa.kit.db import Database

KEPT = timedelta(hours=48)
"""How long a client may be away and still get what it missed; after that it reads anew."""
MOST_REPLAYED = 500
"""More than this is read anew faster than it is replayed."""
PRUNED_AT_ONCE = 20_000
_PART = 1900
"""Characters in one part of a passing event: of four bytes each, and still under a notification's 8,000 bytes."""

_PUBLISH = "select live_publish($1, $2, $3, $4::jsonb) as seq"
_READ = "select * from live_read($1, $2, $3)"
_TELL = (
    "select pg_notify('kassa_live', part) from unnest($1::text[]) with ordinality as parts (part, place) order by place"
)
_PRUNE = """
delete from live_event where ctid = any(array(
    select ctid from live_event where created_at < now() - $1::interval order by created_at limit $2
)) returning 1 as pruned
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """What happened in a stream after a number: the newest number, and the events that are still kept."""

    head: int
    events: Sequence[tuple[int, str]]

    @property
    def characters(self) -> int:
        """How much it is."""
        return sum(len(frame) for _, frame in self.events)

    def is_whole(self, after: int) -> bool:
        """Whether nothing is missing between `after` and the newest."""
        return after == self.head or (after < self.head == after + len(self.events))


async def publish(session: AsyncSession, organization_id: UUID, stream: str, kind: str, payload: dict[str, Any]) -> int:
    """Add an event to a stream in the caller's transaction; its number. Sockets get it after the commit."""
    row = await db.fetch_one(session, _PUBLISH, organization_id, stream, kind, orjson.dumps(payload).decode())
    return int(row["seq"])


async def position(session: AsyncSession, stream: str) -> int:
    """The newest number of a stream: what was read after asking for it, and the events after it, is all there is."""
    rows = await db.fetch(session, "select seq from live_stream where stream = $1", stream)
    return int(rows[0]["seq"]) if rows else 0


async def forget(session: AsyncSession, organization_id: UUID, suffix: str) -> None:
    """Drop the events of every stream of the organization whose name ends so; their numbers go on."""
    await db.fetch(
        session, "delete from live_event where organization_id = $1 and right(stream, length($2)) = $2",
        organization_id, suffix,
    )  # fmt: skip


async def tell(database: Database, stream: str, kind: str, payload: dict[str, Any]) -> None:
    """Tell whoever listens to a stream now, and nobody later: typing, presence, an answer while it is written."""
    await database.call(_TELL, _parts(stream, kind, payload))


async def read(database: Database, stream: str, after: int, limit: int = MOST_REPLAYED) -> Missed:
    """What happened in a stream after a number, as far as it is kept."""
    rows = await database.call(_READ, stream, after, limit)
    return Missed(rows[0]["head"], [(row["seq"], row["frame"]) for row in rows if row["seq"] is not None])


async def prune(app: App) -> None:
    """Job: forget events older than KEPT."""
    database = app.get(Database)
    while len(await database.call(_PRUNE, KEPT, PRUNED_AT_ONCE)) == PRUNED_AT_ONCE:
        pass


def _parts(stream: str, kind: str, payload: dict[str, Any]) -> list[str]:
    frame = orjson.dumps({"type": "event", "stream": stream, "kind": kind, "payload": payload}).decode()
    cut = [frame[start : start + _PART] for start in range(0, len(frame), _PART)]
    name = ids.new().hex
    return [f"t{name} {number} {len(cut)} {stream}\n{part}" for number, part in enumerate(cut)]
