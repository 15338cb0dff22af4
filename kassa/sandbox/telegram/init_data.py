"""Signed initData of a Mini App, as Telegram hands it to the page."""

import hashlib
import hmac
import secrets
from urllib.parse import urlencode

import orjson

from kassa.kit import clock
from kassa.sandbox.telegram.state import Bot, Person


def init_data(bot: Bot, person: Person, start_param: str = "") -> str:
    """The query string with its HMAC (core.telegram.org/bots/webapps, "Validating data")."""
    user = {**person.user(), "allows_write_to_pm": True}
    del user["is_bot"]
    fields = {
        "query_id": f"AA{secrets.token_urlsafe(16)}",
        "user": orjson.dumps(user).decode(),
        "auth_date": str(int(clock.now().timestamp())),
    }
    if start_param:
        fields["start_param"] = start_param
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.digest(b"WebAppData", bot.token.encode(), "sha256")
    signature = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": signature})
