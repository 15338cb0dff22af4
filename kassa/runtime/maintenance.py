"""Housekeeping of the job queue's own tables."""

from datetime import timedelta

from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

JOB_LOG_DAYS = 7
UPDATE_DAYS = 30
"""How long handled updates are kept: longer than Telegram may repeat one (24 hours)."""

_STATEMENTS = (
    """delete from pgqueuer_log where id in
       (select id from pgqueuer_log where created < now() - $1::interval limit 20000)""",
    """delete from channel_update where (bot_id, update_id) in
       (select bot_id, update_id from channel_update
        where received_at < now() - $1::interval and state = 'done' limit 20000)""",
)


async def prune(app: App) -> None:
    """Job: drop what nobody asks for any more, a piece at a time."""
    for statement, days in zip(_STATEMENTS, (JOB_LOG_DAYS, UPDATE_DAYS), strict=True):
        await app.get(Database).call(statement, timedelta(days=days))


module = Module(
    "maintenance",
    jobs=[Job("maintenance.prune", prune, max_attempts=2)],
    schedules=[Schedule("maintenance.prune", timedelta(minutes=10))],
)
