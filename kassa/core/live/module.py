"""What the WebSocket kernel plugs in."""

from datetime import timedelta

from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import api, log

module = Module(
    "live",
    routers=[api.router],
    jobs=[Job("live.prune", log.prune, max_attempts=3)],
    schedules=[Schedule("live.prune", timedelta(hours=1))],
)
