"""Staff: their accounts, and who works where in what role (IDN-4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, audit
from kassa.core.access import Actor, Member, Permission, Role
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Denied

from . import second_factor, staff_telegram
from .addresses import valid_email
from .models import IdentityStaff
from .passwords import hash_password


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff with what their account tells."""

    id: UUID
    email: str
    name: str
    locale: str | None
    role: Role
    has_second_factor: bool
    last_login_at: datetime | None
    disabled_at: datetime | None
    created_at: datetime


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
    # One id for both while an account works in one place only: logs stay readable.
    member = await access.add_member(session, organization_id, staff.id, role, staff.email, staff.id)
    return member.id


async def add_staff(
    session: AsyncSession, actor: Actor, email: str, password: str, role: Role, name: str
) -> StaffMember:
    """Make an account for a colleague. Raises Denied, and as `create_staff`."""
    actor.require(Permission.STAFF_EDIT)
    await guard_role(session, actor, role)
    member_id = await create_staff(session, actor.organization_id, email, password, role, name)
    await audit.record(
        session, actor, "staff.created", "staff", member_id, after={"email": valid_email(email), "role": role.value}
    )
    member = await access.get_member(session, actor.organization_id, member_id)
    return _staff(member, await session.get_one(IdentityStaff, member.account_id))


async def ensure_owner(session: AsyncSession, organization_id: UUID, email: str, password: str) -> None:
    """Create the owner when the organization has nobody yet; a later change of the settings changes nothing."""
    if not await access.count_members(session, organization_id):
        await create_staff(session, organization_id, email, password, Role.OWNER)


async def list_staff(session: AsyncSession, actor: Actor) -> list[StaffMember]:
    """Everybody who works or worked here, by e-mail. Raises Denied."""
    actor.require(Permission.STAFF_VIEW)
    members = await access.list_members(session, actor.organization_id)
    rows = await session.scalars(select(IdentityStaff).where(IdentityStaff.id.in_([m.account_id for m in members])))
    accounts = {row.id: row for row in rows}
    return [_staff(member, accounts[member.account_id]) for member in members]


async def own_account(session: AsyncSession, actor: Actor) -> StaffMember:
    """The acting member of staff."""
    member = await access.get_member(session, actor.organization_id, actor.id)
    return _staff(member, await session.get_one(IdentityStaff, member.account_id))


async def account_id_of(session: AsyncSession, actor: Actor) -> UUID:
    """The account of the acting member: what holds the password and the second factor."""
    return (await access.get_member(session, actor.organization_id, actor.id)).account_id


async def rename_account(session: AsyncSession, actor: Actor, name: str | None, locale: str | None) -> None:
    """Change the acting member's own name and language."""
    account = await session.get_one(IdentityStaff, await account_id_of(session, actor))
    account.name = name if name is not None else account.name
    account.locale = locale if locale is not None else account.locale


async def change_staff(
    session: AsyncSession, actor: Actor, member_id: UUID, *, role: Role | None, is_disabled: bool | None, reason: str
) -> StaffMember:
    """Give a member another role, close or open the membership.

    Nobody changes their own membership, and only an owner makes or changes owners. Raises Denied
    `access.permission_denied`, `identity.own_membership`, `identity.owners_only`, NotFound,
    Conflict `access.last_owner`.
    """
    actor.require(Permission.STAFF_EDIT)
    before = await access.get_member(session, actor.organization_id, member_id)
    if member_id == actor.id:
        raise Denied("identity.own_membership", "Somebody else has to change your membership")
    await guard_role(session, actor, before.role)
    if role is not None:
        await guard_role(session, actor, role)
    member = await access.change_member(session, actor.organization_id, member_id, role, is_disabled)
    await audit.record(
        session, actor, "staff.changed", "staff", member_id,
        before={"role": before.role.value, "is_disabled": before.disabled_at is not None},
        after={"role": member.role.value, "is_disabled": member.disabled_at is not None}, reason=reason,
    )  # fmt: skip
    await staff_telegram.tell_link_changed(session, member.account_id)
    return _staff(member, await session.get_one(IdentityStaff, member.account_id))


async def reset_second_factor(session: AsyncSession, actor: Actor, member_id: UUID, reason: str) -> None:
    """Switch a colleague's second factor off when their phone is lost; their sessions end, and their Telegram, which is
    on that phone too, is untied. Raises Denied, NotFound."""
    actor.require(Permission.STAFF_EDIT)
    member = await access.get_member(session, actor.organization_id, member_id)
    await guard_role(session, actor, member.role)
    await second_factor.switch_off(session, actor, member.account_id, reason)
    await staff_telegram.untie(session, actor, member.account_id, reason)
    await access.close_sessions(session, member_id)


async def set_role_permissions(
    session: AsyncSession, actor: Actor, role: Role, permissions: Collection[Permission]
) -> None:
    """Change what a role may do. Raises Denied `access.permission_denied`, `access.owner_fixed`,
    `identity.beyond_own` when the actor gives what they do not have."""
    actor.require(Permission.ROLES_EDIT)
    matrix = await access.role_matrix(session, actor.organization_id)
    beyond = sorted(item.value for item in set(permissions) - matrix[role] if not actor.may(item))
    if beyond:
        raise Denied("identity.beyond_own", "You cannot give what you may not do yourself", permissions=beyond)
    await access.set_role_permissions(session, actor.organization_id, role, permissions)
    await audit.record(
        session, actor, "role.changed", "role", role.value,
        before={"permissions": sorted(item.value for item in matrix[role])},
        after={"permissions": sorted(item.value for item in permissions)},
    )  # fmt: skip


async def guard_role(session: AsyncSession, actor: Actor, role: Role) -> None:
    """Owners are made and changed by owners only."""
    if role is not Role.OWNER or actor.kind is access.ActorKind.SYSTEM:
        return
    own = await access.get_member(session, actor.organization_id, actor.id)
    if own.role is not Role.OWNER:
        raise Denied("identity.owners_only", "Only an owner may do this to an owner")


def _staff(member: Member, account: IdentityStaff) -> StaffMember:
    return StaffMember(
        member.id, account.email, account.name, account.locale, member.role, account.totp_enabled_at is not None,
        account.last_login_at, member.disabled_at, member.created_at,
    )  # fmt: skip
