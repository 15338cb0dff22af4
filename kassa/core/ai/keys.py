"""The fate of keys: what a success or a failure writes, and leases that count an account's parallel requests."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids

from .errors import RULES, KeyAction, ProviderError
from .models import Key, Lease, Route
from .snapshot import KeyView, RouteView
from .types import KeyState

COOLDOWN_FIRST_S = 2.0
# Longer would punish the customers of an owner with one key after the provider is well again.
COOLDOWN_LONGEST_S = 30.0
# A vendor's word is believed up to here: a day-long Retry-After is a quota in disguise, and a probe costs nothing.
RETRY_AFTER_LONGEST_S = 3600.0
ACCOUNT_BUSY_S = 3.0
FAILURES_BEFORE_COOLDOWN = 5
# A refused or empty key is probed soon at first (a vendor's slip, an account just topped up), then ever more rarely.
PROBE_FIRST_S = 60.0
PROBE_LONGEST_S = 6 * 3600.0
MODEL_BARRED_FOR = timedelta(hours=1)
ROUTE_BARRED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A route and a key that may be asked now."""

    route: RouteView
    key: KeyView


def cooldown_s(fails: int, retry_after_s: float | None) -> float:
    """Seconds a key rests after its `fails`-th failure in a row: doubling, up to 30 s, with ±20 % of jitter.

    Retry-After is obeyed: jitter is only added to it, so that processes do not come back all at once.
    """
    if retry_after_s is not None:
        return min(retry_after_s, RETRY_AFTER_LONGEST_S) + random.uniform(0, 0.5)
    resting = min(COOLDOWN_LONGEST_S, COOLDOWN_FIRST_S * float(2 ** min(fails - 1, 20)))
    return resting * random.uniform(0.8, 1.2)


def probe_after(fails: int) -> timedelta:
    """When a key refused for the `fails`-th time in a row is tried again: a minute, doubling up to 6 hours."""
    return timedelta(seconds=min(PROBE_LONGEST_S, PROBE_FIRST_S * float(2 ** min(fails - 1, 20))))


async def record_success(session: AsyncSession, key: KeyView) -> None:
    """Clear a key's failures; a key that was tried after its rest is active again.

    Only the state that was seen is replaced: the owner, or another request, may have disabled the key meanwhile.
    """
    seen = Key.until.is_(None) if key.until is None else Key.until == key.until
    await session.execute(
        update(Key)
        .where(Key.id == key.id, Key.state == key.state.value, seen)
        .values(state=KeyState.ACTIVE.value, until=None, reason="", fails=0, last_ok_at=clock.now())
    )


async def record_failure(session: AsyncSession, candidate: Candidate, error: ProviderError) -> KeyAction:
    """Write what the class of failure does to the key, its account, its right to a model, or the route."""
    action = RULES[error.error_class].key_action
    key, route, now = candidate.key, candidate.route, clock.now()
    reason = f"{error.error_class}: {error.detail}"[:300]
    if action is KeyAction.COOL_DOWN:
        until = now + timedelta(seconds=cooldown_s(key.fails + 1, error.retry_after_s))
        await _rest(session, Key.id == key.id, KeyState.COOLDOWN, until, reason)
    elif action is KeyAction.MARK_ACCOUNT_BUSY:
        until = now + timedelta(seconds=cooldown_s(1, error.retry_after_s or ACCOUNT_BUSY_S))
        same_account = (Key.endpoint_id == route.endpoint_id) & (
            or_(Key.account_tag == key.account, Key.id == key.id) if key.account != str(key.id) else Key.id == key.id
        )
        await _rest(session, same_account, KeyState.COOLDOWN, until, reason)
    elif action is KeyAction.EXHAUST:
        await _rest(session, Key.id == key.id, KeyState.EXHAUSTED, now + probe_after(key.fails + 1), reason)
    elif action is KeyAction.DISABLE:
        await _rest(session, Key.id == key.id, KeyState.DISABLED, now + probe_after(key.fails + 1), reason)
    elif action is KeyAction.BLOCK_MODEL:
        barred = {route.upstream: (now + MODEL_BARRED_FOR).isoformat()}
        await session.execute(
            update(Key)
            .where(Key.id == key.id)
            .values(blocked_models=Key.blocked_models.op("||")(literal(barred, JSONB)))
        )
    elif action is KeyAction.BLOCK_ROUTE:
        await session.execute(
            update(Route)
            .where(Route.id == route.id)
            .values(blocked_until=now + ROUTE_BARRED_FOR, blocked_reason=reason)
        )
    elif action is KeyAction.COUNT_FAILURE:
        await _count_failure(session, key, now, reason)
    return action


async def take_lease(session: AsyncSession, candidate: Candidate, organization_id: UUID, for_s: float) -> UUID | None:
    """One of the account's parallel requests, or None when all are taken. A lease ends by itself after `for_s`."""
    key, route = candidate.key, candidate.route
    # Counting and inserting must be one step for all processes; the lock lives as long as the transaction.
    await session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:account, 0))"),
        {"account": f"ai-lease:{route.endpoint_id}:{key.account}"},
    )
    # Leases use the database's clock, so that processes need not agree on theirs.
    database_now = func.now() + literal(clock.offset())
    taken = await session.scalar(
        select(func.count())
        .select_from(Lease)
        .where(
            Lease.organization_id == organization_id,
            Lease.endpoint_id == route.endpoint_id,
            Lease.account_tag == key.account,
            Lease.until > database_now,
        )
    )
    if (taken or 0) >= (key.concurrency or 0):
        return None
    lease = Lease(
        id=ids.new(),
        organization_id=organization_id,
        endpoint_id=route.endpoint_id,
        account_tag=key.account,
        until=database_now + timedelta(seconds=for_s),
    )
    session.add(lease)
    await session.flush()
    return lease.id


async def end_lease(session: AsyncSession, lease_id: UUID) -> None:
    """Give the place back; and sweep leases whose holders died."""
    database_now = func.now() + literal(clock.offset())
    await session.execute(delete(Lease).where(or_(Lease.id == lease_id, Lease.until < database_now)))


async def _rest(session: AsyncSession, which: object, state: KeyState, until: datetime, reason: str) -> None:
    """Set the state of keys that are in use; what the owner switched off (no time to try again) stays off."""
    in_use = or_(Key.state == KeyState.ACTIVE.value, Key.until.is_not(None))
    # A milder finding never shortens a harder one that came first.
    longest = func.greatest(Key.until, until)
    await session.execute(
        update(Key)
        .where(which, in_use)  # type: ignore[arg-type]
        .values(state=state.value, until=longest, reason=reason, fails=Key.fails + 1)
    )


async def _count_failure(session: AsyncSession, key: KeyView, now: datetime, reason: str) -> None:
    """Count; from the fifth in a row on the key rests, so that customers do not wait for a server that is down."""
    excess = max(1, key.fails + 2 - FAILURES_BEFORE_COOLDOWN)
    until = now + timedelta(seconds=cooldown_s(excess, None))
    rests = Key.fails + 1 >= FAILURES_BEFORE_COOLDOWN
    await session.execute(
        update(Key)
        .where(Key.id == key.id, or_(Key.state == KeyState.ACTIVE.value, Key.until.is_not(None)))
        .values(
            fails=Key.fails + 1,
            reason=reason,
            state=case((rests, KeyState.COOLDOWN.value), else_=Key.state),
            until=case((rests, func.greatest(Key.until, until)), else_=Key.until),
        )
    )
