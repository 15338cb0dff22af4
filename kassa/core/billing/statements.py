"""Comparing providers' own lists with our ledger (LED-5): what they collected and we did not book, or the reverse."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ledger
from kassa.kit import clock, jobs, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError

from .jobs import Providers
from .models import BillingPayment, BillingRefund
from .ports import StatementLine
from .types import PaymentStatus, RefundStatus

logger = structlog.get_logger(__name__)

WINDOW = timedelta(days=8)
SETTLING = timedelta(minutes=10)
"""What is younger may still be on its way through webhook or poller."""
_BOOKED = (PaymentStatus.SUCCEEDED.value, PaymentStatus.PARTIALLY_REFUNDED.value, PaymentStatus.REFUNDED.value,
           PaymentStatus.REVIEW.value)  # fmt: skip


async def compare_statements(app: App, *, window: timedelta = WINDOW) -> list[ledger.Check]:
    """One check per provider over the last days; a provider that does not answer gives none.

    A payment that went through there and is undecided here is asked for again at once, which repairs it.
    """
    until = clock.now() - SETTLING
    checks = []
    for name, provider in app.get(Providers).by_name.items():
        try:
            lines = await provider.statement(until - window, until)
        except AppError as error:
            logger.warning("statement_not_read", provider=name, code=error.code)
            continue
        async with app.get(Database).transaction() as session:
            wrong = await _differences(session, name, lines, until - window, until)
        check = ledger.Check(f"statement_of_{name}", not wrong, tuple(wrong[:5]))
        metrics.ledger_check_ok.labels(check.name).set(1 if check.is_ok else 0)
        if wrong:
            logger.error("statement_differs", provider=name, differences=len(wrong), first=wrong[0])
        checks.append(check)
    return checks


async def _differences(
    session: AsyncSession, provider: str, lines: Iterable[StatementLine], since: datetime, until: datetime
) -> list[dict[str, Any]]:
    wrong: list[dict[str, Any]] = []
    seen: set[str] = set()
    for line in lines:
        seen.add(line.ref)
        problem = await (_refund_problem if line.is_refund else _payment_problem)(session, provider, line)
        if problem:
            wrong.append({"problem": problem, "ref": line.ref, "units": line.amount.units, "asset": line.amount.asset})
    # Only payments whose whole life lies inside the window can be missed in the list.
    ours = await session.scalars(
        select(BillingPayment.provider_ref).where(
            BillingPayment.provider == provider, BillingPayment.status.in_(_BOOKED[:3]),
            BillingPayment.created_at >= since + SETTLING, BillingPayment.created_at < until - SETTLING,
        )
    )  # fmt: skip
    wrong += [{"problem": "payment_unknown_to_provider", "ref": ref} for ref in ours if ref not in seen]
    return wrong


async def _payment_problem(session: AsyncSession, provider: str, line: StatementLine) -> str:
    payment = (
        await session.scalars(
            select(BillingPayment).where(BillingPayment.provider == provider, BillingPayment.provider_ref == line.ref)
        )
    ).one_or_none()
    if payment is None:
        # A payment without our id came from somebody else who uses the same shop.
        return "payment_not_booked" if line.our_id else ""
    if payment.status not in _BOOKED:
        await jobs.enqueue(session, "billing.check_payment", payment_id=str(payment.id))
        return "payment_not_applied"
    is_same = (payment.units, payment.asset) == (line.amount.units, line.amount.asset)
    return "" if is_same or payment.status == PaymentStatus.REVIEW.value else "amount_differs"


async def _refund_problem(session: AsyncSession, provider: str, line: StatementLine) -> str:
    refund = (await session.scalars(select(BillingRefund).where(BillingRefund.provider_ref == line.ref))).one_or_none()
    if refund is None:
        return "refund_not_booked" if line.our_id else ""
    if refund.status != RefundStatus.SUCCEEDED.value:
        await jobs.enqueue(session, "billing.send_refund", refund_id=str(refund.id))
        return "refund_not_applied"
    return "" if refund.units == line.amount.units else "refund_amount_differs"
