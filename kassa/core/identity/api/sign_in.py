"""Signing in, registering, confirming an address and setting a new password over HTTP (IDN-1)."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from kassa.core import access, i18n
from kassa.core.access import ActorKind, TokenPair, TokenSigner, TokensOut, origin_of
from kassa.core.identity import accounts, invitations, login, organizations, privacy
from kassa.core.identity.ports import Mailer
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Unauthenticated, Unavailable
from kassa.kit.personal import Holders
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1/auth", tags=["auth"], responses=ERRORS)

Email = Field(max_length=254)
Password = Field(max_length=256)


class Credentials(BaseModel):
    """E-mail and password; the second factor's code where it is on; and as whom, when the address could be both."""

    email: str = Email
    password: str = Password
    code: str = Field("", max_length=20, description="Six digits of the authenticator, or a recovery code")
    kind: Literal["staff", "customer"] | None = Field(None, description="Staff first when left out")
    organization: str | None = Field(None, max_length=80, description="The organization's short name")
    guest_token: str | None = Field(
        None, max_length=2000, description="The access token of a visitor whose chat becomes the customer's"
    )


class Registration(BaseModel):
    """A new customer."""

    email: str = Email
    password: str = Password
    name: str = Field("", max_length=200)
    locale: str = Field("", max_length=8)
    organization: str | None = Field(None, max_length=80)


class ResetRequest(BaseModel):
    """Whose password was forgotten."""

    email: str = Email
    kind: Literal["staff", "customer"] = "customer"
    organization: str | None = Field(None, max_length=80)


class NewPassword(BaseModel):
    """The secret from the mail, and the new password."""

    token: str = Field(max_length=200)
    password: str = Password


class Token(BaseModel):
    """The secret from the mail."""

    token: str = Field(max_length=200)


class Acceptance(NewPassword):
    """The invitation's secret, and the password of the account: a new one, or the one it has."""

    name: str = Field("", max_length=200)


@router.post("/login")
async def login_with_password(request: Request, body: Credentials) -> TokensOut:
    """Sign in with e-mail and password: a member of staff, or a customer."""
    app = app_of(request)
    pair: TokenPair | None
    # Its own transaction: the failure counter must be kept when the answer is a refusal.
    async with app.get(Database).transaction() as session:
        organization = await organizations.find_organization(session, body.organization or organizations.DEFAULT_SLUG)
        signer, origin = app.get(TokenSigner), origin_of(request)
        if body.kind == "staff" or (body.kind is None and await login.is_staff_email(session, body.email)):
            pair = await login.login_staff(
                session, signer, app.get(Vault), body.email, body.password, code=body.code, origin=origin,
                organization_id=organization.id if body.organization else None,
            )  # fmt: skip
        else:
            pair = await login.login_customer(
                session, signer, organization.id, body.email, body.password, origin=origin
            )
    if pair is None:
        raise Unauthenticated("identity.credentials_wrong", "Wrong e-mail, password or code")
    if body.guest_token:
        async with app.get(Database).transaction() as session:
            signer = app.get(TokenSigner)
            actor = await access.authenticate(session, signer, pair.access_token)
            guest = await access.authenticate(session, signer, body.guest_token)
            if actor.kind is guest.kind is ActorKind.CUSTOMER:
                await privacy.adopt_guest(session, app.get(Holders), actor, guest)
    return TokensOut.of(pair)


@router.post("/register", status_code=201)
async def register(request: Request, body: Registration, session: Tx) -> TokensOut:
    """Become a customer; a link to confirm the address comes by mail."""
    app = app_of(request)
    organization = await organizations.find_organization(session, body.organization or organizations.DEFAULT_SLUG)
    locale = i18n.choose_locale(body.locale, "", app.get(i18n.Texts).locales, organization.default_locale)
    customer = await accounts.register(session, organization.id, body.email, body.password, body.name, locale)
    pair = await access.open_session(
        session, app.get(TokenSigner), organization.id, ActorKind.CUSTOMER, customer.id, access.CUSTOMER_TTL,
        origin_of(request),
    )  # fmt: skip
    return TokensOut.of(pair)


@router.post("/verify", status_code=204)
async def verify(body: Token, session: Tx) -> None:
    """Confirm an e-mail address."""
    await accounts.verify_email(session, body.token)


@router.post("/password/forgotten", status_code=202)
async def forgotten(request: Request, body: ResetRequest, session: Tx) -> dict[str, bool]:
    """Send a link for a new password. The answer does not tell whether there is such an account."""
    if not app_of(request).get(Mailer).is_set_up:
        raise Unavailable("identity.mail_not_set_up", "No mail server is set up here: ask the owner")
    organization = await organizations.find_organization(session, body.organization or organizations.DEFAULT_SLUG)
    await accounts.request_reset(session, organization.id, body.email, ActorKind(body.kind))
    return {"ok": True}


@router.post("/password/reset", status_code=204)
async def reset(body: NewPassword, session: Tx) -> None:
    """Set a new password by the secret that came by mail; every session ends."""
    await accounts.reset_password(session, body.token, body.password)


@router.post("/invitation", status_code=201)
async def accept_invitation(request: Request, body: Acceptance, session: Tx) -> TokensOut:
    """Begin to work for the organization that sent an invitation."""
    member = await invitations.accept_invitation(session, body.token, body.password, body.name)
    pair = await access.open_session(
        session, app_of(request).get(TokenSigner), member.organization_id, ActorKind.STAFF, member.id,
        access.STAFF_TTL, origin_of(request),
    )  # fmt: skip
    return TokensOut.of(pair)
