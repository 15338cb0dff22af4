"""What Telegram signs about a person: initData of a Mini App, and the answer of the Login Widget."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlencode

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kassa.kit import clock
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.state import Bot, Person


class Signer:
    """Signs for bots, and for third parties with a key pair of the sandbox's own, made once."""

    def __init__(self, store: Store) -> None:
        kept = store.get("telegram_keys", "mini-apps")
        if kept is None:
            kept = {"private": Ed25519PrivateKey.generate().private_bytes_raw().hex()}
            store.put("telegram_keys", "mini-apps", kept)
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private"]))

    @property
    def public_key(self) -> str:
        """The key that stands for Telegram's own, in hexadecimal."""
        return self._key.public_key().public_bytes_raw().hex()

    def init_data(self, bot: Bot, user: Json, extra: dict[str, str]) -> str:
        """The query string with its signatures (core.telegram.org/bots/webapps, "Validating data").

        The signature for third parties covers every other field; the hash covers the signature too.
        """
        fields = {
            **extra,
            "user": orjson.dumps(user).decode(),
            "auth_date": str(int(clock.now().timestamp())),
        }
        signed = self._key.sign(f"{bot.id}:WebAppData\n{_lines(fields)}".encode())
        fields["signature"] = base64.urlsafe_b64encode(signed).decode().rstrip("=")
        secret = hmac.digest(b"WebAppData", bot.token.encode(), "sha256")
        return urlencode({**fields, "hash": hmac.digest(secret, _lines(fields).encode(), "sha256").hex()})


def web_app_user(person: Person, photo_url: str, *, may_write: bool) -> Json:
    """A person as Mini Apps see them."""
    user: Json = {"last_name": "", **person.user()}
    del user["is_bot"]
    if may_write:
        user["allows_write_to_pm"] = True
    if photo_url:
        user["photo_url"] = photo_url
    return user


def query_id() -> str:
    """The number of a session that answerWebAppQuery may refer to."""
    return f"AA{secrets.token_urlsafe(16)}"


def login_facts(bot: Bot, person: Person, photo_url: str) -> Json:
    """What the Login Widget hands to a page (core.telegram.org/widgets/login, "Checking authorization")."""
    facts: Json = {"id": person.id, "first_name": person.first_name}
    for name, value in (("last_name", person.last_name), ("username", person.username), ("photo_url", photo_url)):
        if value:
            facts[name] = value
    facts["auth_date"] = int(clock.now().timestamp())
    secret = hashlib.sha256(bot.token.encode()).digest()
    return {**facts, "hash": hmac.digest(secret, _lines(facts).encode(), "sha256").hex()}


def _lines(fields: Json) -> str:
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
