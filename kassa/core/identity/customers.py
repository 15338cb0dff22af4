"""Customers: met in a channel, found, and remembered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db, events, ids
from kassa.kit.errors import NotFound

from .models import IdentityCustomer
from .types import Customer, Person, PhotoChanged

PERSON_FACTS = """
select c.level, coalesce(nullif(c.locale, ''), c.language) as locale
from identity_customer c where c.id = $1 and c.organization_id = $2
"""
"""What policies may ask about customer $1 of organization $2: a part of the one statement that reads facts."""

# One round trip whether the person is new or known; the row is rewritten only when Telegram tells something new.
_MEET = """
with known as (
    select id, number, organization_id, telegram_id, name, locale, language, created_at, username
    from identity_customer where organization_id = $2 and telegram_id = $3
), changed as (
    insert into identity_customer (id, organization_id, telegram_id, name, username, language, created_at)
    select $1, $2, $3, $4, $5, $6, $7
    where not exists (select 1 from known where name = $4 and username = $5 and language = $6)
    on conflict (organization_id, telegram_id)
    do update set name = excluded.name, username = excluded.username, language = excluded.language
    returning id, number, organization_id, telegram_id, name, locale, language, created_at, username
), met as (
    select * from changed union all select * from known where not exists (select 1 from changed)
)
"""
_ENSURE = f"{_MEET} select * from met"  # noqa: S608 - our own words
MEETING_ARGUMENTS = 7

_RECALL = """
select id, number, organization_id, telegram_id, name, locale, language, created_at, username, is_guest
from identity_customer where organization_id = $1 and id = $2 and erased_at is null
"""


async def ensure_customer(session: AsyncSession, organization_id: UUID, person: Person) -> Customer:
    """The customer behind a Telegram account, made at the first contact; names follow Telegram's."""
    return _customer(await db.fetch_one(session, _ENSURE, *_facts(organization_id, person)))


async def meet_customer(database: db.Database, organization_id: UUID, person: Person) -> Customer:
    """`ensure_customer` as a fact of its own, in one round trip: for a channel, which does it for every update."""
    return _customer(dict((await database.call(_ENSURE, *_facts(organization_id, person)))[0]))


async def recall_customer(database: db.Database, organization_id: UUID, customer_id: UUID) -> Customer | None:
    """A customer whom the channel knows by our own id, in one round trip; None when there is none any more."""
    rows = await database.call(_RECALL, organization_id, customer_id)
    return _customer(dict(rows[0])) if rows else None


def meeting_with(beside: str, column: str) -> str:
    """The statement of `meet_customer` with a call and a column of another module beside it, in the same round trip.
    Their own arguments begin after MEETING_ARGUMENTS."""
    return f"{_MEET} select beside.*, met.*, {column} from met cross join {beside} beside"  # noqa: S608 - our words


def meeting_arguments(organization_id: UUID, person: Person) -> tuple[object, ...]:
    """The first arguments of `meeting_with`."""
    return _facts(organization_id, person)


def met_customer(row: Mapping[str, Any]) -> Customer:
    """The customer in a row of `meeting_with`."""
    return _customer(row)


def _facts(organization_id: UUID, person: Person) -> tuple[object, ...]:
    name = f"{person.first_name} {person.last_name}".strip()
    return ids.new(), organization_id, person.telegram_id, name, person.username, person.language, clock.now()


def _customer(row: Mapping[str, Any]) -> Customer:
    return Customer(row["id"], row["number"], row["organization_id"], row["telegram_id"], row["name"], row["locale"],
                    row["language"], row["created_at"], bool(row.get("is_guest")))  # fmt: skip


async def get_customer(session: AsyncSession, organization_id: UUID, customer_id: UUID) -> Customer:
    """One customer. Raises NotFound `identity.customer_not_found`."""
    row = await session.get(IdentityCustomer, customer_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound("identity.customer_not_found", "No such customer")
    return customer_of(row)


async def level_of(session: AsyncSession, customer_id: UUID) -> str:
    """The key of the customer's level; empty without one."""
    found = await session.scalar(select(IdentityCustomer.level).where(IdentityCustomer.id == customer_id))
    return found or ""


async def set_level(session: AsyncSession, customer_id: UUID, level: str) -> None:
    """Keep the level that the customer has reached."""
    await session.execute(update(IdentityCustomer).where(IdentityCustomer.id == customer_id).values(level=level))


def customer_of(row: IdentityCustomer) -> Customer:
    """A row as it leaves the module."""
    return Customer(row.id, row.number, row.organization_id, row.telegram_id, row.name, row.locale, row.language,
                    row.created_at, row.is_guest)  # fmt: skip


async def set_locale(session: AsyncSession, customer_id: UUID, locale: str) -> None:
    """Remember the language the customer chose."""
    await session.execute(update(IdentityCustomer).where(IdentityCustomer.id == customer_id).values(locale=locale))


async def keep_photo(session: AsyncSession, row: IdentityCustomer, person: Person) -> None:
    """Remember where Telegram has the person's picture; a new one is fetched."""
    if person.photo_url and person.photo_url != row.photo_url:
        row.photo_url = person.photo_url
        await events.publish(session, PhotoChanged(str(row.organization_id), str(row.id), person.photo_url))
