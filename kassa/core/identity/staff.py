"""Staff: their accounts, and who works where in what role (IDN-4)."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import Role
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict

from .addresses import valid_email
from .models import IdentityStaff
from .passwords import hash_password


async def create_staff(
    session: AsyncSession, organization_id: UUID, email: str, password: str, role: Role, name: str = ""
) -> UUID:
    """Make an account that works for the organization; answers the member's id.

    Raises Invalid `identity.password_weak`, `identity.email_invalid`, Conflict `identity.email_taken`.
    """
    staff = IdentityStaff(
        id=ids.new(), email=valid_email(email), name=name, password_hash=await hash_password(password), failed_logins=0,
        created_at=clock.now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(staff)
    except IntegrityError as error:
        raise Conflict("identity.email_taken", "This e-mail address is in use") from error
    # One id for both, while an account works in one place only: logs stay readable.
    member = await access.add_member(session, organization_id, staff.id, role, staff.email, staff.id)
    return member.id


async def ensure_owner(session: AsyncSession, organization_id: UUID, email: str, password: str) -> None:
    """Create the owner when the organization has nobody yet; a later change of the settings changes nothing."""
    if not await access.count_members(session, organization_id):
        await create_staff(session, organization_id, email, password, Role.OWNER)
