"""IDN-2: a Mini App's initData, as Telegram signs it and as attackers shape it."""

import hashlib
import hmac
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from kassa.core.identity import check_init_data
from kassa.kit import clock
from kassa.kit.errors import Unauthenticated

TOKEN = "42:TEST"
SPECS = Path(os.environ.get("KASSA_SPECS_DIR") or Path(__file__).parents[3].parent / "shared/reference/specs")
VECTORS = SPECS / "telegram-init-data-vectors.json"


def vectors() -> list[Any]:
    """The published vectors, where they are at hand."""
    if not VECTORS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no vectors at {VECTORS}"))]
    return [pytest.param(vector, id=vector["id"]) for vector in json.loads(VECTORS.read_text("utf-8"))]


def signed(token: str = TOKEN, **fields: str) -> str:
    """initData as Telegram would sign it."""
    fields = {"auth_date": str(int(clock.now().timestamp())), "user": '{"id": 42, "first_name": "Вера"}', **fields}
    text = "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))
    secret = hmac.digest(b"WebAppData", token.encode(), "sha256")
    return urlencode({**fields, "hash": hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()})


def reason_of(init_data: str, token: str = TOKEN) -> str:
    """Why it is refused; empty when it is not."""
    try:
        check_init_data(init_data, token)
    except Unauthenticated as error:
        return str(error.facts["reason"])
    return ""


@pytest.mark.parametrize("vector", vectors())
def test_published_vectors(vector: dict[str, Any]) -> None:
    """The signature of each is judged as its source says; `signature` and blank values stay in the check string."""
    signed_at = int(dict(parse_qsl(vector["init_data"], keep_blank_values=True)).get("auth_date", "0"))
    with clock.moved(timedelta(seconds=signed_at + 60 - clock.now().timestamp())):
        reason = reason_of(vector["init_data"], vector["token"])
    assert (reason != "wrong_hash") is bool(vector["hmac"]), reason


def test_a_signed_person_is_known() -> None:
    person = check_init_data(
        signed(user='{"id": 99, "first_name": "A", "last_name": "B", "language_code": "ru"}'), TOKEN
    )
    assert (person.telegram_id, person.first_name, person.last_name, person.language) == (99, "A", "B", "ru")


@pytest.mark.parametrize(
    ("init_data", "reason"),
    [
        (signed() + "&extra=1", "wrong_hash"),
        (signed() + "&auth_date=1", "duplicate_key"),
        (signed(token="42:OTHER"), "wrong_hash"),
        (signed(auth_date="1"), "stale"),
        (signed(auth_date=str(int(clock.now().timestamp()) + 4000)), "stale"),
        (signed(auth_date="soon"), "malformed"),
        (signed(user="not json"), "malformed"),
        (signed(user="[1]"), "malformed"),
        (signed(user='{"id": null}'), "malformed"),
        (signed(user=""), "malformed"),
        ("", "wrong_hash"),
        ("hash", "malformed"),
        ("a=1", "wrong_hash"),
        ("a=1&hash=%ff%ff&signature=%ff", "wrong_hash"),
        ("a=1&hash=" + "ы" * 64, "wrong_hash"),
        ("&".join(f"a{number}=1" for number in range(100)), "malformed"),
        ("a=" + quote("x" * 5000), "too_long"),
    ],
    # Signed data differs in every process that collects the tests; their names must not.
    ids=[f"case-{number}" for number in range(17)],
)
def test_what_is_not_right_is_refused_and_never_breaks(init_data: str, reason: str) -> None:
    assert reason_of(init_data) == reason
