"""Invitations: how somebody begins to work for an organization (IDN-5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, audit
from kassa.core.access import Actor, Member, Permission, Role
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Invalid, NotFound

from . import mail
from .addresses import valid_email
from .models import IdentityInvitation, IdentityStaff
from .passwords import is_password
from .staff import create_staff, guard_role

INVITATION_TTL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An offer to work here; the secret is known only to who was invited."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime
    created_at: datetime


async def invite(
    session: AsyncSession, actor: Actor, email: str, role: Role, locale: str, organization_name: str
) -> tuple[Invitation, str]:
    """Offer somebody to work here; the second part is the secret of the link, which mail carries too.

    Raises Denied, Invalid `identity.email_invalid`, Conflict `access.already_member`.
    """
    actor.require(Permission.STAFF_EDIT)
    await guard_role(session, actor, role)
    address = valid_email(email)
    if address in {member.label for member in await access.list_members(session, actor.organization_id)}:
        raise Conflict("access.already_member", "This person works here already")
    token = ids.secret()
    row = IdentityInvitation(
        id=ids.new(), organization_id=actor.organization_id, email=address, role=role.value,
        token_hash=mail.digest(token), invited_by=actor.id, expires_at=clock.now() + INVITATION_TTL,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    await mail.send_later(session, "invitation", address, locale, token, organization=organization_name)
    await audit.record(
        session, actor, "staff.invited", "invitation", row.id, after={"email": address, "role": role.value}
    )
    return _invitation(row), token


async def list_invitations(session: AsyncSession, actor: Actor) -> list[Invitation]:
    """Offers that wait for an answer. Raises Denied."""
    actor.require(Permission.STAFF_VIEW)
    rows = await session.scalars(
        select(IdentityInvitation)
        .where(
            IdentityInvitation.organization_id == actor.organization_id, IdentityInvitation.accepted_at.is_(None),
            IdentityInvitation.revoked_at.is_(None), IdentityInvitation.expires_at > clock.now(),
        )
        .order_by(IdentityInvitation.created_at.desc())
    )  # fmt: skip
    return [_invitation(row) for row in rows]


async def revoke_invitation(session: AsyncSession, actor: Actor, invitation_id: UUID) -> None:
    """Withdraw an offer. Raises Denied, NotFound `identity.invitation_not_found`."""
    actor.require(Permission.STAFF_EDIT)
    row = await session.get(IdentityInvitation, invitation_id, with_for_update=True)
    if row is None or row.organization_id != actor.organization_id or row.accepted_at or row.revoked_at:
        raise NotFound("identity.invitation_not_found", "No such invitation")
    row.revoked_at = clock.now()
    await audit.record(session, actor, "staff.invitation_revoked", "invitation", row.id, before={"email": row.email})


async def accept_invitation(session: AsyncSession, token: str, password: str, name: str) -> Member:
    """Begin to work for the organization that invited; who has an account here proves it by its password.

    Raises Invalid `identity.invitation_invalid`, `identity.password_weak`, `identity.password_wrong`.
    """
    row = (
        await session.scalars(
            select(IdentityInvitation).where(IdentityInvitation.token_hash == mail.digest(token)).with_for_update()
        )
    ).one_or_none()
    if row is None or row.accepted_at or row.revoked_at or row.expires_at <= clock.now():
        raise Invalid("identity.invitation_invalid", "This invitation has expired or was used")
    known = (await session.scalars(select(IdentityStaff).where(IdentityStaff.email == row.email))).one_or_none()
    if known is None:
        member_id = await create_staff(session, row.organization_id, row.email, password, Role(row.role), name)
        member = await access.get_member(session, row.organization_id, member_id)
    else:
        if not await is_password(known.password_hash, password):
            raise Invalid("identity.password_wrong", "Enter the password of your account here")
        member = await access.add_member(session, row.organization_id, known.id, Role(row.role), known.email)
    row.accepted_at = clock.now()
    newcomer = Actor(access.ActorKind.STAFF, member.id, row.organization_id, label=row.email)
    await audit.record(session, newcomer, "staff.joined", "staff", member.id, after={"role": row.role})
    return member


def _invitation(row: IdentityInvitation) -> Invitation:
    return Invitation(row.id, row.email, Role(row.role), row.expires_at, row.created_at)
