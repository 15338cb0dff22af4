"""Who the caller of a route is, and turning and closing sessions over HTTP (IDN-1)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from kassa.kit.db import Database
from kassa.kit.errors import AppError, Denied, Unauthenticated
from kassa.kit.web import ERRORS, Tx, app_of

from . import sessions
from .types import Actor, ActorKind, Origin, TokenPair, TokenSigner

router = APIRouter(prefix="/api/v1/auth", tags=["auth"], responses=ERRORS)


def origin_of(request: Request) -> Origin:
    """Where a request comes from."""
    return Origin(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def bearer_of(request: Request) -> str:
    """The token of the Authorization header. Raises Unauthenticated `access.token_missing`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("access.token_missing", "Sign in first")
    return token


async def _caller(request: Request) -> Actor:
    # The gate in front of the routes has asked already, in the statement that counts the request.
    found: Actor | AppError | None = getattr(request.state, "caller", None)
    if isinstance(found, AppError):
        raise found
    if found is not None:
        return found
    token, app = bearer_of(request), app_of(request)
    async with app.get(Database).transaction() as session:
        return await sessions.authenticate(session, app.get(TokenSigner), token, f"http {origin_of(request).ip}")


async def _visitor(request: Request) -> Actor | None:
    if "authorization" not in request.headers:
        return None
    return _known(await _caller(request))


# One dependency each, calling one another: FastAPI solves a nested one at several times the price of a call.
async def _any(request: Request) -> Actor:
    return _known(await _caller(request))


def _known(actor: Actor) -> Actor:
    if actor.key_id is not None and actor.kind is ActorKind.CUSTOMER:
        raise Denied("access.key_not_here", "An API key opens /v1; sign in for this")
    return actor


async def _customer(request: Request) -> Actor:
    actor = _known(await _caller(request))
    if actor.kind is not ActorKind.CUSTOMER:
        raise Denied("access.customers_only", "This is for customers")
    return actor


async def _staff(request: Request) -> Actor:
    actor = _known(await _caller(request))
    if actor.kind is not ActorKind.STAFF:
        raise Denied("access.staff_only", "This is for staff")
    return actor


AnyActor = Annotated[Actor, Depends(_any)]
"""Somebody who signed in: a customer, or staff by session or service key."""
CustomerActor = Annotated[Actor, Depends(_customer)]
StaffActor = Annotated[Actor, Depends(_staff)]
Visitor = Annotated[Actor | None, Depends(_visitor)]
"""Somebody who signed in, or nobody: for what strangers may see too."""
Caller = Annotated[Actor, Depends(_caller)]
"""Anybody with a valid session or key, a customer's API key included: for the OpenAI-compatible routes."""


class RefreshIn(BaseModel):
    """A refresh token, and a secret for this trade alone: with the same one it can be asked for again when the answer
    was lost on the way."""

    refresh_token: str = Field(max_length=512)
    attempt: str | None = Field(None, min_length=22, max_length=64)


class TokensOut(BaseModel):
    """A pair of tokens; `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the word of RFC 6750

    @classmethod
    def of(cls, pair: TokenPair) -> "TokensOut":
        """The pair as it goes out."""
        return cls(access_token=pair.access_token, refresh_token=pair.refresh_token, expires_in=pair.expires_in)


@router.post("/refresh")
async def refresh(request: Request, body: RefreshIn) -> TokensOut:
    """Trade a refresh token for a new pair; it works once. Repeat it only with the `attempt` of the first time."""
    app = app_of(request)
    # Its own transaction: the revocation of a family must be kept when the answer is a refusal.
    async with app.get(Database).transaction() as session:
        pair = await sessions.refresh(session, app.get(TokenSigner), body.refresh_token, body.attempt)
    if pair is None:
        raise Unauthenticated("access.refresh_invalid", "Sign in again")
    return TokensOut.of(pair)


@router.post("/logout", status_code=204)
async def logout(actor: AnyActor, session: Tx) -> None:
    """Close this session at once."""
    if actor.session_id is not None:
        await sessions.close_session(session, actor.id, actor.session_id)
