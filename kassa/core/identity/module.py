"""What identity plugs in."""

from pathlib import Path

from kassa.kit.jobs import Job
from kassa.kit.module import Module

from . import mail
from .api import routers

module = Module(
    "identity",
    routers=routers,
    jobs=[Job("identity.send_mail", mail.send_mail, max_attempts=12)],
    texts=Path(__file__).parent / "texts",
)
