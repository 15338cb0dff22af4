"""A member of staff's own Telegram account: tied by a link that works once, shown, untied (ADM-2).

What staff may do in a chat is not kept here: it is asked for every time, so that a changed role and a closed membership
count at once.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, audit
from kassa.core.access import Actor, ActorKind
from kassa.kit import clock, events
from kassa.kit.errors import Conflict, Invalid
from kassa.kit.events import Event

from . import mail
from .models import IdentityStaff
from .organizations import get_organization
from .types import Person

ORIGIN = "telegram"


@dataclass(frozen=True, slots=True)
class StaffTelegram:
    """The Telegram account of a member of staff."""

    telegram_id: int
    name: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class StaffLinkChanged(Event):
    """A Telegram account became a member of staff's, is one no more, or may do other things now."""

    name = "identity.staff_link_changed"
    telegram_id: int


async def telegram_of(session: AsyncSession, actor: Actor) -> StaffTelegram | None:
    """The acting member's Telegram account; None while there is none."""
    account = await _account(session, actor)
    if account.telegram_id is None or account.telegram_linked_at is None:
        return None
    return StaffTelegram(account.telegram_id, account.telegram_name, account.telegram_linked_at)


async def begin_link(session: AsyncSession, actor: Actor) -> tuple[str, datetime]:
    """A secret that ties the Telegram account which brings it to the acting member's account, and until when it works.
    It works once; an earlier one works no longer.

    Raises Denied `access.session_needed` for a service key: what is tied may do all that its member may, and the key
    may do less. Raises Conflict `identity.telegram_set` when there is one already.
    """
    actor.require_session()
    account = await _account(session, actor)
    if account.telegram_id is not None:
        raise Conflict("identity.telegram_set", "This account has a Telegram already: unlink it first")
    secret = await mail.issue_proof(session, ActorKind.STAFF, account.id, "telegram", account.email)
    return secret, clock.now() + mail.PROOF_TTL["telegram"]


async def link_staff(session: AsyncSession, organization_id: UUID, secret: str, person: Person) -> Actor:
    """Tie a Telegram account to the staff account that the secret was made for; answers who acts from now on.

    Raises Invalid `identity.proof_invalid` (used, late, made up, or its account works here no more), Conflict
    `identity.telegram_set`, `identity.telegram_taken`.
    """
    proof = await mail.use_proof(session, "telegram", secret)
    account = await session.get_one(IdentityStaff, proof.subject_id, with_for_update=True)
    actor = await access.member_actor(session, organization_id, account.id, ORIGIN)
    if actor is None:
        raise Invalid("identity.proof_invalid", "This link has expired or was used; ask for a new one")
    if account.telegram_id is not None:
        raise Conflict("identity.telegram_set", "This account has a Telegram already: unlink it first")
    name = f"@{person.username}" if person.username else f"{person.first_name} {person.last_name}".strip()
    try:
        async with session.begin_nested():
            account.telegram_id, account.telegram_name = person.telegram_id, name[:200]
            account.telegram_linked_at = clock.now()
    except IntegrityError as error:
        raise Conflict("identity.telegram_taken", "This Telegram belongs to another member of staff") from error
    await audit.record(
        session, actor, "staff.telegram_linked", "staff", account.id,
        after={"telegram_id": person.telegram_id, "name": name},
    )  # fmt: skip
    locale = account.locale or (await get_organization(session, organization_id)).default_locale
    await mail.send_later(
        session, "telegram_linked", account.email, locale, telegram=f"{name} ({person.telegram_id})",
        at=f"{clock.now():%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    await events.publish(session, StaffLinkChanged(person.telegram_id))
    return actor


async def unlink_staff(session: AsyncSession, actor: Actor) -> None:
    """Untie the acting member's Telegram account. Raises Conflict `identity.telegram_not_set`."""
    if not await untie(session, actor, (await _account(session, actor)).id):
        raise Conflict("identity.telegram_not_set", "This account has no Telegram")


async def untie(session: AsyncSession, actor: Actor, account_id: UUID, reason: str = "") -> bool:
    """Untie an account's Telegram, whoever decides it; False when there was none. Audited."""
    account = await session.get_one(IdentityStaff, account_id, with_for_update=True)
    telegram_id = account.telegram_id
    if telegram_id is None:
        return False
    await audit.record(
        session, actor, "staff.telegram_unlinked", "staff", account_id,
        before={"telegram_id": telegram_id, "name": account.telegram_name}, reason=reason,
    )  # fmt: skip
    account.telegram_id, account.telegram_name, account.telegram_linked_at = None, "", None
    await session.flush()
    await events.publish(session, StaffLinkChanged(telegram_id))
    return True


async def tell_link_changed(session: AsyncSession, account_id: UUID) -> None:
    """Say that an account may do other things now, when it has a Telegram."""
    account = await session.get_one(IdentityStaff, account_id)
    if account.telegram_id is not None:
        await events.publish(session, StaffLinkChanged(account.telegram_id))


async def staff_in_telegram(session: AsyncSession, organization_id: UUID, telegram_id: int) -> Actor | None:
    """Who of the organization's staff has this Telegram account, with what they may do now; None for everybody else."""
    account_id = await session.scalar(select(IdentityStaff.id).where(IdentityStaff.telegram_id == telegram_id))
    if account_id is None:
        return None
    return await access.member_actor(session, organization_id, account_id, ORIGIN)


async def linked_staff(session: AsyncSession, organization_id: UUID) -> list[tuple[int, Actor]]:
    """Everybody who works for the organization and has a Telegram account, with what they may do now."""
    rows = await session.execute(
        select(IdentityStaff.telegram_id, IdentityStaff.id)
        .where(IdentityStaff.telegram_id.is_not(None))
        .order_by(IdentityStaff.created_at)
    )
    found = []
    for telegram_id, account_id in rows.tuples().all():
        actor = await access.member_actor(session, organization_id, account_id, ORIGIN)
        if actor is not None and telegram_id is not None:
            found.append((telegram_id, actor))
    return found


async def _account(session: AsyncSession, actor: Actor) -> IdentityStaff:
    member = await access.get_member(session, actor.organization_id, actor.id)
    return await session.get_one(IdentityStaff, member.account_id, with_for_update=True)
