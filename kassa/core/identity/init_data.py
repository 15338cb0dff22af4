"""What Telegram signs about a person: initData, its variant for third parties, the Login Widget (IDN-2)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kassa.kit import clock
from kassa.kit.errors import Unauthenticated

from .types import Person

INIT_DATA_TTL = timedelta(hours=24)
CLOCK_SKEW = timedelta(seconds=300)
MAX_LENGTH, MAX_FIELDS = 4096, 32
TELEGRAM_KEY = bytes.fromhex("e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d")
"""Telegram's production key for third parties (core.telegram.org/bots/webapps, "for Third-Party Use")."""


def check_init_data(init_data: str, bot_token: str) -> Person:
    """The person in a signed initData string (core.telegram.org/bots/webapps, "Validating data").

    `signature` and blank values stay in the check string; duplicate keys, a stale `auth_date` and anything
    malformed are refused with Unauthenticated `identity.init_data_invalid`.
    """
    fields = _fields(init_data)
    given = fields.pop("hash", "")
    secret = hmac.digest(b"WebAppData", bot_token.encode(), "sha256")
    _check_hash(secret, fields, given)
    return _person(fields)


def check_third_party(init_data: str, bot_telegram_id: int, public_key: bytes = TELEGRAM_KEY) -> Person:
    """The person in an initData string by Telegram's own signature, for who must not hold the bot's token.

    Raises Unauthenticated `identity.init_data_invalid`.
    """
    fields = _fields(init_data)
    given = fields.pop("signature", "")
    fields.pop("hash", None)
    text = f"{bot_telegram_id}:WebAppData\n{_lines(fields)}"
    try:
        signature = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode("utf-8", "surrogatepass"))
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise _invalid("wrong_signature") from error
    return _person(fields)


def check_login_widget(facts: Mapping[str, Any], bot_token: str) -> Person:
    """The person whom the Login Widget names (core.telegram.org/widgets/login, "Checking authorization").

    Raises Unauthenticated `identity.init_data_invalid`.
    """
    fields = {str(key): str(value) for key, value in facts.items() if value is not None}
    given = fields.pop("hash", "")
    _check_hash(hashlib.sha256(bot_token.encode()).digest(), fields, given)
    try:
        person = Person(
            int(fields["id"]), fields.get("first_name", ""), fields.get("last_name", ""), fields.get("username", ""),
            "", fields.get("photo_url", ""),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise _invalid("malformed") from error
    _check_age(fields)
    return person


def _fields(init_data: str) -> dict[str, str]:
    if len(init_data) > MAX_LENGTH:
        raise _invalid("too_long")
    try:
        pairs = parse_qsl(init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise _invalid("malformed") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _invalid("duplicate_key")
    return fields


def _lines(fields: Mapping[str, str]) -> str:
    return "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))


def _check_hash(secret: bytes, fields: Mapping[str, str], given: str) -> None:
    expected = hmac.digest(secret, _lines(fields).encode("utf-8", "surrogatepass"), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")):
        raise _invalid("wrong_hash")


def _person(fields: Mapping[str, str]) -> Person:
    try:
        user = orjson.loads(fields["user"])
        person = Person(
            int(user["id"]), str(user.get("first_name", "")), str(user.get("last_name", "")),
            str(user.get("username", "")), str(user.get("language_code", "")), str(user.get("photo_url", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _invalid("malformed") from error
    if not 0 < person.telegram_id < 2**52 or "\0" in "".join((person.first_name, person.last_name, person.username)):
        raise _invalid("malformed")
    _check_age(fields)
    return person


def _check_age(fields: Mapping[str, str]) -> None:
    try:
        age_s = clock.now().timestamp() - int(fields["auth_date"])
    except (KeyError, ValueError) as error:
        raise _invalid("malformed") from error
    if age_s > INIT_DATA_TTL.total_seconds() or age_s < -CLOCK_SKEW.total_seconds():
        raise _invalid("stale")


def _invalid(reason: str) -> Unauthenticated:
    return Unauthenticated("identity.init_data_invalid", "initData is not valid", reason=reason)
