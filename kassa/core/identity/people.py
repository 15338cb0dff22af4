"""Customers as staff see them: searching, the card, notes, and closing sessions."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, audit
from kassa.core.access import Actor, Permission, SessionInfo
from kassa.kit.errors import NotFound

from .models import IdentityCustomer

MAX_NOTE = 4000


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer as staff see them."""

    id: UUID
    number: int
    name: str
    username: str
    telegram_id: int | None
    email: str | None
    is_email_verified: bool
    is_guest: bool
    locale: str
    level: str
    photo_url: str
    note: str
    seen_at: datetime | None
    erased_at: datetime | None
    created_at: datetime


def customers(
    actor: Actor, *, q: str = "", level: str = "", locale: str = "", is_guest: bool | None = None
) -> Select[IdentityCustomer]:
    """The customers that a search finds, in no order yet: by name, username, e-mail, number or Telegram id.

    Raises Denied.
    """
    actor.require(Permission.CUSTOMERS_VIEW)
    found = select(IdentityCustomer).where(
        IdentityCustomer.organization_id == actor.organization_id, IdentityCustomer.merged_into.is_(None)
    )
    wanted = q.strip().removeprefix("#").removeprefix("@")
    if wanted:
        like = f"%{wanted}%"
        matches: list[ColumnElement[bool]] = [IdentityCustomer.name.ilike(like), IdentityCustomer.username.ilike(like),
                   IdentityCustomer.email.ilike(like)]  # fmt: skip
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 18:
            matches += [IdentityCustomer.number == int(wanted), IdentityCustomer.telegram_id == int(wanted)]
        found = found.where(or_(*matches))
    if level:
        found = found.where(IdentityCustomer.level == level)
    if locale:
        found = found.where(IdentityCustomer.locale == locale)
    if is_guest is not None:
        found = found.where(IdentityCustomer.is_guest.is_(is_guest))
    return found


async def get_card(session: AsyncSession, actor: Actor, customer_id: UUID) -> CustomerCard:
    """One customer's card. Raises Denied, NotFound `identity.customer_not_found`."""
    actor.require(Permission.CUSTOMERS_VIEW)
    return card_of(await _get(session, actor, customer_id))


async def find_customers(session: AsyncSession, actor: Actor, q: str, limit: int) -> list[CustomerCard]:
    """The newest customers that a search finds. Raises Denied."""
    rows = await session.scalars(
        customers(actor, q=q).order_by(IdentityCustomer.created_at.desc(), IdentityCustomer.id.desc()).limit(limit)
    )
    return [card_of(row) for row in rows]


async def names_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, tuple[int, str]]:
    """The number and name of each customer, for lists of other things."""
    rows = await session.execute(
        select(IdentityCustomer.id, IdentityCustomer.number, IdentityCustomer.name).where(
            IdentityCustomer.id.in_(customer_ids)
        )
    )
    return {customer_id: (number, name) for customer_id, number, name in rows.tuples()}


async def count_customers(session: AsyncSession, organization_id: UUID) -> int:
    """How many customers there are."""
    counted = await session.scalar(
        select(func.count()).where(
            IdentityCustomer.organization_id == organization_id, IdentityCustomer.merged_into.is_(None)
        )
    )
    return counted or 0


async def count_new(session: AsyncSession, organization_id: UUID, since: datetime, until: datetime) -> dict[str, int]:
    """How many customers came, by day (UTC, as 2026-11-21)."""
    day = func.to_char(func.timezone("UTC", IdentityCustomer.created_at), "YYYY-MM-DD")
    rows = await session.execute(
        select(day, func.count())
        .where(
            IdentityCustomer.organization_id == organization_id, IdentityCustomer.created_at >= since,
            IdentityCustomer.created_at < until,
        )
        .group_by(day)
    )  # fmt: skip
    return dict(rows.tuples().all())


async def own_card(session: AsyncSession, actor: Actor) -> CustomerCard:
    """What the acting customer may know of themselves: all but the staff's note."""
    return replace(card_of(await _get(session, actor, actor.id)), note="")


async def change_note(session: AsyncSession, actor: Actor, customer_id: UUID, note: str) -> CustomerCard:
    """Change what staff remember of a customer. Raises Denied, NotFound."""
    actor.require(Permission.CUSTOMERS_EDIT)
    row = await _get(session, actor, customer_id)
    await audit.record(
        session,
        actor,
        "customer.note_changed",
        "customer",
        customer_id,
        before={"note": row.note},
        after={"note": note},
    )
    row.note = note[:MAX_NOTE]
    return card_of(row)


async def list_customer_sessions(session: AsyncSession, actor: Actor, customer_id: UUID) -> list[SessionInfo]:
    """Where a customer is signed in. Raises Denied, NotFound."""
    actor.require(Permission.CUSTOMERS_VIEW)
    await _get(session, actor, customer_id)
    return await access.list_sessions(session, customer_id)


async def close_customer_sessions(session: AsyncSession, actor: Actor, customer_id: UUID, reason: str) -> int:
    """Sign a customer out everywhere and revoke their keys; answers how many sessions were open.

    Raises Denied, NotFound.
    """
    actor.require(Permission.CUSTOMERS_EDIT)
    await _get(session, actor, customer_id)
    closed = await access.close_sessions(session, customer_id)
    revoked = await access.revoke_keys(session, customer_id)
    await audit.record(
        session, actor, "customer.signed_out", "customer", customer_id, after={"sessions": closed, "keys": revoked},
        reason=reason,
    )  # fmt: skip
    return closed


async def _get(session: AsyncSession, actor: Actor, customer_id: UUID) -> IdentityCustomer:
    row = await session.get(IdentityCustomer, customer_id)
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound("identity.customer_not_found", "No such customer")
    return row


def card_of(row: IdentityCustomer) -> CustomerCard:
    """A row as staff see it."""
    return CustomerCard(
        row.id, row.number, row.name, row.username, row.telegram_id, row.email, row.email_verified_at is not None,
        row.is_guest, row.locale or row.language, row.level, row.photo_url, row.note, row.seen_at, row.erased_at,
        row.created_at,
    )  # fmt: skip
