"""Access tokens: short-lived JWTs that name a session. They carry no rights: those are looked up at every request."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

import jwt

from kassa.kit import clock
from kassa.kit.errors import Unauthenticated

from .types import TokenPair, TokenSigner

ACCESS_TTL = timedelta(minutes=15)
AUDIENCE = "kassa"


def pair(signer: TokenSigner, session_id: UUID, refresh_token: str) -> TokenPair:
    """An access token for the session, together with its refresh token."""
    claims = {"sid": str(session_id), "aud": AUDIENCE, "iat": clock.now(), "exp": clock.now() + ACCESS_TTL}
    access = jwt.encode(claims, signer.keys()[0], algorithm="HS256")
    return TokenPair(access, refresh_token, int(ACCESS_TTL.total_seconds()))


def session_of(signer: TokenSigner, token: str) -> UUID:
    """The session that an access token names. Raises as `read_token`."""
    return read_token(signer, token)[0]


def read_token(signer: TokenSigner, token: str) -> tuple[UUID, float]:
    """The session that an access token names, and when the token ends (as `clock.now().timestamp()` counts).

    Raises Unauthenticated `access.token_invalid`, `access.token_expired`.
    """
    for key in signer.keys():  # noqa: SIM118 - a method of ours, not a dict's
        try:
            claims = jwt.decode(
                token, key, algorithms=["HS256"], audience=AUDIENCE,
                options={"require": ["exp", "sid"], "verify_exp": False, "verify_iat": False},
            )  # fmt: skip
            # By our clock, which tests and the simulator move; the library would look at the machine's.
            if float(claims["exp"]) <= clock.now().timestamp():
                raise Unauthenticated("access.token_expired", "This access token has expired")
            return UUID(claims["sid"]), float(claims["exp"])
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise Unauthenticated("access.token_invalid", "This access token is not valid") from error
    raise Unauthenticated("access.token_invalid", "This access token is not valid")


def following(signer: TokenSigner, token: str, attempt: str) -> str:
    """The refresh token that comes after `token`: the same for the same attempt, and known to nobody without it."""
    message = f"{attempt}\0{token}".encode("utf-8", "surrogatepass")
    return hmac.new(signer.refresh_key(), message, hashlib.sha256).hexdigest()


def digest(secret: str) -> str:
    """What is stored of a secret that has enough entropy of its own to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
