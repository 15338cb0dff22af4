"""Usage's part of a person's data: counts without words, which stay."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.personal import DataSubject, PersonalData

from .models import UsageRecord

_KEYS = ("channel", "kind", "model", "status", "input_tokens", "output_tokens", "charged_tokens", "created_at")


async def _export(session: AsyncSession, subject: DataSubject) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(UsageRecord).where(UsageRecord.customer_id == subject.customer_id).order_by(UsageRecord.created_at)
    )
    return [{name: getattr(row, name) for name in _KEYS} for row in rows]


async def _merge(session: AsyncSession, source: DataSubject, target: DataSubject) -> None:
    await session.execute(
        update(UsageRecord).where(UsageRecord.customer_id == source.customer_id).values(customer_id=target.customer_id)
    )


personal = PersonalData(_export, merge=_merge)
