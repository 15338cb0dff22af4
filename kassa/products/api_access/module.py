"""What the API for customers plugs in."""

from datetime import timedelta

from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import calls
from .api import routers

module = Module(
    "api_access",
    routers=routers,
    body_limits={"/v1/chat": 32 * 2**20, "/v1/responses": 32 * 2**20, "/v1/audio": 26 * 2**20},
    jobs=[Job("api_access.sweep", calls.sweep, max_attempts=1)],
    schedules=[Schedule("api_access.sweep", timedelta(seconds=60))],
)
