"""Recurring work: rows with the next due time; any number of schedulers may run, each due time is claimed once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import Interval
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit import db, jobs

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Put `job` on its queue every `every`; with `at`, the first time at that time of day (UTC)."""

    job: str
    every: timedelta
    at: time | None = None


class JobsSchedule(db.Base):
    """When each recurring job is due."""

    __tablename__ = "jobs_schedule"

    job: Mapped[str] = mapped_column(primary_key=True)
    every: Mapped[timedelta] = mapped_column(Interval)
    next_run_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]


_REGISTER = """
insert into jobs_schedule (job, every, next_run_at)
select job, every, case when due is null then now() else
    (date_trunc('day', now() at time zone 'UTC') + due
     + case when (now() at time zone 'UTC')::time < due then interval '0' else interval '1 day' end)
    at time zone 'UTC' end
from unnest($1::text[], $2::interval[], $3::time[]) as given (job, every, due)
on conflict (job) do update set every = excluded.every,
    next_run_at = least(jobs_schedule.next_run_at, now() + excluded.every)
"""

_CLAIM = """
update jobs_schedule set last_run_at = now(),
    next_run_at = case when next_run_at + every > now() then next_run_at + every else now() + every end
where job in (select job from jobs_schedule where next_run_at <= now() and job = any($1::text[]) for update skip locked)
returning job
"""


async def run(database: db.Database, schedules: list[Schedule], stop: asyncio.Event) -> None:
    """Enqueue what is due until `stop` is set. Leases and due times are by the database's clock."""
    names = [schedule.job for schedule in schedules]
    registered = False
    while not stop.is_set():
        try:
            async with database.transaction() as session:
                if not registered:
                    every, at = [item.every for item in schedules], [item.at for item in schedules]
                    await db.fetch(session, _REGISTER, names, every, at)
                    registered = True
                for row in await db.fetch(session, _CLAIM, names):
                    # The key keeps a slow run from piling up behind itself.
                    await jobs.enqueue(session, row["job"], key=f"schedule:{row['job']}")
        except (DBAPIError, OSError) as error:
            logger.warning("scheduler_lost_database", error=str(error))
        try:
            await asyncio.wait_for(stop.wait(), timeout=1.0)
        except TimeoutError:
            continue
