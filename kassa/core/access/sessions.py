"""Sessions: opened by a sign-in, kept by refresh tokens that work once, closed at once."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db, ids
from kassa.kit.errors import NotFound, Unauthenticated

from . import tokens
from .models import AccessKey, AccessSession
from .types import (
    ROLE_PERMISSIONS,
    Actor,
    ActorKind,
    Origin,
    Permission,
    Role,
    SessionInfo,
    TokenPair,
    TokenSigner,
)

KEY_PREFIX = "sk-kassa-"
"""What every API key begins with, so that scanners for leaked secrets know it."""

STAFF_TTL = timedelta(days=14)
CUSTOMER_TTL = timedelta(days=30)
TELEGRAM_TTL = timedelta(hours=24)
"""A Mini App signs in anew each time it is opened, so its sessions need not live longer."""


async def open_session(
    session: AsyncSession,
    signer: TokenSigner,
    organization_id: UUID,
    kind: ActorKind,
    subject_id: UUID,
    ttl: timedelta,
    origin: Origin,
) -> TokenPair:
    """Begin a session for somebody whose identity has been proved."""
    token = ids.secret()
    row = AccessSession(
        id=ids.new(), organization_id=organization_id, subject_kind=kind.value, subject_id=subject_id,
        refresh_hash=tokens.digest(token), ip=origin.ip[:64], user_agent=origin.user_agent[:300],
        expires_at=clock.now() + ttl, created_at=clock.now(), used_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    return tokens.pair(signer, row.id, token)


async def refresh(
    session: AsyncSession, signer: TokenSigner, token: str, attempt: str | None = None
) -> TokenPair | None:
    """Trade a refresh token for a new pair. A token used twice revokes its whole family: the answer is None
    and the revocation must be committed.

    `attempt` is a secret that whoever asks has chosen for this trade. Who asks again with it, because the answer was
    lost on the way, gets the same refresh token, as long as that was not traded itself.
    """
    digest = tokens.digest(token)
    found = (
        await session.scalars(
            select(AccessSession)
            .where(or_(AccessSession.refresh_hash == digest, AccessSession.previous_hash == digest))
            .with_for_update()
        )
    ).one_or_none()
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now():
        return None
    fresh = ids.secret() if attempt is None else tokens.following(signer, token, attempt)
    if found.refresh_hash == tokens.digest(fresh):
        return tokens.pair(signer, found.id, fresh)
    if found.refresh_hash != digest:
        found.revoked_at = clock.now()
        return None
    found.previous_hash, found.refresh_hash, found.used_at = digest, tokens.digest(fresh), clock.now()
    return tokens.pair(signer, found.id, fresh)


async def list_sessions(session: AsyncSession, subject_id: UUID) -> list[SessionInfo]:
    """The open sessions of a person, the last used first."""
    rows = await session.scalars(
        select(AccessSession)
        .where(
            AccessSession.subject_id == subject_id, AccessSession.revoked_at.is_(None),
            AccessSession.expires_at > clock.now(),
        )
        .order_by(AccessSession.used_at.desc())
        .limit(100)
    )  # fmt: skip
    return [SessionInfo(r.id, r.ip, r.user_agent, r.created_at, r.used_at, r.expires_at) for r in rows]


async def known_origins(session: AsyncSession, subject_ids: Iterable[UUID]) -> list[Origin]:
    """Where sessions of these were opened from, ended ones too, the newest first."""
    rows = await session.execute(
        select(AccessSession.ip, AccessSession.user_agent)
        .where(AccessSession.subject_id.in_(subject_ids))
        .order_by(AccessSession.created_at.desc())
        .limit(1000)
    )
    return [Origin(ip, user_agent) for ip, user_agent in rows]


async def close_session(session: AsyncSession, subject_id: UUID, session_id: UUID) -> None:
    """Close one session of a person; its access token stops working at once.

    Raises NotFound `access.session_not_found`.
    """
    closed = await session.scalar(
        update(AccessSession)
        .where(
            AccessSession.id == session_id,
            AccessSession.subject_id == subject_id,
            AccessSession.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(AccessSession.id)
    )
    if closed is None:
        raise NotFound("access.session_not_found", "There is no such open session")


async def close_sessions(session: AsyncSession, subject_id: UUID, keep: UUID | None = None) -> int:
    """Close a person's sessions, all or all but one; answers how many."""
    statement = update(AccessSession).where(
        AccessSession.subject_id == subject_id, AccessSession.revoked_at.is_(None)
    )  # fmt: skip
    if keep is not None:
        statement = statement.where(AccessSession.id != keep)
    closed = await session.scalars(statement.values(revoked_at=clock.now()).returning(AccessSession.id))
    return len(closed.all())


