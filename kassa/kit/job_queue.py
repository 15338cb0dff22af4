"""The job queue as people look at it: what waits, runs or has failed, and trying again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db
from kassa.kit.errors import NotFound

_LIST = """
select q.id, q.entrypoint, q.status::text as status, q.attempts, q.payload, q.created, q.execute_after, q.updated,
       (select l.traceback::text from pgqueuer_log l where l.job_id = q.id and l.traceback is not null
        order by l.created desc limit 1) as traceback
from pgqueuer q
where ($1 = '' or q.status::text = $1) and ($2 = '' or q.entrypoint ilike '%' || $2 || '%')
  and ($3::bigint is null or q.id < $3)
order by q.id desc limit $4
"""

_REPLAY = """
update pgqueuer set status = 'queued', attempts = 0, execute_after = now(), updated = now(), queue_manager_id = null,
    slot = null
where id = $1 and status = 'failed' returning entrypoint
"""

_SECRET_ARGUMENTS = frozenset({"token"})


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job on the queue. `error` is the last line of what went wrong at its last attempt."""

    id: int
    name: str
    status: str
    attempts: int
    arguments: dict[str, Any]
    error: str
    created_at: datetime
    due_at: datetime
    updated_at: datetime


async def list_jobs(session: AsyncSession, status: str, q: str, limit: int, before: int | None) -> list[QueuedJob]:
    """Jobs, the newest first, from an id on."""
    rows = await db.fetch(session, _LIST, status, q, before, limit)
    return [
        QueuedJob(
            row["id"], row["entrypoint"], row["status"], row["attempts"], _arguments(row["payload"]),
            _error(row["traceback"]), row["created"], row["execute_after"], row["updated"],
        )
        for row in rows
    ]  # fmt: skip


async def replay(session: AsyncSession, job_id: int) -> str:
    """Put a failed job back on its queue with all its attempts; answers its name. Raises NotFound `jobs.not_failed`."""
    rows = await db.fetch(session, _REPLAY, job_id)
    if not rows:
        raise NotFound("jobs.not_failed", "There is no failed job of this number")
    return str(rows[0]["entrypoint"])


async def list_schedules(session: AsyncSession) -> list[dict[str, Any]]:
    """Recurring work, by name."""
    rows = await db.fetch(session, "select job, every, next_run_at, last_run_at from jobs_schedule order by job")
    return [
        {"job": row["job"], "every_s": row["every"].total_seconds(), "next_run_at": row["next_run_at"],
         "last_run_at": row["last_run_at"]}
        for row in rows
    ]  # fmt: skip


def _arguments(payload: bytes | None) -> dict[str, Any]:
    given = orjson.loads(payload or b"{}")
    return {name: "…" if name in _SECRET_ARGUMENTS and value else value for name, value in given.items()}


def _error(traceback: str | None) -> str:
    if not traceback:
        return ""
    record = orjson.loads(traceback)
    return f"{record.get('exception_type', '')}: {record.get('exception_message', '')}"[:500]
