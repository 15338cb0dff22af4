"""What policies plug in."""

from datetime import timedelta

from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import jobs

module = Module(
    "policies",
    jobs=[Job("policies.clean", jobs.clean, max_attempts=2)],
    schedules=[Schedule("policies.clean", timedelta(minutes=10))],
)
