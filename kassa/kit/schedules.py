"""Recurring work: rows with the next due time; any number of schedulers may run, each due time is claimed once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Interval
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit import db, jobs

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Put `job` on its queue every `every`."""

    job: str
    every: timedelta


class JobsSchedule(db.Base):
    """When each recurring job is due."""

    __tablename__ = "jobs_schedule"

    job: Mapped[str] = mapped_column(primary_key=True)
    every: Mapped[timedelta] = mapped_column(Interval)
    next_run_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]


_REGISTER = """
insert into jobs_schedule (job, every, next_run_at) select *, now() from unnest($1::text[], $2::interval[])
on conflict (job) do update set every = excluded.every,
    next_run_at = least(jobs_schedule.next_run_at, now() + excluded.every)
"""

_CLAIM = """
update jobs_schedule set next_run_at = now() + every, last_run_at = now()
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
                    await db.fetch(session, _REGISTER, names, [schedule.every for schedule in schedules])
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
