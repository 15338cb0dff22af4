"""API keys of customers and service keys of staff: shown once, kept as a hash (IDN-8)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids
from kassa.kit.errors import Invalid, LimitReached, NotFound

from .models import AccessKey
from .sessions import KEY_PREFIX
from .tokens import digest
from .types import Actor, ActorKind, ApiKey, Permission

CUSTOMER_SCOPES = ("models", "chat", "responses", "images", "audio", "embeddings")
"""What a customer's key may be limited to: the groups of routes of the OpenAI-compatible API."""

MAX_KEYS = 50
SHOWN = len(KEY_PREFIX) + 6


async def create_key(
    session: AsyncSession, actor: Actor, name: str, scopes: Sequence[str], expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Make a key for the actor; the second part is the secret, which is never shown again.

    A customer's key without scopes opens every route of the API. A service key of staff needs scopes: permissions
    which its member has. Raises Invalid `access.scope_unknown`, `access.expiry_past`,
    LimitReached `access.too_many_keys`.
    """
    is_staff = actor.kind is ActorKind.STAFF
    allowed = [item.value for item in Permission if actor.may(item)] if is_staff else list(CUSTOMER_SCOPES)
    unknown = sorted(set(scopes) - set(allowed))
    if unknown:
        raise Invalid("access.scope_unknown", f"No such scope: {', '.join(unknown)}", scopes=unknown, allowed=allowed)
    if is_staff and not scopes:
        raise Invalid("access.scope_unknown", "A service key needs scopes", allowed=allowed)
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid("access.expiry_past", "The key would have expired already")
    if await _count(session, actor.id) >= MAX_KEYS:
        raise LimitReached("access.too_many_keys", f"Revoke a key first: there may be {MAX_KEYS}", limit=MAX_KEYS)
    secret = KEY_PREFIX + ids.secret()
    row = AccessKey(
        id=ids.new(), organization_id=actor.organization_id, subject_kind=actor.kind.value, subject_id=actor.id,
        name=name.strip(), prefix=secret[:SHOWN], key_hash=digest(secret),
        scopes=list(scopes) if is_staff else list(scopes or CUSTOMER_SCOPES), expires_at=expires_at,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    return _key(row), secret


async def list_keys(session: AsyncSession, subject_id: UUID) -> list[ApiKey]:
    """The keys of a person that have not been revoked, the newest first."""
    rows = await session.scalars(
        select(AccessKey)
        .where(AccessKey.subject_id == subject_id, AccessKey.revoked_at.is_(None))
        .order_by(AccessKey.created_at.desc())
    )
    return [_key(row) for row in rows]


async def revoke_key(session: AsyncSession, actor: Actor, key_id: UUID) -> ApiKey:
    """Revoke one of the actor's keys at once. Raises NotFound `access.key_not_found`."""
    row = await session.scalar(
        update(AccessKey)
        .where(AccessKey.id == key_id, AccessKey.subject_id == actor.id, AccessKey.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(AccessKey)
    )
    if row is None:
        raise NotFound("access.key_not_found", "There is no such key")
    return _key(row)


async def revoke_keys(session: AsyncSession, subject_id: UUID) -> int:
    """Revoke every key of a person; answers how many."""
    revoked = await session.scalars(
        update(AccessKey)
        .where(AccessKey.subject_id == subject_id, AccessKey.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(AccessKey.id)
    )
    return len(revoked.all())


async def _count(session: AsyncSession, subject_id: UUID) -> int:
    counted = await session.scalar(
        select(func.count()).where(AccessKey.subject_id == subject_id, AccessKey.revoked_at.is_(None))
    )
    return counted or 0


def _key(row: AccessKey) -> ApiKey:
    return ApiKey(row.id, row.name, row.prefix, tuple(row.scopes), row.expires_at, row.last_used_at, row.created_at)
