"""What files plug in."""

from datetime import time, timedelta

from kassa.core import identity
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import avatars, cleaning, intake, kinds
from .api import router
from .personal import personal

module = Module(
    "files",
    personal=personal,
    routers=[router],
    body_limits={"/api/v1/files": kinds.MAX_UPLOAD_BYTES + 2**20},
    subscriptions=[(identity.PhotoChanged, "files.fetch_avatar")],
    jobs=[
        Job("files.fetch_avatar", avatars.fetch, max_attempts=5),
        Job("files.clean", cleaning.clean, max_attempts=5),
        Job("files.remove_bytes", cleaning.remove_bytes),
        Job("files.rescan", intake.rescan, max_attempts=3),
    ],
    schedules=[
        Schedule("files.clean", timedelta(days=1), at=time(3)),
        Schedule("files.rescan", timedelta(minutes=1)),
    ],
)
