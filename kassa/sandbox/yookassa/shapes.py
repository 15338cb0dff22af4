"""Small pieces of the API's objects."""

import secrets
from datetime import UTC, datetime
from typing import Any

from kassa.kit import clock

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the first part of real ids counts seconds from here


def new_id() -> str:
    """36 characters that look like the real ones, which are no UUIDs of any version."""
    seconds = int((clock.now() - _EPOCH).total_seconds())
    noise = secrets.token_hex(9)
    return f"{seconds:08x}-000f-5{noise[:3]}-9{noise[3:6]}-{noise[6:]}"


def moment(at: datetime) -> str:
    """A time as the API writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def confirmation(asked: dict[str, Any], payment_id: str, url: str) -> dict[str, Any]:
    """How the payer gets to the payment page."""
    kind = asked["type"]
    if kind == "embedded":
        return {"type": kind, "confirmation_token": f"ct-{payment_id}"}
    if kind == "qr":
        return {"type": kind, "confirmation_data": url}
    if kind == "external":
        return {"type": kind}
    return {"type": kind, "confirmation_url": url, "return_url": asked["return_url"]}
