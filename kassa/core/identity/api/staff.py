"""Staff, roles, invitations and the second factor over HTTP (IDN-4, IDN-5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import ROLE_PERMISSIONS, Actor, Permission, Role, StaffActor
from kassa.core.identity import invitations, organizations, second_factor, staff
from kassa.core.identity.ports import Site
from kassa.core.identity.types import Organization
from kassa.kit.crypto import Vault
from kassa.kit.listing import Page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class OrganizationOut(BaseModel):
    """A business of this installation."""

    id: UUID
    slug: str
    name: str
    default_locale: str


class MeOut(BaseModel):
    """The acting member of staff, and what they may do."""

    id: UUID
    email: str
    name: str
    locale: str
    role: Role
    permissions: list[Permission]
    has_second_factor: bool
    organization: OrganizationOut
    organizations: list[OrganizationOut]


class StaffOut(BaseModel):
    """A member of staff."""

    id: UUID
    email: str
    name: str
    role: Role
    has_second_factor: bool
    last_login_at: datetime | None
    disabled_at: datetime | None
    created_at: datetime


class StaffIn(BaseModel):
    """A new account: its owner should change the password at the first sign-in."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=256)
    name: str = Field("", max_length=200)
    role: Role


class StaffChange(BaseModel):
    """What to change; what is left out stays."""

    role: Role | None = None
    is_disabled: bool | None = None
    reason: str = Field("", max_length=500)


class Reason(BaseModel):
    """Why, for the audit log."""

    reason: str = Field(min_length=1, max_length=500)


class RoleOut(BaseModel):
    """A role and what it may do."""

    role: Role
    permissions: list[Permission]
    default: list[Permission]
    is_fixed: bool


class RolesOut(BaseModel):
    """The matrix: every role, every permission."""

    roles: list[RoleOut]
    permissions: list[Permission]


class PermissionsIn(BaseModel):
    """What a role may do from now on."""

    permissions: list[Permission] = Field(max_length=200)


class InvitationIn(BaseModel):
    """Whom to invite, to what role."""

    email: str = Field(max_length=254)
    role: Role


class InvitationOut(BaseModel):
    """An invitation that waits for an answer."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime
    created_at: datetime


class NewInvitationOut(InvitationOut):
    """A new invitation with its link, for when mail does not arrive. The link is shown once."""

    link: str


class EnrolmentOut(BaseModel):
    """What an authenticator app needs: the secret as text, as a link, and as a picture."""

    secret: str
    uri: str
    qr_svg: str


class CodeIn(BaseModel):
    """Six digits of the authenticator."""

    code: str = Field(max_length=20)


class RecoveryOut(BaseModel):
    """Codes for when the phone is lost: each works once, and they are shown once."""

    recovery_codes: list[str]


@router.get("/me")
async def get_admin_me(actor: StaffActor, session: Tx) -> MeOut:
    """Who is signed in, what they may do, and where they work."""
    own = await staff.own_account(session, actor)
    works = await access.memberships(session, await staff.account_id_of(session, actor))
    places = [await organizations.get_organization(session, item.organization_id) for item in works]
    known = {place.id: _organization(place) for place in places}
    here = known[actor.organization_id]
    return MeOut(
        id=own.id, email=own.email, name=own.name, locale=own.locale or here.default_locale, role=own.role,
        permissions=sorted(actor.permissions), has_second_factor=own.has_second_factor, organization=here,
        organizations=list(known.values()),
    )  # fmt: skip


async def _fetch_staff(
    session: AsyncSession, actor: Actor, _filters: Any, _page: Page
) -> tuple[list[StaffOut], str | None]:
    return [_staff(item) for item in await staff.list_staff(session, actor)], None


add_list(router, "/staff", StaffOut, _fetch_staff, actor=StaffActor, title="Staff")


@router.post("/staff", status_code=201)
async def post_staff(body: StaffIn, actor: StaffActor, session: Tx) -> StaffOut:
    """Make an account for a colleague at once, without an invitation."""
    return _staff(await staff.add_staff(session, actor, body.email, body.password, body.role, body.name))


@router.put("/staff/{member_id}")
async def put_staff(member_id: UUID, body: StaffChange, actor: StaffActor, session: Tx) -> StaffOut:
    """Give a colleague another role, close or open their membership."""
    changed = await staff.change_staff(
        session, actor, member_id, role=body.role, is_disabled=body.is_disabled, reason=body.reason
    )
    return _staff(changed)


@router.post("/staff/{member_id}/second-factor/reset", status_code=204)
async def reset_second_factor(member_id: UUID, body: Reason, actor: StaffActor, session: Tx) -> None:
    """Switch a colleague's second factor off."""
    await staff.reset_second_factor(session, actor, member_id, body.reason)


