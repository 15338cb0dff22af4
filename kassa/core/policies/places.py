"""Places that are held for a while: how many connections a customer or an address may have at the same time."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

from kassa.kit import db, ids
from kassa.kit.db import Database

from .planning import Bucket
from .types import Reason, Refused

LEASE = timedelta(seconds=90)
"""How long a place outlives a process that died with it."""
RENEW_S = 30.0

_TAKE = """select t.*, extract(epoch from t.free_at - clock_timestamp())::float as wait_s
from policy_take_place($1::uuid[], $2::bigint[], $3, $4) t"""
_RENEW = "update policies_place set until = clock_timestamp() + $2 where id = any($1::uuid[])"
_LEAVE = "delete from policies_place where id = $1"


class Held:
    """The places that this process holds, renewed together in one statement: there may be ten thousand."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: set[UUID] = set()
        self._renewal: asyncio.Task[None] | None = None

    def add(self, place_id: UUID) -> None:
        """Hold a place."""
        self._ids.add(place_id)
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())

    async def leave(self, place_id: UUID) -> None:
        """Give a place to somebody else. Without the database it is free when the lease ends."""
        self._ids.discard(place_id)
        if not self._ids and self._renewal is not None:
            self._renewal.cancel()
        with contextlib.suppress(*db.ConnectionLost, OSError):
            await asyncio.shield(self._database.call(_LEAVE, place_id))

    async def _renew(self) -> None:
        while self._ids:
            await asyncio.sleep(RENEW_S)
            with contextlib.suppress(*db.ConnectionLost, OSError):
                await self._database.call(_RENEW, list(self._ids), LEASE)


class Place:
    """A place in use; leave it, or use it as a block."""

    __slots__ = ("_held", "_id")

    def __init__(self, held: Held, place_id: UUID | None) -> None:
        self._held = held
        self._id = place_id
        if place_id is not None:
            held.add(place_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Give the place to somebody else."""
        place_id, self._id = self._id, None
        if place_id is not None:
            await self._held.leave(place_id)


async def take(database: Database, held: Held, action: str, buckets: Sequence[Bucket]) -> Place | Refused:
    """Take a place under every limit, or none."""
    if not buckets:
        return Place(held, None)
    place_id = ids.new()
    keys, most = [bucket.key for bucket in buckets], [bucket.limit.most for bucket in buckets]
    row = (await database.call(_TAKE, keys, most, place_id, LEASE))[0]
    if row["is_taken"]:
        return Place(held, place_id)
    bucket = buckets[row["refused"][0] - 1]
    # Nobody knows when a connection ends; the caller may ask again soon.
    return Refused(Reason.LIMIT, action, bucket.rule.name, bucket.rule.reason, bucket.limit.most, 5)
