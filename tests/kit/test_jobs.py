"""Background jobs on a real queue: enqueued with the caller's facts, tried again, kept when they fail for good."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog

from kassa.kit import clock, db, jobs, migrate
from kassa.kit.db import Database
from kassa.kit.errors import Conflict, Unavailable
from kassa.kit.jobs import Job, Worker
from kassa.kit.postgres import EmbeddedPostgres


class Seen:
    """What ran, in order."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    async def until(self, count: int) -> None:
        """Wait for so many runs."""
        async with asyncio.timeout(30):
            while len(self.calls) < count:  # noqa: ASYNC110 - jobs run in tasks of another owner
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def working(url: str, *served: Job, context: object = None, heartbeat_s: float = 1) -> AsyncIterator[Worker]:
    """A worker that serves these jobs and drains at the end."""
    stop = asyncio.Event()
    worker = Worker(url, served, context, heartbeat_timeout_s=heartbeat_s)
    task = asyncio.create_task(worker.run(stop))
    try:
        yield worker
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task


def recorded(seen: Seen, then: Callable[[int], Awaitable[None] | None] = lambda run: None) -> Callable[..., Any]:
    """A job that notes its arguments, and then does what its run's number asks for."""

    async def run(context: object, **arguments: Any) -> None:
        seen.calls.append(arguments)
        following = then(len(seen.calls))
        if following is not None:
            await following

    return run


async def _put(database: Database, name: str, **arguments: Any) -> None:
    async with database.transaction() as session:
        await jobs.enqueue(session, name, **arguments)


async def _states(database: Database) -> list[str]:
    return [row["status"] for row in await database.call("select status::text from pgqueuer order by id")]


async def test_a_job_comes_with_its_fact_or_not_at_all(database: Database) -> None:
    """RUN-6, CHN-2: a job of a transaction that rolled back never runs; of one that committed, once, as written."""
    seen = Seen()
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction() as session:
            await jobs.enqueue(session, "t.note", text="lost")
            raise ZeroDivisionError
    await _put(database, "t.note", text="ж\u2028", number=2**53)
    async with working(database.url, Job("t.note", recorded(seen))):
        await seen.until(1)
        await asyncio.sleep(0.3)
    assert seen.calls == [{"text": "ж\u2028", "number": 2**53}]
    assert await _states(database) == []


async def test_a_key_keeps_equal_jobs_from_piling_up(database: Database) -> None:
    """PAY-1: with a key, a second job is not put while the first waits; after it has run, another may."""
    seen = Seen()
    for number in range(3):
        await _put(database, "t.note", key="one", number=number)
    async with working(database.url, Job("t.note", recorded(seen))):
        await seen.until(1)
        await asyncio.sleep(0.3)
        await _put(database, "t.note", key="one", number=9)
        await seen.until(2)
    assert seen.calls == [{"number": 0}, {"number": 9}]


async def test_a_job_waits_for_its_time(database: Database) -> None:
    """PAY-1: `run_at` keeps a job back."""
    seen = Seen()
    due = clock.now() + timedelta(seconds=1)
    await _put(database, "t.note", run_at=due, late=True)
    await _put(database, "t.note", late=False)
    async with working(database.url, Job("t.note", recorded(seen))):
        await seen.until(2)
    assert clock.now() >= due
    assert seen.calls == [{"late": False}, {"late": True}]


@pytest.mark.parametrize("error", [Unavailable("t.away"), ValueError("a bug")])
async def test_what_may_pass_is_tried_again(database: Database, error: Exception) -> None:
    """PAY-1: an outside service that is away, and a bug, cost a pause and not the job."""
    seen = Seen()

    def fail_once(run: int) -> None:
        if run == 1:
            raise error

    await _put(database, "t.note", n=1)
    async with working(database.url, Job("t.note", recorded(seen, fail_once))):
        await seen.until(2)
    assert await _states(database) == []


@pytest.mark.parametrize(
    ("error", "runs", "attempts"), [(Conflict("t.no"), 1, 5), (Unavailable("t.away", retry_after_s=0.05), 3, 3)]
)
async def test_what_fails_for_good_is_kept_for_a_person(
    database: Database, error: Exception, runs: int, attempts: int
) -> None:
    """PAY-1: a refusal is not repeated, a job gives up after its attempts, and both stay with what they were asked."""
    seen = Seen()

    def fail(run: int) -> None:
        raise error

    await _put(database, "t.note", order=7)
    async with working(database.url, Job("t.note", recorded(seen, fail), max_attempts=attempts)):
        await seen.until(runs)
        async with asyncio.timeout(30):
            while await _states(database) != ["failed"]:  # noqa: ASYNC110 - the queue tells nobody
                await asyncio.sleep(0.05)
    assert seen.calls == [{"order": 7}] * runs
    (kept,) = await database.call("select payload from pgqueuer")
    assert kept["payload"] == b'{"order":7}'


async def test_a_worker_survives_connections_that_are_cut(database: Database) -> None:
    """RUN-4: when PostgreSQL drops every connection, the worker comes back by itself and loses no job."""
    seen = Seen()
    async with working(database.url, Job("t.note", recorded(seen))):
        await _put(database, "t.note", n=1)
        await seen.until(1)
        cut = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = $1"
        name = database.url.rpartition("/")[2].partition("?")[0]
        async with database.transaction() as session:
            await db.fetch(session, cut, name)
        await database.engine.dispose()
        await _put(database, "t.note", n=2)
        await seen.until(2)
    assert [call["n"] for call in seen.calls] == [1, 2]


async def test_a_retry_waits_for_the_database(own_server: EmbeddedPostgres) -> None:
    """RUN-4, PAY-1: a job that fails while PostgreSQL is away goes back on the queue and not to the failed ones, and
    other jobs do not wait until the longest of those that had begun is over."""
    url = own_server.url
    await asyncio.to_thread(migrate.upgrade, url)
    own = Database(url, pool_size=2)
    seen, over = Seen(), asyncio.Event()

    async def outage() -> None:
        await asyncio.to_thread(own_server.stop)
        raise Unavailable("t.away")

    async def fail(run: int) -> None:
        if run == 1:
            await outage()

    slow = recorded(Seen(), lambda run: over.wait())  # type: ignore[arg-type, return-value]
    try:
        await _put(own, "t.slow")
        await _put(own, "t.note", n=1)
        async with working(url, Job("t.note", recorded(seen, fail)), Job("t.slow", slow)):
            await seen.until(1)
            await asyncio.sleep(1)
            await asyncio.to_thread(own_server.start)
            await seen.until(2)
            over.set()
        assert [row["status"] for row in await own.call("select status::text from pgqueuer")] == []
    finally:
        await own.close()


async def test_stop_lets_a_running_job_finish(database: Database) -> None:
    """RUN-6: a worker that is told to stop takes no more and ends what it has begun."""
    seen = Seen()
    done = asyncio.Event()

    async def slow() -> None:
        await asyncio.sleep(0.7)
        done.set()

    await _put(database, "t.note")
    async with working(database.url, Job("t.note", recorded(seen, lambda run: slow()))):
        await seen.until(1)
    assert done.is_set()
    assert await _states(database) == []


@pytest.mark.slow
async def test_workers_that_start_stay(database: Database) -> None:
    """RUN-4: ten seconds after its start no worker believes that it is cut off from PostgreSQL and begins anew."""
    seen = Seen()
    with structlog.testing.capture_logs() as logs:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(working(database.url, Job("t.note", recorded(seen))))
            await asyncio.sleep(10.8)
    assert [entry for entry in logs if entry["event"] == "job_worker_lost_database"] == []
