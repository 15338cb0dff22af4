"""What channels plug in."""

from datetime import timedelta
from pathlib import Path

from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import api, bot, connection, delivery, intake

module = Module(
    "channels",
    routers=[api.router],
    handlers=[bot.handlers],
    jobs=[
        Job("channels.handle_updates", intake.handle_updates, queue="updates"),
        Job("channels.deliver", delivery.deliver_job),
        Job("channels.sweep", delivery.sweep, max_attempts=1),
        Job("channels.connect_bots", connection.connect_bots, max_attempts=1),
    ],
    schedules=[
        Schedule("channels.sweep", timedelta(seconds=15)),
        Schedule("channels.connect_bots", timedelta(seconds=10)),
    ],
    texts=Path(__file__).parent / "texts",
)
