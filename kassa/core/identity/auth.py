"""Signing in: staff by e-mail and password, customers by Telegram; short access and rotating refresh tokens."""

import hashlib
import hmac
from datetime import timedelta
from functools import cache
from urllib.parse import parse_qsl
from uuid import UUID

import jwt
import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Invalid, LimitReached, Unauthenticated

from .models import IdentitySession, IdentityStaff
from .service import ensure_customer
from .types import ROLE_PERMISSIONS, Actor, ActorKind, Customer, Person, Role, TokenPair, TokenSigner

ACCESS_TTL = timedelta(minutes=15)
STAFF_TTL = timedelta(days=14)
CUSTOMER_TTL = timedelta(hours=24)
INIT_DATA_TTL = timedelta(hours=24)
CLOCK_SKEW = timedelta(seconds=300)
MAX_FAILED_LOGINS = 5
LOCK = timedelta(minutes=15)

_hasher = PasswordHasher()


async def create_staff(session: AsyncSession, organization_id: UUID, email: str, password: str, role: Role) -> UUID:
    """Add a member of staff. Raises Invalid `identity.password_weak`, Conflict `identity.email_taken`."""
    if len(password) < 8:
        raise Invalid("identity.password_weak", "A password needs at least 8 characters")
    if "@" not in email:
        raise Invalid("identity.email_invalid", "This is not an e-mail address", email=email)
    staff = IdentityStaff(
        id=ids.new(), organization_id=organization_id, email=email.strip().lower(), role=role.value,
        password_hash=_hasher.hash(password), failed_logins=0, created_at=clock.now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(staff)
    except IntegrityError as error:
        raise Conflict("identity.email_taken", "This e-mail address is in use") from error
    return staff.id


async def ensure_owner(session: AsyncSession, organization_id: UUID, email: str, password: str) -> None:
    """Create the owner when the organization has nobody yet; a later change of the settings changes nothing."""
    known = await session.scalar(
        select(IdentityStaff.id).where(IdentityStaff.organization_id == organization_id).limit(1)
    )
    if known is None:
        await create_staff(session, organization_id, email, password, Role.OWNER)


async def login_staff(session: AsyncSession, signer: TokenSigner, email: str, password: str) -> TokenPair | None:
    """Sign a member of staff in; None for a wrong password or address, so that the failure counter can be committed.

    Raises LimitReached `identity.login_locked` after too many failures in a row.
    """
    staff = (
        await session.scalars(
            select(IdentityStaff).where(IdentityStaff.email == email.strip().lower()).with_for_update()
        )
    ).one_or_none()
    if staff is not None and staff.locked_until and staff.locked_until > clock.now():
        wait = int((staff.locked_until - clock.now()).total_seconds()) + 1
        raise LimitReached("identity.login_locked", "Too many failed attempts", retry_after_s=wait)
    known = staff is not None and staff.disabled_at is None
    if not _password_fits(staff.password_hash if staff else _dummy_hash(), password) or staff is None or not known:
        if staff is not None:
            staff.failed_logins += 1
            if staff.failed_logins >= MAX_FAILED_LOGINS:
                staff.failed_logins = 0
                staff.locked_until = clock.now() + LOCK
        return None
    staff.failed_logins = 0
    return _open_session(session, signer, staff.organization_id, ActorKind.STAFF, staff.id, STAFF_TTL)


async def login_telegram(
    session: AsyncSession, signer: TokenSigner, organization_id: UUID, bot_token: str, init_data: str
) -> tuple[TokenPair, Customer]:
    """Sign a customer in by Mini App initData. Raises Unauthenticated `identity.init_data_invalid`."""
    person = check_init_data(init_data, bot_token)
    customer = await ensure_customer(session, organization_id, person)
    pair = _open_session(session, signer, organization_id, ActorKind.CUSTOMER, customer.id, CUSTOMER_TTL)
    return pair, customer


def check_init_data(init_data: str, bot_token: str) -> Person:
    """The person in a signed initData string (core.telegram.org/bots/webapps, "Validating data").

    `signature` and blank values stay in the check string; duplicate keys, a stale `auth_date` and anything
    malformed are refused with Unauthenticated `identity.init_data_invalid`.
    """
    if len(init_data) > 4096:
        raise _invalid("too_long")
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=32)
    except ValueError as error:
        raise _invalid("malformed") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _invalid("duplicate_key")
    given = fields.pop("hash", "")
    text = "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))
    secret = hmac.digest(b"WebAppData", bot_token.encode(), "sha256")
    expected = hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
        raise _invalid("wrong_hash")
    try:
        age_s = clock.now().timestamp() - int(fields["auth_date"])
        user = orjson.loads(fields["user"])
        person = Person(
            int(user["id"]), str(user.get("first_name", "")), str(user.get("last_name", "")),
            str(user.get("username", "")), str(user.get("language_code", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _invalid("malformed") from error
    if age_s > INIT_DATA_TTL.total_seconds() or age_s < -CLOCK_SKEW.total_seconds():
        raise _invalid("stale")
    return person


async def refresh(session: AsyncSession, signer: TokenSigner, token: str) -> TokenPair | None:
    """Trade a refresh token for a new pair. A token used twice revokes its whole family: the answer is None
    and the revocation must be committed."""
    digest = _digest(token)
    found = (
        await session.scalars(
            select(IdentitySession)
            .where(or_(IdentitySession.refresh_hash == digest, IdentitySession.previous_hash == digest))
            .with_for_update()
        )
    ).one_or_none()
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now():
        return None
    if found.refresh_hash != digest:
        found.revoked_at = clock.now()
        return None
    fresh = ids.secret()
    found.previous_hash, found.refresh_hash, found.used_at = digest, _digest(fresh), clock.now()
    kind = ActorKind(found.subject_kind)
    return _pair(signer, found.id, found.organization_id, kind, found.subject_id, fresh)


async def logout(session: AsyncSession, session_id: UUID) -> None:
    """Close a session; its access token stops working at once."""
    await session.execute(
        update(IdentitySession).where(IdentitySession.id == session_id).values(revoked_at=clock.now())
    )


async def authenticate(session: AsyncSession, signer: TokenSigner, token: str) -> tuple[Actor, UUID]:
    """Who an access token speaks for, and its session. Raises Unauthenticated `identity.token_invalid`."""
    claims = _claims(signer, token)
    found = await session.get(IdentitySession, UUID(claims["sid"]))
    if found is None or found.revoked_at is not None:
        raise Unauthenticated("identity.token_invalid", "This session was closed")
    kind = ActorKind(found.subject_kind)
    if kind is ActorKind.CUSTOMER:
        return Actor(kind, found.subject_id, found.organization_id), found.id
    staff = await session.get(IdentityStaff, found.subject_id)
    if staff is None or staff.disabled_at is not None:
        raise Unauthenticated("identity.token_invalid", "This account is closed")
    return Actor(kind, staff.id, staff.organization_id, ROLE_PERMISSIONS[Role(staff.role)]), found.id


def _claims(signer: TokenSigner, token: str) -> dict[str, str]:
    for key in signer.keys():  # noqa: SIM118 - a method of ours, not a dict's
        try:
            decoded: dict[str, str] = jwt.decode(
                token, key, algorithms=["HS256"], audience="kassa", options={"require": ["exp", "sid"]}
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError as error:
            raise Unauthenticated("identity.token_invalid", "This access token is not valid") from error
        return decoded
    raise Unauthenticated("identity.token_invalid", "This access token is not valid")


def _open_session(
    session: AsyncSession, signer: TokenSigner, organization_id: UUID, kind: ActorKind, subject: UUID, ttl: timedelta
) -> TokenPair:
    token = ids.secret()
    row = IdentitySession(
        id=ids.new(), organization_id=organization_id, subject_kind=kind.value, subject_id=subject,
        refresh_hash=_digest(token), expires_at=clock.now() + ttl, created_at=clock.now(), used_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    return _pair(signer, row.id, organization_id, kind, subject, token)


def _pair(
    signer: TokenSigner, session_id: UUID, organization_id: UUID, kind: ActorKind, subject: UUID, token: str
) -> TokenPair:
    claims = {
        "sub": str(subject), "sid": str(session_id), "org": str(organization_id), "kind": kind.value, "aud": "kassa",
        "iat": clock.now(), "exp": clock.now() + ACCESS_TTL,
    }  # fmt: skip
    access = jwt.encode(claims, signer.keys()[0], algorithm="HS256")
    return TokenPair(access, token, int(ACCESS_TTL.total_seconds()))


@cache
def _dummy_hash() -> str:
    """Checked when the e-mail is unknown, so that the answer takes the same time and does not tell who works here."""
    return _hasher.hash("nobody's password")


def _password_fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _invalid(reason: str) -> Unauthenticated:
    return Unauthenticated("identity.init_data_invalid", "initData is not valid", reason=reason)
