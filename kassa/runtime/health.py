"""Health of this installation, and the figures that are read from the database when metrics are scraped."""

import shutil
import time
from typing import Any

import asyncpg
from prometheus_client import Gauge

from kassa import __version__
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.runtime.settings import Settings

QUEUE_LATE_S = 60.0
DISK_LOW = 0.10

_queue_depth = Gauge("kassa_queue_jobs", "Jobs in the queue", ["status"])
_queue_age = Gauge("kassa_queue_oldest_seconds", "Age of the oldest job that is due")
_open = Gauge("kassa_open", "Open things by kind", ["kind"])
_revenue = Gauge("kassa_revenue_units", "Revenue so far, in the smallest unit", ["asset"])

_QUEUE = "select status::text as status, count(*) as jobs from pgqueuer group by 1"
_AGE = """
select coalesce(extract(epoch from now() - min(execute_after)), 0)::float8 as age from pgqueuer
where status = 'queued' and execute_after <= now()
"""
_OPEN = """
select 'payments_pending' as kind, count(*) as n from billing_payment where status = 'pending'
union all select 'payments_in_review', count(*) from billing_review where resolved_at is null
union all select 'refunds_pending', count(*) from billing_refund where status = 'pending'
union all select 'holds', count(*) from ledger_hold where state = 'open'
union all select 'messages_pending', count(*) from channel_message where state = 'pending'
union all select 'updates_new', count(*) from channel_update where state = 'new'
"""
_REVENUE = """
select e.asset, -sum(e.amount)::bigint as units from ledger_entry e join ledger_account a on a.id = e.account_id
where a.kind = 'revenue' group by e.asset
"""
_BOTS = "select username, problem from channel_bot where enabled and problem is not null"


async def report(app: App) -> dict[str, Any]:
    """Every dependency with its state; `status` is ok, degraded or down."""
    settings = app.get(Settings)
    checks: dict[str, Any] = {"database": await database_state(app), "disk": disk_state(settings)}
    if checks["database"]["status"] == "ok":
        age = float((await app.get(Database).call(_AGE))[0]["age"])
        checks["queue"] = {"status": "ok" if age < QUEUE_LATE_S else "degraded", "oldest_s": round(age, 1)}
        problems = [f"@{row['username']}: {row['problem']}" for row in await app.get(Database).call(_BOTS)]
        checks["bots"] = {"status": "degraded" if problems else "ok", "problems": problems}
    states = {check["status"] for check in checks.values()}
    status = "down" if "down" in states else "ok"
    return {"status": status, "version": __version__, "mode": settings.mode.value, "checks": checks}


async def database_state(app: App) -> dict[str, Any]:
    """Whether the database answers, and how fast."""
    began = time.perf_counter()
    try:
        await app.get(Database).call("select 1")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        return {"status": "down", "problem": type(error).__name__}
    return {"status": "ok", "latency_ms": round((time.perf_counter() - began) * 1000, 2)}


def disk_state(settings: Settings) -> dict[str, Any]:
    """Whether the data directory has room."""
    path = settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    while not path.exists():
        path = path.parent
    usage = shutil.disk_usage(path)
    free = usage.free / usage.total
    return {"status": "ok" if free > DISK_LOW else "degraded", "free_percent": round(free * 100, 1)}


async def measure(app: App) -> None:
    """Read the figures of queue and business for a scrape; a database that is away leaves them as they were."""
    database = app.get(Database)
    try:
        depth = {row["status"]: row["jobs"] for row in await database.call(_QUEUE)}
        for status in ("queued", "picked", "failed"):
            _queue_depth.labels(status).set(depth.get(status, 0))
        _queue_age.set(float((await database.call(_AGE))[0]["age"]))
        for row in await database.call(_OPEN):
            _open.labels(row["kind"]).set(row["n"])
        for row in await database.call(_REVENUE):
            _revenue.labels(row["asset"]).set(row["units"])
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return
