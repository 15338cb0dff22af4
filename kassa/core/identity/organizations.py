"""Organizations: the businesses of this installation (IDN-5)."""

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Invalid, NotFound

from .addresses import clean_name
from .models import IdentityOrganization
from .types import Organization

DEFAULT_SLUG = "default"


async def default_organization(session: AsyncSession) -> Organization:
    """The organization that an installation has from the start."""
    await session.execute(
        insert(IdentityOrganization)
        .values(id=ids.new(), slug=DEFAULT_SLUG, name="Kassa", default_locale="ru", created_at=clock.now())
        .on_conflict_do_nothing()
    )
    return await find_organization(session, DEFAULT_SLUG)


async def find_organization(session: AsyncSession, slug: str) -> Organization:
    """One organization by its short name. Raises NotFound `identity.organization_not_found`."""
    row = (await session.scalars(select(IdentityOrganization).where(IdentityOrganization.slug == slug))).one_or_none()
    if row is None:
        raise NotFound("identity.organization_not_found", "No such organization")
    return Organization(row.id, row.slug, row.name, row.default_locale)


async def list_organizations(session: AsyncSession) -> list[Organization]:
    """Every organization of the installation, the oldest first."""
    rows = await session.scalars(select(IdentityOrganization).order_by(IdentityOrganization.created_at))
    return [Organization(row.id, row.slug, row.name, row.default_locale) for row in rows]


async def get_organization(session: AsyncSession, organization_id: UUID) -> Organization:
    """One organization. Raises NotFound `identity.organization_not_found`."""
    row = await session.get(IdentityOrganization, organization_id)
    if row is None:
        raise NotFound("identity.organization_not_found", "No such organization")
    return Organization(row.id, row.slug, row.name, row.default_locale)


async def change_organization(session: AsyncSession, actor: Actor, name: str, default_locale: str) -> Organization:
    """Change what the organization is called and its language. Raises Denied, Invalid `identity.name_empty`."""
    actor.require(Permission.SETTINGS_EDIT)
    row = await session.get_one(IdentityOrganization, actor.organization_id, with_for_update=True)
    before = {"name": row.name, "default_locale": row.default_locale}
    row.name, row.default_locale = clean_name(name), default_locale
    if not row.name:
        raise Invalid("identity.name_empty", "A name needs at least one letter")
    after = {"name": row.name, "default_locale": row.default_locale}
    await audit.record(session, actor, "organization.changed", "organization", row.id, before=before, after=after)
    return Organization(row.id, row.slug, row.name, row.default_locale)


async def create_organization(session: AsyncSession, slug: str, name: str, default_locale: str) -> Organization:
    """Make another business on this installation.

    Raises Invalid `identity.slug_invalid`, Conflict `identity.organization_exists`.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", slug):
        raise Invalid("identity.slug_invalid", "A short name has small letters, digits and hyphens", slug=slug[:80])
    row = IdentityOrganization(
        id=ids.new(), slug=slug, name=clean_name(name) or slug, default_locale=default_locale, created_at=clock.now()
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("identity.organization_exists", "There is an organization of this name", slug=slug) from error
    return Organization(row.id, row.slug, row.name, row.default_locale)
