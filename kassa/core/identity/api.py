"""Signing in over HTTP (IDN-1)."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from kassa.core.access import TokenPair, TokenSigner, TokensOut, origin_of
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import Unauthenticated
from kassa.kit.web import app_of

from . import login as sign_in
from . import organizations

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class Credentials(BaseModel):
    """E-mail and password; the second factor's code where it is on; and as whom, when the address could be both."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=256)
    code: str = Field("", max_length=20, description="Six digits of the authenticator, or a recovery code")
    kind: Literal["staff", "customer"] | None = Field(None, description="Staff first when left out")
    organization: str | None = Field(None, max_length=80, description="The organization's short name")


@router.post("/login")
async def login(request: Request, body: Credentials) -> TokensOut:
    """Sign in with e-mail and password: a member of staff, or a customer."""
    app = app_of(request)
    pair: TokenPair | None
    # Its own transaction: the failure counter must be kept when the answer is a refusal.
    async with app.get(Database).transaction() as session:
        place = body.organization or organizations.DEFAULT_SLUG
        organization = await organizations.find_organization(session, place)
        signer, origin = app.get(TokenSigner), origin_of(request)
        is_staff = body.kind == "staff" or (body.kind is None and await sign_in.is_staff_email(session, body.email))
        if is_staff:
            pair = await sign_in.login_staff(
                session, signer, app.get(Vault), body.email, body.password, code=body.code, origin=origin,
                organization_id=organization.id if body.organization else None,
            )  # fmt: skip
        else:
            pair = await sign_in.login_customer(
                session, signer, organization.id, body.email, body.password, origin=origin
            )
    if pair is None:
        raise Unauthenticated("identity.credentials_wrong", "Wrong e-mail, password or code")
    return TokensOut.of(pair)