async def open_sessions(session: AsyncSession, session_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the sessions that are open still."""
    rows = await session.scalars(
        select(AccessSession.id).where(
            AccessSession.id.in_(session_ids), AccessSession.revoked_at.is_(None),
            AccessSession.expires_at > clock.now(),
        )
    )  # fmt: skip
    return set(rows)


async def authenticate(session: AsyncSession, signer: TokenSigner, token: str, origin: str = "") -> Actor:
    """Who an access token or an API key speaks for.

    Raises Unauthenticated `access.token_invalid`, `access.token_expired`, `access.session_closed`,
    `access.key_invalid`, `access.account_disabled`.
    """
    session_id, key_hash = credential(signer, token)
    rows = await db.fetch(session, "select * from access_caller($1, $2, $3)", session_id, key_hash, clock.now())
    caller = read_caller(rows[0] if rows else None, is_key=key_hash is not None, origin=origin)
    if rows[0]["is_key_stale"]:
        await session.execute(update(AccessKey).where(AccessKey.id == caller.key_id).values(last_used_at=clock.now()))
    return caller


async def note_use(database: db.Database, actor: Actor) -> None:
    """Remember that the actor's key was used now."""
    await database.call("update access_key set last_used_at = $2 where id = $1", actor.key_id, clock.now())


def credential(signer: TokenSigner, token: str) -> tuple[UUID | None, str | None]:
    """What to look a bearer token up by: a session, or the hash of a key. Raises as `authenticate`."""
    if token.startswith(KEY_PREFIX):
        return None, tokens.digest(token)
    return tokens.session_of(signer, token), None


def read_caller(row: Mapping[str, Any] | None, *, is_key: bool, origin: str = "") -> Actor:
    """The actor in a row of `access_caller`. Raises as `authenticate`."""
    if row is None or row["problem"] in {"revoked", "expired"}:
        if is_key:
            raise Unauthenticated("access.key_invalid", "This API key is not valid")
        raise Unauthenticated("access.token_invalid", "This access token is not valid")
    if row["problem"] == "closed":
        raise Unauthenticated("access.session_closed", "This session was closed")
    if row["problem"] == "disabled":
        raise Unauthenticated("access.account_disabled", "This account is closed")
    kind = ActorKind(row["subject_kind"])
    permissions: frozenset[Permission] = frozenset()
    if kind is ActorKind.STAFF:
        permissions = permissions_of(Role(row["role"]), row["permissions"])
    scopes = frozenset(row["scopes"] or ())
    if is_key and kind is ActorKind.STAFF:
        # A service key may do what both its member and its scopes allow.
        permissions = frozenset(item for item in permissions if item.value in scopes)
    return Actor(
        kind, row["subject_id"], row["organization_id"], permissions, row["session_id"], row["key_id"], scopes,
        row["label"] or "", origin,
    )  # fmt: skip


def permissions_of(role: Role, own: list[str] | None) -> frozenset[Permission]:
    """What a role may do: as shipped, or as its organization wants it; the owner always may everything."""
    if role is Role.OWNER or own is None:
        return ROLE_PERMISSIONS[role]
    known = {permission.value: permission for permission in Permission}
    return frozenset(known[name] for name in own if name in known)
