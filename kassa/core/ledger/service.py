"""The ledger's verbs. Each is one round trip to a SQL function and never commits."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db, ids

from .errors import HoldClosed, HoldNotFound, IdempotencyConflict, InsufficientFunds
from .types import BOUNDED, AccountKind, Balance, Entry, Grant, Hold

_POST = "select * from ledger_post($1,$2,$3,$4,$5,$6,$7::text[],$8::uuid[],$9::text[],$10::bigint[],$11::boolean[],$12)"
_GRANT = "select * from ledger_grant($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)"
_HOLD = "select * from ledger_hold($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"
_CAPTURE = "select * from ledger_capture($1,$2,$3,$4,$5,$6)"
_RELEASE = "select * from ledger_release($1,$2)"
_TAKE_BACK = "select * from ledger_take_back($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"
_EXPIRE = "select ledger_expire($1,$2) as lapsed"

_BALANCES = """
select a.asset, b.held, g.id, g.source, g.reference, g.amount, g.remaining, g.held as grant_held, g.expires_at,
       g.created_at
from ledger_account a join ledger_balance b on b.account_id = a.id
left join ledger_grant g on g.account_id = a.id and g.remaining > 0 and g.voided_at is null
     and (g.expires_at is null or g.expires_at > $4)
where a.organization_id = $1 and a.kind = $2 and a.owner_id = $3
order by a.asset, g.priority, g.expires_at nulls last, g.id
"""


BALANCES_AS_JSON = """
select coalesce(json_agg(json_build_object('asset', b.asset, 'available', b.available, 'held', b.held,
    'grants', b.grants) order by b.asset), '[{"asset": "TOKEN", "available": 0, "held": 0, "grants": []}]')
