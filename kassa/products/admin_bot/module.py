"""What the panel in Telegram plugs in."""

from datetime import timedelta
from pathlib import Path

from kassa.core import billing, identity
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import alerts, bot, menus, operations, refunds, stats
from .api import router

module = Module(
    "admin_bot",
    routers=[router],
    handlers=[bot.handlers],
    jobs=[
        Job("admin_bot.set_menu", menus.set_menu, max_attempts=5),
        Job("admin_bot.change_menus", menus.change_menus, max_attempts=5),
        Job("admin_bot.send_stats", stats.send, max_attempts=3),
        Job("admin_bot.look", operations.look, max_attempts=3),
        Job("admin_bot.tell_refund", refunds.tell),
        Job("admin_bot.tell_review", alerts.tell_review),
        Job("admin_bot.tell_ledger", alerts.tell_ledger),
        Job("admin_bot.watch", alerts.watch, max_attempts=1),
    ],
    subscriptions=[
        (identity.StaffLinkChanged, "admin_bot.change_menus"),
        (billing.PaymentRefunded, "admin_bot.tell_refund"),
        (billing.RefundFailed, "admin_bot.tell_refund"),
        (billing.ReviewOpened, "admin_bot.tell_review"),
        (billing.LedgerChecked, "admin_bot.tell_ledger"),
    ],
    schedules=[Schedule("admin_bot.watch", timedelta(seconds=30))],
    texts=Path(__file__).parent / "texts",
)
