"""What access to neural networks plugs in."""

from datetime import timedelta
from pathlib import Path

from kassa.core import ai
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import bot, jobs
from .api import routers
from .personal import personal


async def clean_cache(app: App) -> None:
    """Job: drop answers that are out of date, and write the hits counted so far."""
    await app.get(ai.TextCache).write_hits()
    async with app.get(Database).transaction() as session:
        await ai.clean_cache(session)


async def probe_keys(app: App) -> None:
    """Job: try keys again whose pause is over."""
    await ai.probe_due_keys(app.get(ai.Gateway))


module = Module(
    "ai_access",
    personal=personal,
    routers=routers,
    handlers=[bot.handlers],
    jobs=[
        Job("ai_access.run", jobs.run, queue="ai", max_attempts=8),
        Job("ai_access.sweep", jobs.sweep, max_attempts=1),
        Job("ai.clean_cache", clean_cache, max_attempts=3),
        Job("ai.probe_keys", probe_keys, max_attempts=1),
    ],
    schedules=[
        Schedule("ai_access.sweep", timedelta(seconds=30)),
        Schedule("ai.clean_cache", timedelta(hours=1)),
        Schedule("ai.probe_keys", timedelta(seconds=30)),
    ],
    texts=Path(__file__).parent / "texts",
)
