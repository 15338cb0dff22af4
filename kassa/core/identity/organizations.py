"""Organizations: the businesses of this installation (IDN-5)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids
from kassa.kit.errors import NotFound

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


async def get_organization(session: AsyncSession, organization_id: UUID) -> Organization:
    """One organization. Raises NotFound `identity.organization_not_found`."""
    row = await session.get(IdentityOrganization, organization_id)
    if row is None:
        raise NotFound("identity.organization_not_found", "No such organization")
    return Organization(row.id, row.slug, row.name, row.default_locale)
