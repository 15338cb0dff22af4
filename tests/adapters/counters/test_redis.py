"""Counters in a real Redis: as exact as PostgreSQL's, for every process (POL-2).

The server is `redis-server` of the path, or the program that KASSA_TEST_REDIS_SERVER names; without one these tests are
skipped.
"""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from uuid import UUID

import pytest

from kassa.adapters.counters_redis import RedisCounters
from kassa.core.policies import Allowed, Counter, Policies, Refused, Subject, SubjectKind
from kassa.kit import clock, ids
from kassa.kit.db import Database
from kassa.kit.errors import Unavailable
from tests.flows.installation import free_port

SERVER = os.environ.get("KASSA_TEST_REDIS_SERVER") or shutil.which("redis-server") or ""
pytestmark = pytest.mark.skipif(not SERVER, reason="no redis-server here")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that keeps nothing."""
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [SERVER, "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
    with Path(folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log) as process:
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


@pytest.fixture
async def counters(redis_url: str) -> AsyncIterator[RedisCounters]:
    """The adapter, when the server answers."""
    adapter = RedisCounters(redis_url)
    until = time.monotonic() + 30
    while True:
        try:
            await adapter.ping()
            break
        except Unavailable:
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
    yield adapter
    await adapter.close()


def counter(key: int, ceiling: int, closes: datetime) -> Counter:
    """A counter of the test's own."""
    return Counter(UUID(int=key % 2**128), ceiling, 1, closes)


async def test_all_or_nothing_and_windows(counters: RedisCounters) -> None:
    """POL-2: what one counter refuses none counts; a window that is over begins anew; what is forgotten was not."""
    now, base = clock.now(), ids.new().int
    hour, day = now + timedelta(hours=1), now + timedelta(days=1)
    two = [counter(base, 3, hour), counter(base + 1, 5, day)]
    for _ in range(3):
        assert (await counters.count(two, now)).refused == ()
    refused = await counters.count(two, now)
    assert (refused.refused, refused.counts) == ((0,), (3, 3))
    assert refused.closes[0] >= hour
    found = await counters.look([two[0].key, two[1].key, ids.new()], now)
    assert {key: count for key, (count, _) in found.items()} == {two[0].key: 3, two[1].key: 3}
    later = refused.closes[0]
    again = [counter(base, 3, later + timedelta(hours=1)), counter(base + 1, 5, day)]
    counted = await counters.count(again, later)
    assert (counted.refused, counted.counts, counted.closes[0]) == ((), (1, 4), counted.closes[0])
    assert counted.closes[0] > later
    await counters.forget([(two[1].key, 1)] * 2)
    assert (await counters.look([two[1].key], later))[two[1].key][0] == 2


async def test_many_at_once(counters: RedisCounters) -> None:
    """POL-2: never over the limit and never below it."""
    now, key = clock.now(), ids.new().int
    one = [counter(key, 100, now + timedelta(hours=1))]
    counted = await asyncio.gather(*(counters.count(one, now) for _ in range(250)))
    assert sum(not found.refused for found in counted) == 100


async def test_the_engine_counts_in_redis(counters: RedisCounters, database: Database) -> None:
    """POL-2: the same answers as over PostgreSQL: limits, Retry-After, what is forgotten, windows that begin anew."""
    engines = [Policies(database, None, counters), Policies(database, None, counters)]
    organization = ids.new()
    subject = Subject(organization, SubjectKind.CUSTOMER, ids.new())
    decisions = await asyncio.gather(*(engines[n % 2].decide("ai.request", subject) for n in range(12)))
    assert sum(isinstance(decision, Allowed) for decision in decisions) == 5
    refused = await engines[0].decide("ai.request", subject)
    assert isinstance(refused, Refused)
    assert 3500 < refused.retry_after_s <= 3601
    with clock.moved(timedelta(seconds=refused.retry_after_s)):
        assert isinstance(await engines[1].decide("ai.request", subject), Allowed)
    caller = Subject(organization, ip=ip_address("203.0.113.9"))
    for _ in range(40):
        allowed = await engines[0].decide("http.login", caller)
        assert isinstance(allowed, Allowed)
        await engines[0].forget(allowed)
    assert await database.call("select 1 from policies_counter") == []


async def test_without_redis_nothing_is_let_through_uncounted() -> None:
    """POL-2: a Redis that is away is an error that says so, never a free pass."""
    adapter = RedisCounters(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(Unavailable) as away:
        await adapter.count([counter(1, 1, clock.now())], clock.now())
    assert away.value.code == "policies.counters_unavailable"
    await adapter.close()
