"""Customers' own accounts: registering, confirming an address, passwords, profile (IDN-1)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import Actor, ActorKind
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Denied, Invalid

from . import mail, staff_telegram
from .addresses import clean_name, normal_email, valid_email
from .customers import customer_of
from .models import IdentityCustomer, IdentityOrganization, IdentityStaff
from .passwords import hash_password, is_password
from .types import Customer


async def register(
    session: AsyncSession, organization_id: UUID, email: str, password: str, name: str, locale: str
) -> Customer:
    """Make a customer with an e-mail and a password; the address is to be confirmed by mail.

    Raises Invalid `identity.email_invalid`, `identity.password_weak`, Conflict `identity.email_taken`.
    """
    address = valid_email(email)
    row = IdentityCustomer(
        id=ids.new(), organization_id=organization_id, email=address, password_hash=await hash_password(password),
        name=clean_name(name) or address.split("@")[0], username="", language=locale, locale=locale,
        seen_at=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    await _add(session, row)
    await _ask_to_verify(session, row)
    return customer_of(row)


async def add_email(session: AsyncSession, actor: Actor, email: str, password: str) -> None:
    """Give a customer who came by Telegram (or as a guest) an e-mail and a password as a second way in (IDN-3).

    Raises as `register`; Conflict `identity.email_set` when there is one already.
    """
    row = await session.get_one(IdentityCustomer, actor.id, with_for_update=True)
    if row.email is not None:
        raise Conflict("identity.email_set", "This account has an e-mail address already")
    address, hashed = valid_email(email), await hash_password(password)
    try:
        async with session.begin_nested():
            row.email, row.password_hash, row.is_guest, row.email_verified_at = address, hashed, False, None
    except IntegrityError as error:
        raise _taken() from error
    await _ask_to_verify(session, row)


async def resend_verification(session: AsyncSession, actor: Actor) -> None:
    """Send the confirmation once more. Raises Conflict `identity.nothing_to_verify`."""
    row = await session.get_one(IdentityCustomer, actor.id)
    if row.email is None or row.email_verified_at is not None:
        raise Conflict("identity.nothing_to_verify", "There is no address to confirm")
    await _ask_to_verify(session, row)


async def verify_email(session: AsyncSession, token: str) -> None:
    """Confirm an address by the secret that was sent to it. Raises Invalid `identity.proof_invalid`."""
    proof = await mail.use_proof(session, "verify", token)
    row = await session.get(IdentityCustomer, proof.subject_id, with_for_update=True)
    if row is None or row.email != proof.email:
        raise Invalid("identity.proof_invalid", "This address is not the account's any more")
    row.email_verified_at = row.email_verified_at or clock.now()


async def request_reset(session: AsyncSession, organization_id: UUID, email: str, kind: ActorKind) -> None:
    """Send a link for a new password, when there is such an account; the caller is not told."""
    address = normal_email(email)
    if kind is ActorKind.STAFF:
        staff = (await session.scalars(select(IdentityStaff).where(IdentityStaff.email == address))).one_or_none()
        if staff is not None:
            token = await mail.issue_proof(session, kind, staff.id, "reset", address)
            await mail.send_later(session, "staff_reset", address, staff.locale or "ru", token)
        return
    row = (
        await session.scalars(
            select(IdentityCustomer).where(
                IdentityCustomer.organization_id == organization_id, IdentityCustomer.email == address
            )
        )
    ).one_or_none()
    if row is not None:
        token = await mail.issue_proof(session, kind, row.id, "reset", address)
        await mail.send_later(session, "reset", address, await _locale(session, row), token)


async def reset_password(session: AsyncSession, token: str, password: str) -> None:
    """Set a new password by the secret that was sent; every session ends, a member of staff's Telegram is untied, and
    the address is confirmed by it.

    Raises Invalid `identity.proof_invalid`, `identity.password_weak`.
    """
    hashed = await hash_password(password)
    proof = await mail.use_proof(session, "reset", token)
    if proof.subject_kind == ActorKind.STAFF.value:
        staff = await session.get_one(IdentityStaff, proof.subject_id, with_for_update=True)
        staff.password_hash, staff.failed_logins, staff.locked_until = hashed, 0, None
        for member in await access.memberships(session, staff.id):
            await access.close_sessions(session, member.id)
            # Whoever had the old password may have tied a Telegram of their own.
            await staff_telegram.untie(session, access.system_actor(member.organization_id), staff.id, "new password")
        await mail.send_later(session, "password_changed", staff.email, staff.locale or "ru")
        return
    row = await session.get(IdentityCustomer, proof.subject_id, with_for_update=True)
    if row is None or row.email != proof.email:
        raise Invalid("identity.proof_invalid", "This address is not the account's any more")
    row.password_hash, row.failed_logins, row.locked_until = hashed, 0, None
    row.email_verified_at = row.email_verified_at or clock.now()
    await access.close_sessions(session, row.id)
    await mail.send_later(session, "password_changed", proof.email, await _locale(session, row))


async def change_password(session: AsyncSession, actor: Actor, old: str, new: str) -> None:
    """Change the actor's password; their other sessions end.

    Raises Denied `identity.password_wrong`, Invalid `identity.password_weak`.
    """
    account: IdentityStaff | IdentityCustomer
    if actor.kind is ActorKind.STAFF:
        member = await access.get_member(session, actor.organization_id, actor.id)
        account = await session.get_one(IdentityStaff, member.account_id, with_for_update=True)
    else:
        account = await session.get_one(IdentityCustomer, actor.id, with_for_update=True)
    if not await is_password(account.password_hash, old):
        raise Denied("identity.password_wrong", "The present password is not right")
    account.password_hash = await hash_password(new)
    await access.close_sessions(session, actor.id, keep=actor.session_id)
    if account.email is not None:
        await mail.send_later(session, "password_changed", account.email, account.locale or "ru")


async def change_name(session: AsyncSession, actor: Actor, name: str) -> None:
    """Change what the customer is called. Raises Invalid `identity.name_empty`."""
    cleaned = clean_name(name)
    if not cleaned:
        raise Invalid("identity.name_empty", "A name needs at least one letter")
    row = await session.get_one(IdentityCustomer, actor.id)
    row.name = cleaned


async def _add(session: AsyncSession, row: IdentityCustomer) -> None:
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise _taken() from error


async def _ask_to_verify(session: AsyncSession, row: IdentityCustomer) -> None:
    email = row.email or ""
    token = await mail.issue_proof(session, ActorKind.CUSTOMER, row.id, "verify", email)
    await mail.send_later(session, "verify", email, await _locale(session, row), token, name=row.name)


async def _locale(session: AsyncSession, row: IdentityCustomer) -> str:
    if row.locale:
        return row.locale
    return (await session.get_one(IdentityOrganization, row.organization_id)).default_locale


def _taken() -> Conflict:
    return Conflict("identity.email_taken", "This e-mail address is in use: sign in, or ask for a new password")
