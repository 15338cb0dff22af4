"""The ledger's part of a person's data: told in full, never erased, handed over."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db, ids
from kassa.kit.errors import Conflict
from kassa.kit.personal import DataSubject, PersonalData

from . import adjustments, service
from .types import AccountKind

_HAND_OVER = "select ledger_hand_over($1, $2, $3, $4, $5, $6) as units"


async def _export(session: AsyncSession, subject: DataSubject) -> dict[str, Any]:
    found = await service.balances(session, subject.organization_id, subject.customer_id)
    moves = await adjustments.movements(session, subject.organization_id, subject.customer_id, 10_000, None)
    return {"balances": found, "movements": moves}


async def _merge(session: AsyncSession, source: DataSubject, target: DataSubject) -> None:
    row = await db.fetch_one(
        session, _HAND_OVER, ids.new(), source.organization_id, source.customer_id, target.customer_id,
        AccountKind.CUSTOMER_TOKENS.value, clock.now(),
    )  # fmt: skip
    if row["units"] < 0:
        raise Conflict("ledger.held", "An answer is under way: wait for it to end, then try again")


personal = PersonalData(_export, merge=_merge)
