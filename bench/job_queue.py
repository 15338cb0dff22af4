"""NFR-4: jobs a second through our worker, with its retries, metrics and log context, against PgQueuer alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.models import Job as QueuedJob

from kassa.kit import jobs, migrate

from . import machine
from .figures import Figure, Note, Plan, median, ratio

_FILL = """
insert into pgqueuer (priority, entrypoint, payload, headers, status)
select 0, 'bench', '{"number": 1}'::bytea, '{"correlation_id": "0190a5d2c1e07c3e8b6f"}'::jsonb, 'queued'
from generate_series(1, $1)
"""
Serve = Callable[[str, int], Awaitable[float]]


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Drain equal queues by turns."""
    jobs_count = max(200, int(plan.seconds * 1000))
    rates: dict[str, list[float]] = {"ours": [], "PgQueuer": []}
    with machine.postgres(plan.directory / "postgres") as server:
        ours = await server.create("bench_jobs")
        await asyncio.to_thread(migrate.upgrade, ours)
        bare = await server.create("bench_pgqueuer")
        await _install(bare)
        sides: dict[str, tuple[Serve, str]] = {"ours": (_ours, ours), "PgQueuer": (_bare, bare)}
        for serve, url in sides.values():
            await _drain(serve, url, 200)
        for number in range(plan.rounds):
            for name, (serve, url) in sides.items():
                note(f"round {number + 1} of {plan.rounds}: {name}")
                rates[name].append(await _drain(serve, url, jobs_count))
    return [
        Figure("jobs: ours to PgQueuer alone", ratio(rates["ours"], rates["PgQueuer"]), "×", at_least=0.5),
        *[Figure(f"  jobs/s, {name}", median(found), "1/s") for name, found in rates.items()],
    ]


async def _install(url: str) -> None:
    async with asyncpg.create_pool(url, min_size=1) as pool:
        await Queries(AsyncpgPoolDriver(pool)).install()


async def _drain(serve: Serve, url: str, count: int) -> float:
    """Fill the queue, serve it to its end; jobs a second."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_FILL, count)
    finally:
        await connection.close()
    return await serve(url, count)


class _Counted:
    """Counts jobs, and tells when the last was done."""

    def __init__(self, count: int) -> None:
        self._left = count
        self.done = asyncio.Event()
        self.began = 0.0

    def one(self) -> None:
        """A job was run; the clock begins with the first."""
        self.began = self.began or time.perf_counter()
        self._left -= 1
        if self._left == 0:
            self.done.set()


async def _ours(url: str, count: int) -> float:
    counted, stop = _Counted(count), asyncio.Event()

    async def work(_context: Any, number: int) -> None:
        counted.one()

    worker = jobs.Worker(url, [jobs.Job("bench", work)], None)
    running = asyncio.create_task(worker.run(stop))
    await counted.done.wait()
    taken = time.perf_counter() - counted.began
    stop.set()
    await running
    return count / taken


async def _bare(url: str, count: int) -> float:
    counted = _Counted(count)
    async with asyncpg.create_pool(url, min_size=2, max_size=6) as pool:
        manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))

        @manager.entrypoint("bench")
        async def work(job: QueuedJob) -> None:
            counted.one()

        running = asyncio.create_task(manager.run(batch_size=25, dequeue_timeout=timedelta(seconds=5)))
        await counted.done.wait()
        taken = time.perf_counter() - counted.began
        manager.shutdown.set()
        await running
    return count / taken
