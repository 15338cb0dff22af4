"""Members of an organization, and what each role may do there.

These are mechanisms: who may use them, and the audit of it, is `kassa.core.identity`'s, which owns staff.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Denied, NotFound

from .models import AccessMember, AccessRole
from .sessions import close_sessions, permissions_of
from .types import Actor, ActorKind, Member, Permission, Role


async def add_member(
    session: AsyncSession,
    organization_id: UUID,
    account_id: UUID,
    role: Role,
    label: str,
    member_id: UUID | None = None,
) -> Member:
    """Let an account work for the organization. Raises Conflict `access.already_member`."""
    row = AccessMember(
        id=member_id or ids.new(), organization_id=organization_id, account_id=account_id, role=role.value, label=label,
        created_at=clock.now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("access.already_member", "This account works here already") from error
    return _member(row)


async def get_member(session: AsyncSession, organization_id: UUID, member_id: UUID) -> Member:
    """One member. Raises NotFound `access.member_not_found`."""
    return _member(await _get(session, organization_id, member_id))


async def list_members(session: AsyncSession, organization_id: UUID) -> list[Member]:
    """Everybody who works or worked for the organization, by e-mail."""
    rows = await session.scalars(
        select(AccessMember).where(AccessMember.organization_id == organization_id).order_by(AccessMember.label)
    )
    return [_member(row) for row in rows]


async def memberships(session: AsyncSession, account_id: UUID) -> list[Member]:
    """Where an account works, the oldest first; closed ones are left out."""
    rows = await session.scalars(
        select(AccessMember)
        .where(AccessMember.account_id == account_id, AccessMember.disabled_at.is_(None))
        .order_by(AccessMember.created_at)
    )
    return [_member(row) for row in rows]


async def member_actor(session: AsyncSession, organization_id: UUID, account_id: UUID, origin: str) -> Actor | None:
    """An account as the one who acts in an organization, with what its role may do now; None when it works there no
    more."""
    found = (
        await session.execute(
            select(AccessMember, AccessRole.permissions)
            .outerjoin(
                AccessRole,
                and_(AccessRole.organization_id == AccessMember.organization_id, AccessRole.name == AccessMember.role),
            )
            .where(
                AccessMember.organization_id == organization_id, AccessMember.account_id == account_id,
                AccessMember.disabled_at.is_(None),
            )
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    row, own = found
    return Actor(
        ActorKind.STAFF, row.id, organization_id, permissions_of(Role(row.role), own), label=row.label, origin=origin
    )


async def change_member(
    session: AsyncSession, organization_id: UUID, member_id: UUID, role: Role | None, is_disabled: bool | None
) -> Member:
    """Give another role, close or open a membership; a closed one's sessions end at once.

    Raises NotFound `access.member_not_found`, Conflict `access.last_owner`.
    """
    row = await _get(session, organization_id, member_id)
    loses_owner = row.role == Role.OWNER.value and ((role is not None and role is not Role.OWNER) or is_disabled)
    if loses_owner and await _count_owners(session, organization_id) < 2:
        raise Conflict("access.last_owner", "An organization needs an owner: make somebody else one first")
    if role is not None:
        row.role = role.value
    if is_disabled is not None:
        row.disabled_at = clock.now() if is_disabled else None
        if is_disabled:
            await close_sessions(session, member_id)
    await session.flush()
    return _member(row)


async def role_matrix(session: AsyncSession, organization_id: UUID) -> dict[Role, frozenset[Permission]]:
    """What each role may do in the organization."""
    rows = await session.execute(
        select(AccessRole.name, AccessRole.permissions).where(AccessRole.organization_id == organization_id)
    )
    own = dict(rows.tuples().all())
    return {role: permissions_of(role, own.get(role.value)) for role in Role}


async def set_role_permissions(
    session: AsyncSession, organization_id: UUID, role: Role, permissions: Collection[Permission]
) -> None:
    """Change what a role may do, from the next request on. Raises Denied `access.owner_fixed`."""
    if role is Role.OWNER:
        raise Denied("access.owner_fixed", "The owner may everything: this role cannot be changed")
    wanted = sorted(permission.value for permission in permissions)
    await session.execute(
        insert(AccessRole)
        .values(organization_id=organization_id, name=role.value, permissions=wanted, updated_at=clock.now())
        .on_conflict_do_update(
            index_elements=["organization_id", "name"], set_={"permissions": wanted, "updated_at": clock.now()}
        )
    )


async def _get(session: AsyncSession, organization_id: UUID, member_id: UUID) -> AccessMember:
    row = await session.get(AccessMember, member_id, with_for_update=True)
    if row is None or row.organization_id != organization_id:
        raise NotFound("access.member_not_found", "No such member of staff")
    return row


async def _count_owners(session: AsyncSession, organization_id: UUID) -> int:
    # All owners are locked, so that two of them cannot leave at the same moment.
    owners = await session.scalars(
        select(AccessMember.id)
        .where(
            AccessMember.organization_id == organization_id,
            AccessMember.role == Role.OWNER.value,
            AccessMember.disabled_at.is_(None),
        )
        .order_by(AccessMember.id)
        .with_for_update()
    )
    return len(owners.all())


async def count_members(session: AsyncSession, organization_id: UUID) -> int:
    """How many have ever worked for the organization."""
    counted = await session.scalar(
        select(func.count()).select_from(AccessMember).where(AccessMember.organization_id == organization_id)
    )
    return counted or 0


def _member(row: AccessMember) -> Member:
    return Member(
        row.id, row.organization_id, row.account_id, Role(row.role), row.label, row.disabled_at, row.created_at
    )
