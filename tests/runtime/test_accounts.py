"""IDN-1, IDN-8: customers' own accounts over HTTP, with the mail that belongs to them."""

import uuid

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import meet
from tests.runtime.web import Caller, mail_to, token_in

PASSWORD = "a-good-password"


def an_address() -> str:
    return f"{uuid.uuid4().hex[:10]}@example.com"


async def registered(http: aiohttp.ClientSession, email: str = "", locale: str = "en") -> tuple[Caller, str]:
    email = email or an_address()
    body = {"email": email, "password": PASSWORD, "name": "Vera", "locale": locale}
    pair = await Caller(http).post("/auth/register", body)
    return Caller(http, pair["access_token"]), email


async def test_who_registers_is_signed_in_and_confirms_the_address(
    site: Installation, http: aiohttp.ClientSession
) -> None:
    """IDN-1: registration, confirmation by mail, profile, language."""
    vera, email = await registered(http)
    me = await vera.get("/auth/profile")
    assert (me["kind"], me["name"], me["email"], me["is_email_verified"]) == ("customer", "Vera", email, False)
    mail = await mail_to(http, email)
    assert mail["subject"] == "Confirm your e-mail address"
    assert mail["text"].startswith("Hello Vera,")
    await Caller(http).post("/auth/verify", {"token": token_in(mail)})
    assert (await vera.get("/auth/me"))["is_email_verified"]
    assert await Caller(http).refused("POST", "/auth/verify", {"token": token_in(mail)}) == (
        422, "identity.proof_invalid",
    )  # fmt: skip
    await vera.put("/auth/locale", {"locale": "ru"})
    changed = await vera.put("/auth/profile", {"name": "  Вера\u202e \n Ким "})
    assert (changed["name"], changed["locale"]) == ("Вера Ким", "ru")
    assert await vera.refused("PUT", "/auth/locale", {"locale": "xx"}) == (422, "identity.locale_unknown")


