"""Errors that are part of the business: a stable code, a kind that the edges map, and facts.

AppError
├── NotFound      kind not_found    HTTP 404
├── Denied        kind denied       HTTP 403 (401 when the caller is not known: kind unauthenticated)
├── Conflict      kind conflict     HTTP 409
├── Invalid       kind invalid      HTTP 422 (400 for a malformed body)
├── LimitReached  kind limit        HTTP 429
└── Unavailable   kind unavailable  HTTP 503; a job that raises it is retried
"""

from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """What an edge (HTTP, Telegram, job) needs to know about an error."""

    NOT_FOUND = "not_found"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"
    CONFLICT = "conflict"
    INVALID = "invalid"
    LIMIT = "limit"
    UNAVAILABLE = "unavailable"


class AppError(Exception):
    """An expected failure. `code` is stable and also the key of its text; `facts` fill the text."""

    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(self, code: str, message: str = "", **facts: Any) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.facts = facts


class NotFound(AppError):
    """The thing does not exist, or is not the caller's to see."""

    kind = Kind.NOT_FOUND


class Unauthenticated(AppError):
    """Nobody is signed in, or the token is not valid."""

    kind = Kind.UNAUTHENTICATED


class Denied(AppError):
    """The caller is known and may not do this."""

    kind = Kind.DENIED


class Conflict(AppError):
    """The thing is in a state that does not allow this."""

    kind = Kind.CONFLICT


class Invalid(AppError):
    """The input is wrong."""

    kind = Kind.INVALID


class LimitReached(AppError):
    """Too many or too much. `retry_after_s` may be among the facts."""

    kind = Kind.LIMIT


class Unavailable(AppError):
    """Something outside does not answer now; the same call may succeed later."""

    kind = Kind.UNAVAILABLE
