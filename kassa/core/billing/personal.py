"""Billing's part of a person's data: orders stay, because the books do; a merged account brings its purchases along."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.personal import DataSubject, PersonalData

from .models import BillingEntitlement, BillingOrder, BillingPayment

_ORDER_KEYS = ("number", "plan_slug", "asset", "units", "discount_units", "status", "created_at", "paid_at")


async def _export(session: AsyncSession, subject: DataSubject) -> dict[str, Any]:
    rows = await session.execute(
        select(BillingOrder, BillingPayment)
        .join(BillingPayment, BillingPayment.order_id == BillingOrder.id)
        .where(BillingOrder.customer_id == subject.customer_id)
        .order_by(BillingOrder.created_at)
    )
    return {
        "orders": [
            {name: getattr(order, name) for name in _ORDER_KEYS}
            | {"provider": payment.provider, "payment_status": payment.status, "refunded_units": payment.refunded_units}
            for order, payment in rows
        ]
    }


async def _merge(session: AsyncSession, source: DataSubject, target: DataSubject) -> None:
    for table in (BillingOrder, BillingEntitlement):
        await session.execute(
            update(table).where(table.customer_id == source.customer_id).values(customer_id=target.customer_id)
        )


personal = PersonalData(_export, merge=_merge)