async def test_an_address_is_used_once_whatever_its_letters(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1: one account per address; refusals have codes."""
    _, email = await registered(http)
    again = {"email": f" {email.upper()} ", "password": PASSWORD}
    assert await Caller(http).refused("POST", "/auth/register", again) == (409, "identity.email_taken")
    for body, code in (
        ({"email": "nobody", "password": PASSWORD}, "identity.email_invalid"),
        ({"email": "a\0b@example.com", "password": PASSWORD}, "identity.email_invalid"),
        ({"email": an_address(), "password": "short"}, "identity.password_weak"),
        ({"email": an_address(), "password": "aaaaaaaaaaaa"}, "identity.password_weak"),
    ):
        assert await Caller(http).refused("POST", "/auth/register", body) == (422, code)


async def test_a_forgotten_password(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1: the link works once, ends every session, and nobody learns who has an account."""
    vera, email = await registered(http, locale="ru")
    nobody = await Caller(http).call("POST", "/auth/password/forgotten", {"email": an_address()})
    known = await Caller(http).call("POST", "/auth/password/forgotten", {"email": email})
    assert nobody == known == (202, {"ok": True})
    first = token_in(await mail_to(http, email, "Новый пароль"))
    await Caller(http).post("/auth/password/reset", {"token": first, "password": "another-password"})
    assert await vera.refused("GET", "/auth/profile") == (401, "access.session_closed")
    assert await Caller(http).refused("POST", "/auth/password/reset", {"token": first, "password": PASSWORD}) == (
        422, "identity.proof_invalid",
    )  # fmt: skip
    assert (await Caller(http).call("POST", "/auth/login", {"email": email, "password": PASSWORD}))[0] == 401
    again = await Caller(http).login(email, "another-password")
    assert (await again.get("/auth/profile"))["is_email_verified"]
    assert "закрыты" in (await mail_to(http, email, "Пароль изменён"))["text"]


async def test_changing_the_password_signs_the_other_places_out(
    site: Installation, http: aiohttp.ClientSession
) -> None:
    """IDN-1: sessions are listed and closed, one by one or all the others."""
    here, email = await registered(http)
    there = await here.login(email, PASSWORD)
    third = await here.login(email, PASSWORD)
    sessions = (await here.get("/auth/sessions"))["items"]
    assert [item["is_current"] for item in sessions].count(True) == 1
    assert len(sessions) == 3
    other = next(item for item in (await third.get("/auth/sessions"))["items"] if item["is_current"])
    await here.call("DELETE", f"/auth/sessions/{other['id']}")
    assert await third.refused("GET", "/auth/me") == (401, "access.session_closed")
    wrong = {"old": "not it at all", "new": "another-password"}
    assert await here.refused("PUT", "/auth/password", wrong) == (403, "identity.password_wrong")
    await here.put("/auth/password", {"old": PASSWORD, "new": "another-password"})
    assert await there.refused("GET", "/auth/me") == (401, "access.session_closed")
    assert (await here.get("/auth/me"))["email"] == email


async def test_a_customer_of_telegram_adds_an_address(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-3: one person, two ways in; an address that somebody has is not taken over."""
    anna = await meet(http, site.base, "neuro_demo_bot")
    token = (await site.customer(anna, http))["Authorization"].removeprefix("Bearer ")
    caller = Caller(http, token)
    before = await caller.get("/auth/me")
    _, taken = await registered(http)
    body = {"email": taken, "password": PASSWORD}
    assert await caller.refused("POST", "/auth/email", body) == (409, "identity.email_taken")
    email = an_address()
    await caller.post("/auth/email", {"email": email, "password": PASSWORD})
    same = await (await Caller(http).login(email, PASSWORD)).get("/auth/me")
    assert (same["id"], same["telegram_id"]) == (before["id"], before["telegram_id"])
    assert await caller.refused("POST", "/auth/email", {"email": an_address(), "password": PASSWORD}) == (
        409, "identity.email_set",
    )  # fmt: skip


async def test_keys_are_shown_once_and_end_when_revoked(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-8: keys of customers: hashed, prefix shown, scopes, expiry; they open /v1 and nothing else."""
    vera, _ = await registered(http)
    made = await vera.post("/auth/keys", {"name": "my script", "scopes": ["chat", "models"]})
    assert made["secret"].startswith(made["prefix"])
    listed = (await vera.get("/auth/keys"))["items"]
    assert [item["id"] for item in listed] == [made["id"]]
    assert "secret" not in listed[0]
    stored = await site.rows("select * from access_key where id = $1", uuid.UUID(made["id"]))
    assert made["secret"] not in str(dict(stored[0]))
    key = Caller(http, made["secret"])
    assert await key.refused("GET", "/auth/me") == (403, "access.key_not_here")
    assert await vera.refused("POST", "/auth/keys", {"name": "x", "scopes": ["everything"]}) == (
        422, "access.scope_unknown",
    )  # fmt: skip
    past = {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}
    assert await vera.refused("POST", "/auth/keys", past) == (422, "access.expiry_past")
    await vera.call("DELETE", f"/auth/keys/{made['id']}")
    assert await key.refused("GET", "/auth/me") == (401, "access.key_invalid")
    assert await vera.refused("DELETE", f"/auth/keys/{made['id']}") == (404, "access.key_not_found")


@pytest.mark.parametrize("what", ["sessions", "keys"])
async def test_nobody_closes_what_is_not_theirs(site: Installation, http: aiohttp.ClientSession, what: str) -> None:
    """IDN-5: another customer's sessions and keys do not exist for me."""
    vera, _ = await registered(http)
    oleg, _ = await registered(http)
    made = await vera.post("/auth/keys", {"name": "mine"}) if what == "keys" else None
    theirs = made["id"] if made else (await vera.get("/auth/sessions"))["items"][0]["id"]
    assert (await oleg.refused("DELETE", f"/auth/{what}/{theirs}"))[0] == 404
    assert len((await vera.get(f"/auth/{what}"))["items"]) == 1
