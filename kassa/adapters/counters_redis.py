"""Counters in Redis: a Lua script counts in several windows, all or none, for every process (POL-2).

Windows end when PostgreSQL said they would, so all processes live by one clock; Redis only keeps the numbers, and
forgets them when their windows are over.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import redis.asyncio
from redis.exceptions import RedisError

from kassa.core.policies import Counted, Counter
from kassa.kit.errors import Unavailable

PREFIX = "kassa:count:"
CONNECTIONS = 50
GRACE_MS = 60_000
"""How long a number outlives its window in Redis's own time: the clocks may differ, the window's end does not."""

# A key holds "count closes_at_ms". Times are PostgreSQL's, in milliseconds.
_COUNT = """
local at = tonumber(ARGV[1])
local answer, full = {}, false
for number, key in ipairs(KEYS) do
    local base = 2 + (number - 1) * 3
    local ceiling, cost, closes = tonumber(ARGV[base]), tonumber(ARGV[base + 1]), tonumber(ARGV[base + 2])
    local kept = redis.call('HMGET', key, 'count', 'closes')
    local count, ends = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
    if ends <= at or count == 0 then count, ends = 0, closes end
    local refused = count + cost > ceiling
    full = full or refused
    answer[number] = {count, string.format('%d', ends), refused and 1 or 0, cost}
end
for number, key in ipairs(KEYS) do
    local entry = answer[number]
    if not full then
        entry[1] = entry[1] + entry[4]
        redis.call('HSET', key, 'count', entry[1], 'closes', entry[2])
        redis.call('PEXPIRE', key, math.max(1, tonumber(entry[2]) - at) + tonumber(ARGV[#ARGV]))
    end
end
return answer
"""
_FORGET = """
for number, key in ipairs(KEYS) do
    local count = tonumber(redis.call('HGET', key, 'count') or 0)
    if count > 0 then redis.call('HSET', key, 'count', math.max(0, count - tonumber(ARGV[number]))) end
end
"""


class RedisCounters:
    """The port `policies.Counters` over one Redis."""

    def __init__(self, url: str) -> None:
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=5, socket_timeout=5, socket_connect_timeout=5
        )
        self._redis = redis.asyncio.Redis.from_pool(pool)
        self._count = self._redis.register_script(_COUNT)
        self._forget = self._redis.register_script(_FORGET)

    async def count(self, counters: Sequence[Counter], at: datetime) -> Counted:
        """Raise all or none. Raises Unavailable `policies.counters_unavailable`."""
        arguments: list[int] = [_ms(at)]
        for counter in counters:
            arguments += [counter.ceiling, counter.cost, _ms(counter.closes_at)]
        try:
            rows: list[Any] = await self._count(keys=[_key(c.key) for c in counters], args=[*arguments, GRACE_MS])
        except (RedisError, OSError) as error:
            raise _away() from error
        return Counted(
            tuple(int(row[0]) for row in rows), tuple(_moment(int(row[1])) for row in rows),
            tuple(number for number, row in enumerate(rows) if row[2]),
        )  # fmt: skip

    async def look(self, keys: Sequence[UUID], at: datetime) -> dict[UUID, tuple[int, datetime]]:
        """Open windows, without counting. Raises as `count`."""
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for key in keys:
                    _ = pipeline.hmget(_key(key), ["count", "closes"])
                rows = await pipeline.execute()
        except (RedisError, OSError) as error:
            raise _away() from error
        found = {}
        for key, (count, closes) in zip(keys, rows, strict=True):
            if count and int(count) and int(closes) > _ms(at):
                found[key] = (int(count), _moment(int(closes)))
        return found

    async def forget(self, counted: Sequence[tuple[UUID, int]]) -> None:
        """Take back what was counted. Raises as `count`."""
        try:
            await self._forget(keys=[_key(key) for key, _ in counted], args=[cost for _, cost in counted])
        except (RedisError, OSError) as error:
            raise _away() from error

    async def ping(self) -> str:
        """The server's version. Raises as `count`."""
        try:
            facts = await self._redis.info("server")
        except (RedisError, OSError) as error:
            raise _away() from error
        return str(facts["redis_version"])

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def _key(key: UUID) -> str:
    return f"{PREFIX}{key.hex}"


def _ms(moment: datetime) -> int:
    # Up, so that a window never ends before the moment that people are told.
    return -int((datetime(1970, 1, 1, tzinfo=UTC) - moment) // timedelta(milliseconds=1))


def _moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _away() -> Unavailable:
    return Unavailable("policies.counters_unavailable", "The counters do not answer: check KASSA_REDIS_URL",
                       retry_after_s=2)  # fmt: skip