@router.get("/roles")
async def get_roles(actor: StaffActor, session: Tx) -> RolesOut:
    """The matrix of roles and permissions."""
    actor.require(Permission.STAFF_VIEW)
    matrix = await access.role_matrix(session, actor.organization_id)
    return RolesOut(
        roles=[
            RoleOut(role=role, permissions=sorted(allowed), default=sorted(ROLE_PERMISSIONS[role]),
                    is_fixed=role is Role.OWNER)
            for role, allowed in matrix.items()
        ],
        permissions=list(Permission),
    )  # fmt: skip


@router.put("/roles/{role}")
async def put_role(role: Role, body: PermissionsIn, actor: StaffActor, session: Tx) -> RolesOut:
    """Change what a role may do, from the next request on."""
    await staff.set_role_permissions(session, actor, role, set(body.permissions))
    await session.flush()
    return await get_roles(actor, session)


@router.get("/invitations")
async def get_invitations(actor: StaffActor, session: Tx) -> ListOut[InvitationOut]:
    """Invitations that wait for an answer."""
    found = await invitations.list_invitations(session, actor)
    return ListOut(items=[InvitationOut.model_validate(item, from_attributes=True) for item in found], next_cursor=None)


@router.post("/invitations", status_code=201)
async def post_invitation(request: Request, body: InvitationIn, actor: StaffActor, session: Tx) -> NewInvitationOut:
    """Invite somebody to work here; they get mail, and the link is in this answer too."""
    organization = await organizations.get_organization(session, actor.organization_id)
    made, token = await invitations.invite(
        session, actor, body.email, body.role, organization.default_locale, organization.name
    )
    link = f"{app_of(request).get(Site).base_url}/admin/invitation?token={token}"
    return NewInvitationOut(
        id=made.id, email=made.email, role=made.role, expires_at=made.expires_at, created_at=made.created_at, link=link
    )


@router.delete("/invitations/{invitation_id}", status_code=204)
async def delete_invitation(invitation_id: UUID, actor: StaffActor, session: Tx) -> None:
    """Withdraw an invitation."""
    await invitations.revoke_invitation(session, actor, invitation_id)


@router.post("/me/second-factor", status_code=201)
async def begin_second_factor(request: Request, actor: StaffActor, session: Tx) -> EnrolmentOut:
    """Begin to use an authenticator app."""
    account = await staff.account_id_of(session, actor)
    made = await second_factor.begin_enrolment(session, app_of(request).get(Vault), actor, account)
    return EnrolmentOut(secret=made.secret, uri=made.uri, qr_svg=made.qr_svg)


@router.post("/me/second-factor/confirm")
async def confirm_second_factor(request: Request, body: CodeIn, actor: StaffActor, session: Tx) -> RecoveryOut:
    """Confirm by a code that the app works: from now on signing in asks for one."""
    account = await staff.account_id_of(session, actor)
    codes = await second_factor.confirm_enrolment(session, app_of(request).get(Vault), actor, account, body.code)
    return RecoveryOut(recovery_codes=codes)


@router.post("/me/second-factor/off", status_code=204)
async def disable_second_factor(request: Request, body: CodeIn, actor: StaffActor, session: Tx) -> None:
    """Stop using the authenticator; one more code proves who asks."""
    account = await staff.account_id_of(session, actor)
    await second_factor.switch_off_own(session, app_of(request).get(Vault), actor, account, body.code)


def _organization(place: Organization) -> OrganizationOut:
    return OrganizationOut(id=place.id, slug=place.slug, name=place.name, default_locale=place.default_locale)


def _staff(item: staff.StaffMember) -> StaffOut:
    return StaffOut(
        id=item.id, email=item.email, name=item.name, role=item.role, has_second_factor=item.has_second_factor,
        last_login_at=item.last_login_at, disabled_at=item.disabled_at, created_at=item.created_at,
    )  # fmt: skip
