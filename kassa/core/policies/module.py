"""What policies plug in."""

from datetime import timedelta
from pathlib import Path

from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import api, jobs

module = Module(
    "policies",
    routers=api.routers,
    jobs=[Job("policies.clean", jobs.clean, max_attempts=2)],
    texts=Path(__file__).parent / "texts",
    schedules=[Schedule("policies.clean", timedelta(minutes=10))],
)
