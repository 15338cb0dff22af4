"""What billing plugs in."""

from datetime import time, timedelta
from pathlib import Path

import structlog

from kassa.core import ledger
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.jobs import Job
from kassa.kit.module import Module
from kassa.kit.schedules import Schedule

from . import bot, jobs, levels, statements
from .api import routers
from .checks import BILLING_CHECKS, tell_checked
from .personal import personal
from .types import OrderPaid, PaymentRefunded

logger = structlog.get_logger(__name__)


async def expire_grants(app: App) -> None:
    """Job: post lapsed tokens away, in small transactions."""
    while True:
        async with app.get(Database).transaction() as session:
            if await ledger.expire(session) == 0:
                return


async def check_ledger(app: App) -> None:
    """Job: run every check of ledger and money, statements too; metrics, log and alerts turn red on a failure."""
    async with app.get(Database).transaction() as session:
        checks = await ledger.run_checks(session) + await ledger.run_checks(session, BILLING_CHECKS)
    for check in checks:
        if not check.is_ok:
            logger.error("ledger_check_red", check=check.name, first=check.examples[0])
    checks += await statements.compare_statements(app)
    async with app.get(Database).transaction() as session:
        await tell_checked(session, checks)


module = Module(
    "billing",
    personal=personal,
    routers=routers,
    handlers=[bot.handlers],
    jobs=[
        Job("billing.open_payment", jobs.open_payment, queue="payments", max_attempts=10),
        Job("billing.apply_event", jobs.apply_event, queue="payments", max_attempts=40),
        Job("billing.check_payments", jobs.check_payments, queue="payments", max_attempts=1),
        Job("billing.check_payment", jobs.check_payment, queue="payments", max_attempts=3),
        Job("billing.send_refund", jobs.send_refund, queue="payments", max_attempts=10),
        Job("billing.recalculate_level", levels.recalculate),
        Job("billing.recalculate_levels", levels.recalculate_all, max_attempts=3),
        Job("ledger.expire", expire_grants, max_attempts=3),
        Job("ledger.check", check_ledger, max_attempts=3),
    ],
    subscriptions=[
        (OrderPaid, "billing.recalculate_level"),
        (PaymentRefunded, "billing.recalculate_level"),
    ],
    schedules=[
        Schedule("billing.recalculate_levels", timedelta(days=1), at=time(2)),
        Schedule("billing.check_payments", timedelta(seconds=5)),
        Schedule("ledger.expire", timedelta(minutes=5)),
        Schedule("ledger.check", timedelta(hours=24)),
    ],
    texts=Path(__file__).parent / "texts",
)
