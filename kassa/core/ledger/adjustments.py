"""Tokens that staff give or take by hand, and what a customer's tokens went through."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, identity
from kassa.core.access import Actor, Permission
from kassa.kit import clock, db
from kassa.kit.errors import Invalid

from . import service
from .types import AccountKind, Balance

MAX_UNITS = 10**12

_MOVEMENTS = """
select e.id, t.id as transaction_id, t.kind, t.reference, e.asset, e.amount, t.created_at
from ledger_account a join ledger_entry e on e.account_id = a.id join ledger_transaction t on t.id = e.transaction_id
where a.organization_id = $1 and a.kind = $2 and a.owner_id = $3 and ($4::bigint is null or e.id < $4)
order by e.id desc limit $5
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a customer's account: `units` came (positive) or went, in a transaction of some kind."""

    id: int
    transaction_id: UUID
    kind: str
    reference: str
    asset: str
    units: int
    created_at: datetime


async def adjust(
    session: AsyncSession, actor: Actor, customer_id: UUID, units: int, reason: str, key: str, days: int | None
) -> Balance:
    """Give tokens (positive, for `days` or for ever) or take free ones; once per key.

    Raises Denied, NotFound `identity.customer_not_found`, Invalid `ledger.units_invalid`, InsufficientFunds,
    IdempotencyConflict.
    """
    actor.require(Permission.TOKENS_ADJUST)
    await identity.get_customer(session, actor.organization_id, customer_id)
    if not 0 < abs(units) <= MAX_UNITS:
        raise Invalid("ledger.units_invalid", "A whole number of tokens other than zero", units=units)
    organization, reference = actor.organization_id, f"staff:{key}"
    if units > 0:
        until = clock.now() + timedelta(days=days) if days else None
        is_new = await service.grant(
            session, organization, f"adjust:{key}", customer_id, units, source="staff", reference=reference,
            expires_at=until,
        )  # fmt: skip
    else:
        hold = await service.hold(
            session, organization, f"adjust:{key}", customer_id, -units, reference=reference,
            expires_at=clock.now() + timedelta(minutes=1),
        )  # fmt: skip
        is_new = await service.capture(session, hold.id, -units, kind="adjustment", to=AccountKind.TOKENS_TAKEN_BACK)
    if is_new:
        await audit.record(
            session, actor, "tokens.adjusted", "customer", customer_id, after={"units": units, "days": days},
            reason=reason,
        )  # fmt: skip
    return await service.balance(session, organization, customer_id)


async def movements(
    session: AsyncSession, organization_id: UUID, customer_id: UUID, limit: int, before: int | None
) -> list[Movement]:
    """What a customer's tokens went through, the newest first, from an entry on."""
    rows = await db.fetch(
        session, _MOVEMENTS, organization_id, AccountKind.CUSTOMER_TOKENS.value, customer_id, before, limit
    )
    return [
        Movement(row["id"], UUID(str(row["transaction_id"])), row["kind"], row["reference"], row["asset"],
                 row["amount"], row["created_at"])
        for row in rows
    ]  # fmt: skip