from (
    select a.asset, b.held, coalesce(sum(g.remaining - g.held), 0)::bigint as available,
        coalesce(json_agg(json_build_object('amount', g.amount, 'remaining', g.remaining, 'source', g.source,
            'expires_at', g.expires_at) order by g.priority, g.expires_at nulls last, g.id)
            filter (where g.id is not null), '[]') as grants
    from ledger_account a join ledger_balance b on b.account_id = a.id
    left join ledger_grant g on g.account_id = a.id and g.remaining > 0 and g.voided_at is null
        and (g.expires_at is null or g.expires_at > $3)
    where a.organization_id = $1 and a.kind = 'customer_tokens' and a.owner_id = $2
    group by a.asset, b.held
) b
"""
"""What `balances` answers about owner $2 of organization $1 at $3, as JSON: a part of one statement for hot reads."""


async def post(
    session: AsyncSession, organization_id: UUID, key: str, kind: str, reference: str, entries: Sequence[Entry]
) -> bool:
    """Post a balanced transaction; False when this key was posted before with the same input.

    Raises InsufficientFunds, IdempotencyConflict; ValueError when the entries do not sum to zero per asset,
    which is a bug of the caller and never a customer's mistake.
    """
    totals: dict[str, int] = {}
    for entry in entries:
        totals[entry.account.asset] = totals.get(entry.account.asset, 0) + entry.units
    if not entries or any(totals.values()):
        raise ValueError(f"entries of {kind} do not sum to zero: {totals}")
    accounts = [entry.account for entry in entries]
    lines = [(a.kind, a.asset, a.owner_id, e.units) for a, e in zip(accounts, entries, strict=True)]
    row = await db.fetch_one(
        session, _POST, ids.new(), organization_id, key, _hash(kind, reference, lines),
        kind, reference, [str(a.kind) for a in accounts], [a.owner_id for a in accounts], [a.asset for a in accounts],
        [entry.units for entry in entries], [a.kind in BOUNDED for a in accounts], clock.now(),
    )  # fmt: skip
    match row["status"]:
        case "conflict":
            raise IdempotencyConflict(key)
        case "insufficient":
            raise InsufficientFunds(0, 0, max(-entry.units for entry in entries))
        case status:
            return bool(status == "posted")


async def grant(
    session: AsyncSession,
    organization_id: UUID,
    key: str,
    owner_id: UUID,
    units: int,
    *,
    source: str,
    reference: str,
    expires_at: datetime | None,
    asset: str = "TOKEN",
    priority: int = 100,
) -> bool:
    """Credit tokens that lapse at `expires_at` (None: never); False for a repeat. Raises IdempotencyConflict.

    A lower `priority` is spent first; then what lapses soonest; then the oldest.
    """
    row = await db.fetch_one(
        session, _GRANT, ids.new(), organization_id, key, _hash(owner_id, units, asset, source, reference, priority),
        "grant", reference, AccountKind.CUSTOMER_TOKENS.value, owner_id, asset, units, AccountKind.TOKENS_ISSUED.value,
        source, priority, expires_at, clock.now(),
    )  # fmt: skip
    if row["status"] == "conflict":
        raise IdempotencyConflict(key)
    return bool(row["status"] == "posted")


async def hold(
    session: AsyncSession,
    organization_id: UUID,
    key: str,
    owner_id: UUID,
    units: int,
    *,
    reference: str,
    expires_at: datetime,
    asset: str = "TOKEN",
) -> Hold:
    """Reserve tokens. After `expires_at` a hold is reviewed, never released blindly.

    Raises InsufficientFunds (nothing was changed), IdempotencyConflict.
    """
    row = await db.fetch_one(
        session, _HOLD, ids.new(), organization_id, key, _hash(owner_id, units, asset, reference),
        AccountKind.CUSTOMER_TOKENS.value, owner_id, asset, units, reference, expires_at, clock.now(),
    )  # fmt: skip
    match row["status"]:
        case "conflict":
            raise IdempotencyConflict(key)
        case "insufficient":
            raise InsufficientFunds(row["available"], row["held"], units)
        case status:
            return Hold(row["hold_id"], units, row["available"], status == "held")


async def capture(
    session: AsyncSession,
    hold_id: UUID,
    units: int,
    *,
    kind: str = "usage",
    to: AccountKind = AccountKind.TOKENS_USED,
) -> bool:
    """Charge a hold, at most what it reserved; the rest goes back to its grants. False for a repeat.

    Raises HoldNotFound, HoldClosed (released, or captured with another amount).
    """
    row = await db.fetch_one(session, _CAPTURE, hold_id, units, ids.new(), kind, to.value, clock.now())
    match row["status"]:
        case "missing":
            raise HoldNotFound
        case "conflict" | "released":
            raise HoldClosed("released" if row["status"] == "released" else "captured")
        case status:
            return bool(status == "captured")


async def release(session: AsyncSession, hold_id: UUID) -> bool:
    """Give a hold back to its grants; False for a repeat. Raises HoldNotFound, HoldClosed (captured)."""
    row = await db.fetch_one(session, _RELEASE, hold_id, clock.now())
    match row["status"]:
        case "missing":
            raise HoldNotFound
        case "captured":
            raise HoldClosed("captured")
        case status:
            return bool(status == "released")


async def take_back(
    session: AsyncSession, organization_id: UUID, key: str, reference: str, units: int | None, *, void: bool
) -> int:
    """Take up to `units` (None: all) of one purchase's free tokens back; the answer is how many were there to take.

    With `void`, the purchase's grants can no longer be spent and held units lapse when their hold ends.
    Raises IdempotencyConflict.
    """
    row = await db.fetch_one(
        session, _TAKE_BACK, ids.new(), organization_id, key, _hash(reference, units, void), "take_back", reference,
        AccountKind.TOKENS_TAKEN_BACK.value, units, void, clock.now(),
    )  # fmt: skip
    if row["status"] == "conflict":
        raise IdempotencyConflict(key)
    return int(row["taken"])


async def expire(session: AsyncSession, limit: int = 500) -> int:
    """Post what is left of lapsed grants away; how many grants were emptied."""
    return int((await db.fetch_one(session, _EXPIRE, limit, clock.now()))["lapsed"])


async def balances(session: AsyncSession, organization_id: UUID, owner_id: UUID) -> list[Balance]:
    """The customer's balances by asset. Grants past their expiry do not count, posted away or not."""
    rows = await db.fetch(session, _BALANCES, organization_id, AccountKind.CUSTOMER_TOKENS.value, owner_id, clock.now())
    by_asset: dict[str, list[Grant]] = {}
    held: dict[str, int] = {}
    for row in rows:
        grants = by_asset.setdefault(row["asset"], [])
        held[row["asset"]] = row["held"]
        if row["id"] is not None:
            grants.append(
                Grant(row["id"], row["source"], row["reference"], row["amount"], row["remaining"], row["grant_held"],
                      row["expires_at"], row["created_at"])
            )  # fmt: skip
    return [
        Balance(asset, sum(g.remaining - g.held for g in grants), held[asset], tuple(grants))
        for asset, grants in by_asset.items()
    ]


async def balance(session: AsyncSession, organization_id: UUID, owner_id: UUID, asset: str = "TOKEN") -> Balance:
    """The customer's balance in one asset; zero when there was never any."""
    for found in await balances(session, organization_id, owner_id):
        if found.asset == asset:
            return found
    return Balance(asset, 0, 0, ())


def _hash(*facts: object) -> str:
    return hashlib.sha256(orjson.dumps(facts, default=str)).hexdigest()
