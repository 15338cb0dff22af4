"""Signing in over HTTP (IDN-1, IDN-2), and who the caller is for every other route."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from kassa.kit.db import Database
from kassa.kit.errors import Denied, Unauthenticated
from kassa.kit.web import Tx, app_of

from . import auth
from .types import Actor, ActorKind, TokenPair, TokenSigner

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class Credentials(BaseModel):
    """E-mail and password of a member of staff."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=256)


class RefreshIn(BaseModel):
    """A refresh token."""

    refresh_token: str = Field(max_length=512)


class TokensOut(BaseModel):
    """A pair of tokens; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the word of RFC 6750


async def _session_of(request: Request, session: Tx) -> tuple[Actor, UUID]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("identity.token_missing", "Sign in first")
    return await auth.authenticate(session, app_of(request).get(TokenSigner), token)


async def _actor(found: Annotated[tuple[Actor, UUID], Depends(_session_of)]) -> Actor:
    return found[0]


async def _customer(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
    if actor.kind is not ActorKind.CUSTOMER:
        raise Denied("identity.customers_only", "This is for customers")
    return actor


async def _staff(actor: Annotated[Actor, Depends(_actor)]) -> Actor:
    if actor.kind is not ActorKind.STAFF:
        raise Denied("identity.staff_only", "This is for staff")
    return actor


AnyActor = Annotated[Actor, Depends(_actor)]
CustomerActor = Annotated[Actor, Depends(_customer)]
StaffActor = Annotated[Actor, Depends(_staff)]


@router.post("/login")
async def login(request: Request, body: Credentials) -> TokensOut:
    """Sign a member of staff in."""
    app = app_of(request)
    # Its own transaction: the failure counter must be kept when the answer is a refusal.
    async with app.get(Database).transaction() as session:
        pair = await auth.login_staff(session, app.get(TokenSigner), body.email, body.password)
    return _out(pair, "identity.credentials_wrong", "Wrong e-mail or password")


@router.post("/refresh")
async def refresh(request: Request, body: RefreshIn) -> TokensOut:
    """Trade a refresh token for a new pair; it works once."""
    app = app_of(request)
    async with app.get(Database).transaction() as session:
        pair = await auth.refresh(session, app.get(TokenSigner), body.refresh_token)
    return _out(pair, "identity.refresh_invalid", "Sign in again")


@router.post("/logout", status_code=204)
async def logout(found: Annotated[tuple[Actor, UUID], Depends(_session_of)], session: Tx) -> None:
    """Close this session at once."""
    await auth.logout(session, found[1])


def _out(pair: TokenPair | None, code: str, message: str) -> TokensOut:
    if pair is None:
        raise Unauthenticated(code, message)
    return TokensOut(access_token=pair.access_token, refresh_token=pair.refresh_token, expires_in=pair.expires_in)
