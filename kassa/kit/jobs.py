"""Background jobs in PostgreSQL, by PgQueuer: enqueued in the caller's transaction, run at least once.

A job is an async function of the App and JSON arguments. It may run twice (a killed worker's job is taken over),
so what changes facts carries an idempotency key. A job that raises `Unavailable`, or fails by a bug, is tried
again with back-off; when its attempts are used up, or when it raises another AppError, it is kept as failed
for a person to look at and replay.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError, RetryRequested
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.models import TracebackRecord
from pgqueuer.domain.types import JOB_STATUS
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from kassa.kit import clock, db, log, metrics
from kassa.kit.errors import AppError, Kind

logger = structlog.get_logger(__name__)

MAX_DELAY_S = 600.0
"""The longest pause between two attempts."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a module plugs in: the function, the queue that serves it, and how stubborn it is."""

    name: str
    run: Callable[..., Awaitable[None]]
    queue: str = "default"
    max_attempts: int = 15


_ENQUEUE = "select jobs_enqueue($1, $2::bytea, $3::interval, $4, $5::jsonb)"


async def enqueue(
    session: AsyncSession, name: str, *, key: str | None = None, run_at: datetime | None = None, **arguments: Any
) -> None:
    """Put a job on its queue in the session's transaction.

    With `key`, nothing happens while a job with the same key is waiting or running: use it only where the job
    reads its facts afresh and a schedule repeats it.
    """
    delay = max(run_at - clock.now(), timedelta(0)) if run_at else timedelta(0)
    headers = orjson.dumps({"correlation_id": log.correlation_id()}).decode()
    await db.fetch(session, _ENQUEUE, name, orjson.dumps(arguments), delay, key, headers)


class _Queries(Queries):
    """PgQueuer's statements, but what succeeded leaves no line in its log: nobody reads it, and it would be long.

    And a database that is away costs no job: it tells `gone` that this manager serves no more, and waits to put a job
    back on the queue, where the library would keep the job as failed for good.
    """

    gone: asyncio.Event

    @override
    async def dequeue(self, *args: Any, **kwargs: Any) -> list[QueuedJob]:
        try:
            return await super().dequeue(*args, **kwargs)
        except Exception:
            self.gone.set()
            raise

    @override
    async def retry_job(self, job: QueuedJob, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        while True:
            try:
                await super().retry_job(job, delay, traceback_record)
            except (*db.ConnectionLost, OSError):
                await asyncio.sleep(0.5)
            else:
                return

    @override
    async def log_jobs(self, job_status: list[tuple[QueuedJob, JOB_STATUS, TracebackRecord | None]]) -> None:
        done = [job.id for job, status, _ in job_status if status == "successful"]
        if done:
            await self.driver.execute("delete from pgqueuer where id = any($1)", done)
        others = [entry for entry in job_status if entry[1] != "successful"]
        if others:
            await super().log_jobs(others)


class Worker:
    """Serves the jobs of some queues in this process until told to stop."""

    def __init__(
        self,
        url: str,
        jobs: Iterable[Job],
        context: Any,
        *,
        concurrency: int = 100,
        heartbeat_timeout_s: float = 10.0,
    ) -> None:
        self._url = db.plain_url(url)
        self._jobs = list(jobs)
        self._context = context
        self._concurrency = concurrency
        self._heartbeat_timeout = timedelta(seconds=heartbeat_timeout_s)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what has begun. Survives a restart of PostgreSQL."""
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                gone = asyncio.Event()
                group.create_task(self._serve_until_lost(stop, gone))
                # Who has lost the database still finishes its long jobs; new ones need not wait for that.
                await gone.wait()
                if not stop.is_set():
                    await asyncio.sleep(0.5)

    async def _serve_until_lost(self, stop: asyncio.Event, gone: asyncio.Event) -> None:
        try:
            await self._serve(stop, gone)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError) as error:
            logger.warning("job_worker_lost_database", error=repr(error))
        finally:
            gone.set()

    async def _serve(self, stop: asyncio.Event, gone: asyncio.Event) -> None:
        async with asyncpg.create_pool(
            self._url, min_size=2, max_size=6, reset=db.nothing_to_reset, timeout=10, command_timeout=60
        ) as pool:
            driver = AsyncpgPoolDriver(pool)
            queries = _Queries(driver)
            queries.gone = gone
            manager = QueueManager(queries)
            # The manager probes its listener while it begins to listen: a probe that is faster is lost, and the worker
            # would be called dead ten seconds later. A connection that listens already hears it.
            await driver.add_listener(manager.channel, _ignore)
            for job in self._jobs:
                manager.entrypoint(job.name, on_failure="hold")(self._entrypoint(job))
            stopper = asyncio.create_task(_set_after(stop, manager.shutdown))
            watcher = asyncio.create_task(_set_after(manager.shutdown, gone))
            try:
                await manager.run(
                    # A job that is put back for a moment is noticed by looking, and the first pause is half a second.
                    dequeue_timeout=timedelta(seconds=1),
                    batch_size=min(25, self._concurrency // 2),
                    max_concurrent_tasks=self._concurrency,
                    heartbeat_timeout=self._heartbeat_timeout,
                    shutdown_on_listener_failure=True,
                    log_aggregation_interval=timedelta(0),
                )
            finally:
                stopper.cancel()
                watcher.cancel()

    def _entrypoint(self, job: Job) -> Callable[[QueuedJob], Awaitable[None]]:
        async def run(queued: QueuedJob) -> None:
            await run_once(job, self._context, queued)

        return run


async def run_once(job: Job, context: Any, queued: QueuedJob) -> None:
    """Run one queued job; the third of the three edge loops that catch everything."""
    arguments: dict[str, Any] = orjson.loads(queued.payload or b"{}")
    headers = queued.headers or {}
    with log.bound(str(headers.get("correlation_id") or ""), job=job.name, job_id=queued.id):
        try:
            with metrics.job_seconds.labels(job.name).time():
                await job.run(context, **arguments)
        except RetryRequested:
            raise
        except AppError as error:
            if error.kind is not Kind.UNAVAILABLE:
                metrics.job_failures.labels(job.name, "stopped").inc()
                logger.error("job_stopped", code=error.code, **error.facts)
                raise
            _retry(job, queued, error)
        except Exception as error:  # noqa: BLE001 - an edge loop: a bug in one job must not stop the others
            _retry(job, queued, error)


def _retry(job: Job, queued: QueuedJob, error: Exception) -> None:
    if queued.attempts + 1 >= job.max_attempts:
        metrics.job_failures.labels(job.name, "given_up").inc()
        logger.error("job_given_up", attempts=queued.attempts + 1, error=repr(error), exc_info=error)
        raise error
    asked = error.facts.get("retry_after_s") if isinstance(error, AppError) else None
    delay_s = float(asked) if asked else min(MAX_DELAY_S, 0.5 * 2**queued.attempts) * random.uniform(0.8, 1.2)
    metrics.job_failures.labels(job.name, "retried").inc()
    logger.warning("job_retried", attempt=queued.attempts + 1, delay_s=round(delay_s, 1), error=repr(error),
                   exc_info=None if isinstance(error, AppError) else error)  # fmt: skip
    raise RetryRequested(delay=timedelta(seconds=delay_s), reason=repr(error)) from error


def _ignore(_payload: str | bytes | bytearray) -> None:
    """A listener of no interest."""


async def _set_after(first: asyncio.Event, then: asyncio.Event) -> None:
    await first.wait()
    then.set()
