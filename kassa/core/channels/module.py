"""What channels plug in."""

from datetime import timedelta
from pathlib import Path

from kassa.core import live
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import bot, connection, delivery, intake
from .api import routers
from .personal import personal
from .web import api as web_api
from .web import chats, posts

module = Module(
    "channels",
    personal=personal,
    routers=[*routers, web_api.router],
    streams=[live.StreamKind(chats.STREAM, chats.may_follow, posts.accept_frame, frozenset({"typing"}))],
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
