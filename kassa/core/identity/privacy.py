"""Everything about a customer, told or forgotten (IDN-9), and two accounts of one person made one (IDN-3)."""

import io
import zipfile
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, ActorKind, Permission
from kassa.kit import clock
from kassa.kit.errors import Conflict, NotFound
from kassa.kit.personal import DataSubject, Holders

from .customers import keep_photo
from .models import IdentityCustomer, IdentityProof
from .people import card_of
from .types import Person

ERASED = "—"


async def export_customer(session: AsyncSession, holders: Holders, actor: Actor, customer_id: UUID) -> bytes:
    """A ZIP with one JSON file for each part of the data. Raises Denied, NotFound `identity.customer_not_found`."""
    row = await _find(session, actor, customer_id, Permission.CUSTOMERS_VIEW)
    subject = _subject(row)
    told: dict[str, Any] = {"identity": card_of(row)}
    for name, part in holders.parts:
        told[name] = await part.export(session, subject)
    if actor.kind is ActorKind.STAFF:
        await audit.record(session, actor, "customer.exported", "customer", customer_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, facts in told.items():
            archive.writestr(f"{name}.json", orjson.dumps(facts, default=str, option=orjson.OPT_INDENT_2))
    return out.getvalue()


async def erase_customer(
    session: AsyncSession, holders: Holders, actor: Actor, customer_id: UUID, reason: str = ""
) -> None:
    """Forget who a customer is. Orders and entries stay under the customer's number: the books need them, and nobody
    can tell any more whose they are.

    Raises Denied, NotFound, Conflict `identity.erased`, `ledger.held` while an answer is under way.
    """
    row = await _find(session, actor, customer_id, Permission.CUSTOMERS_ERASE)
    if row.erased_at is not None:
        raise Conflict("identity.erased", "This customer is erased already")
    subject = _subject(row)
    for _, part in holders.parts:
        await part.erase(session, subject)
    await session.execute(
        update(IdentityProof).where(IdentityProof.subject_id == customer_id).values(email="", used_at=clock.now())
    )
    row.name, row.username, row.email, row.password_hash, row.telegram_id = ERASED, "", None, None, None
    row.photo_url, row.note, row.language, row.locale, row.email_verified_at = "", "", "", None, None
    row.erased_at = clock.now()
    await audit.record(session, actor, "customer.erased", "customer", customer_id, reason=reason)


async def link_telegram(session: AsyncSession, holders: Holders, actor: Actor, person: Person) -> None:
    """Give the acting customer a Telegram account, proved by what Telegram signed; an account that it had here becomes
    one with the actor's.

    Raises Conflict `identity.telegram_set`, `identity.both_have_email`, `ledger.held`.
    """
    row = await session.get_one(IdentityCustomer, actor.id, with_for_update=True)
    if row.telegram_id == person.telegram_id:
        return
    if row.telegram_id is not None:
        raise Conflict("identity.telegram_set", "This account has another Telegram already")
    other = await session.scalar(
        select(IdentityCustomer.id).where(
            IdentityCustomer.organization_id == actor.organization_id,
            IdentityCustomer.telegram_id == person.telegram_id,
        )
    )
    if other is not None:
        await merge_customers(session, holders, actor, other, actor.id)
    row.telegram_id, row.username = person.telegram_id, person.username or row.username
    await keep_photo(session, row, person)
    await audit.record(session, actor, "customer.telegram_linked", "customer", actor.id)


async def merge_customers(
    session: AsyncSession, holders: Holders, actor: Actor, source_id: UUID, target_id: UUID
) -> None:
    """Hand everything of one account over to another and close the first. Audited.

    Raises Conflict `identity.both_have_email`, `ledger.held`.
    """
    # In one order whoever asks, so that two merges cannot wait for each other.
    for customer_id in sorted((source_id, target_id)):
        await session.get_one(IdentityCustomer, customer_id, with_for_update=True)
    source = await session.get_one(IdentityCustomer, source_id)
    target = await session.get_one(IdentityCustomer, target_id)
    if source.email is not None and target.email is not None:
        raise Conflict("identity.both_have_email", "Both accounts have an e-mail address: sign in with one of them")
    before = {"number": source.number, "telegram_id": source.telegram_id}
    for _, part in holders.parts:
        await part.merge(session, _subject(source), _subject(target))
    if source.email is not None:
        target.email, target.password_hash, target.email_verified_at = (
            source.email, source.password_hash, source.email_verified_at,
        )  # fmt: skip
    source.email, source.password_hash, source.telegram_id = None, None, None
    source.merged_into = target_id
    await session.flush()
    await audit.record(
        session, actor, "customer.merged", "customer", target_id, before=before, after={"number": target.number}
    )


async def adopt_guest(session: AsyncSession, holders: Holders, actor: Actor, guest: Actor) -> None:
    """What a visitor wrote and bought before signing in belongs to the account they signed in to."""
    row = await session.get(IdentityCustomer, guest.id)
    is_guest = row is not None and row.is_guest and row.organization_id == actor.organization_id
    if is_guest and guest.id != actor.id:
        await merge_customers(session, holders, actor, guest.id, actor.id)


async def _find(session: AsyncSession, actor: Actor, customer_id: UUID, permission: Permission) -> IdentityCustomer:
    """The customer themselves, or one of the organization's for staff who may."""
    if actor.id != customer_id or actor.kind is not ActorKind.CUSTOMER:
        actor.require(permission)
    row = await session.get(IdentityCustomer, customer_id, with_for_update=True)
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound("identity.customer_not_found", "No such customer")
    return row


def _subject(row: IdentityCustomer) -> DataSubject:
    return DataSubject(row.organization_id, row.id, row.number, row.telegram_id)
