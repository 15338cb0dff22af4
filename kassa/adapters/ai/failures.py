"""From what providers say to our classes of failure: statuses are the rule, words and codes the exceptions."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from kassa.core.ai import ErrorClass
from kassa.kit import clock

# The fallback for every vendor; reference of each code: the vendors' pages on errors.
BY_STATUS: dict[int, ErrorClass] = {
    400: ErrorClass.BAD_INPUT,
    401: ErrorClass.INVALID_KEY,
    402: ErrorClass.QUOTA_EMPTY,
    403: ErrorClass.NO_ACCESS,
    404: ErrorClass.MODEL_GONE,
    408: ErrorClass.TIMEOUT,
    409: ErrorClass.TRANSIENT,
    410: ErrorClass.MODEL_GONE,
    413: ErrorClass.BAD_INPUT,
    415: ErrorClass.BAD_INPUT,
    422: ErrorClass.BAD_INPUT,
    425: ErrorClass.TRANSIENT,
    429: ErrorClass.RATE_LIMIT,
    504: ErrorClass.TIMEOUT,
    524: ErrorClass.TIMEOUT,
}


def by_status(status: int) -> ErrorClass:
    """The class of an HTTP status; anything unknown may pass by itself. A redirect is a wrong address: gone."""
    if 300 <= status < 400:
        return ErrorClass.MODEL_GONE
    if status in BY_STATUS:
        return BY_STATUS[status]
    return ErrorClass.BAD_INPUT if 400 <= status < 500 else ErrorClass.TRANSIENT


def error_fields(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """Code, type and message of an OpenAI-shaped error, whatever of them is there, in lower case but the message."""
    error = body.get("error")
    if isinstance(error, str):
        return "", "", error
    if not isinstance(error, dict):
        error = body
    code, kind, message = (error.get(name) for name in ("code", "type", "message"))
    return str(code or "").lower(), str(kind or "").lower(), str(message or body.get("detail") or "")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the headers say: retry-after-ms, or Retry-After in seconds or as a date (RFC 9110 §10.2.3)."""
    milliseconds = headers.get("retry-after-ms")
    if milliseconds:
        seconds = _number(milliseconds)
        if seconds is not None:
            return seconds / 1000
    value = headers.get("Retry-After")
    if not value:
        return None
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - clock.now()).total_seconds())


def _number(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 10**7 else None
