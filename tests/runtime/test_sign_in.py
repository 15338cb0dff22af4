"""Signing in over HTTP: staff by password, customers by Telegram, sessions that end when they must."""

import asyncio
import base64
import json
import uuid
from typing import Any

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import meet

Json = dict[str, Any]
PASSWORD = "a-good-password"


async def _post(http: aiohttp.ClientSession, path: str, body: Any, token: str = "") -> tuple[int, Json]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(f"/api/v1/auth/{path}", json=body, headers=headers) as answer:
        return answer.status, await answer.json() if answer.status != 204 else {}


async def _staff(site: Installation, http: aiohttp.ClientSession, email: str, role: str = "analyst") -> Json:
    if await site.value("select id from identity_staff where email = $1", email) is None:
        await site.command("staff", "create", email, "--role", role, "--password", PASSWORD)
    status, pair = await _post(http, "login", {"email": email.upper(), "password": PASSWORD})
    assert status == 200
    return pair


async def _bots(http: aiohttp.ClientSession, token: str) -> int:
    async with http.get("/api/v1/admin/bots", headers={"Authorization": token and f"Bearer {token}"}) as answer:
        return answer.status


async def test_a_used_refresh_token_revokes_its_family(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1: a refresh token works once; the second use ends every token that came from it, access tokens too."""
    first = await _staff(site, http, "worker@example.com", "owner")
    assert await _bots(http, first["access_token"]) == 200
    assert first["expires_in"] == 900
    status, second = await _post(http, "refresh", {"refresh_token": first["refresh_token"]})
    assert (status, second["refresh_token"] != first["refresh_token"]) == (200, True)
    assert await _bots(http, second["access_token"]) == 200
    stolen = await _post(http, "refresh", {"refresh_token": first["refresh_token"]})
    assert (stolen[0], stolen[1]["code"]) == (401, "access.refresh_invalid")
    assert (await _post(http, "refresh", {"refresh_token": second["refresh_token"]}))[0] == 401
    assert await _bots(http, second["access_token"]) == 401


async def test_of_two_refreshes_at_once_one_wins(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1: the same token in ten requests at once is traded once."""
    pair = await _staff(site, http, "worker@example.com", "owner")
    found = await asyncio.gather(*(_post(http, "refresh", {"refresh_token": pair["refresh_token"]}) for _ in range(10)))
    assert sorted(status for status, _ in found) == [200] + [401] * 9


async def test_logout_ends_the_session_at_once(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1: after logout neither token works; another session of the same person goes on."""
    one, two = [await _staff(site, http, "worker@example.com", "owner") for _ in range(2)]
    assert (await _post(http, "logout", None, one["access_token"]))[0] == 204
    assert await _bots(http, one["access_token"]) == 401
    assert (await _post(http, "refresh", {"refresh_token": one["refresh_token"]}))[0] == 401
    assert await _bots(http, two["access_token"]) == 200


async def test_failures_lock_the_account_for_a_while(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-1, POL-3: after five wrong passwords not even the right one helps, and the answer says for how long."""
    await _staff(site, http, "locked@example.com")
    for _ in range(5):
        status, body = await _post(http, "login", {"email": "locked@example.com", "password": "wrong password"})
        assert (status, body["code"]) == (401, "identity.credentials_wrong")
    async with http.post("/api/v1/auth/login", json={"email": "locked@example.com", "password": PASSWORD}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (429, "identity.login_locked")
        assert 0 < int(answer.headers["Retry-After"]) <= 901
    stranger = await _post(http, "login", {"email": "nobody@example.com", "password": "wrong password"})
    assert (stranger[0], stranger[1]["code"]) == (401, "identity.credentials_wrong")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "none", "swapped"])
async def test_a_token_that_is_not_ours_opens_nothing(
    site: Installation, http: aiohttp.ClientSession, token: str
) -> None:
    """IDN-1: garbage, a token without a signature, and one whose claims were changed are refused."""
    real = (await _staff(site, http, "worker@example.com", "owner"))["access_token"]
    head, claims, sign = real.split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    given = {"none": f"{none}.{claims}.", "swapped": f"{head}.{claims[:-4]}AAAA.{sign}"}.get(token, token)
    async with http.get("/api/v1/admin/bots", headers={"Authorization": f"Bearer {given}"}) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_who_may_do_what(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-4: an analyst gives no money back; staff do not shop, and customers see nothing of the staff's."""
    analyst = {"Authorization": f"Bearer {(await _staff(site, http, 'analyst@example.com'))['access_token']}"}
    phone = await meet(http, site.base, "neuro_demo_bot")
    customer = await site.customer(phone, http)
    wanted = "/api/v1/admin/payments/01a1fc8e-7989-7075-8f02-4a736849f796/refund"
    async with http.post(wanted, json={"reason": "x"}, headers=analyst) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "access.permission_denied")
    async with http.post(wanted, json={"reason": "x"}, headers=customer) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "access.staff_only")
    async with http.get("/api/v1/billing/account", headers=analyst) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "access.customers_only")
    async with http.post(wanted, json={"reason": "x"}, headers=await site.owner(http)) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "billing.payment_not_found")


@pytest.mark.parametrize(
    "data", ["", "x", "=", "&&&", "user=%ff&hash=1", "hash=%00", "user={}&auth_date=1&hash=" + "0" * 64, "a=1&a=2",
             "user=" + "[" * 3000, "\ud83d", "auth_date=99999999999999999999&hash=x", "q" * 8192, "q" * 9000]
)  # fmt: skip
async def test_malformed_init_data_is_refused(site: Installation, http: aiohttp.ClientSession, data: str) -> None:
    """IDN-2: whatever stands in initData, the answer is a refusal and never an error of ours."""
    bot = str((await meet(http, site.base, "neuro_demo_bot")).bot["id"])
    raw = json.dumps({"init_data": data, "bot_id": bot}).encode()
    headers = {"Content-Type": "application/json"}
    async with http.post("/api/v1/auth/telegram", data=raw, headers=headers) as answer:
        assert answer.status in (400, 401, 422), await answer.text()
        assert set(await answer.json()) == {"code", "message", "details"}


async def another_organization(site: Installation) -> str:
    """A second business, with a site of its own."""
    slug = f"other-{uuid.uuid4().hex[:8]}"
    await site.command("organization", "add", slug, "--owner", f"{slug}@example.com", "--password", "a-good-password")
    return slug


@pytest.mark.parametrize("bot", ["", "0", "9" * 30, "@nobody", "01a1fc8e-7989-7075-8f02-4a736849f796"])
async def test_an_unknown_bot_signs_nobody_in(site: Installation, http: aiohttp.ClientSession, bot: str) -> None:
    """IDN-2: a bot that is not here is not found; the sites, which have no name in Telegram, are none of its bots."""
    for place in ("default", await another_organization(site)):
        async with http.get("/api/v1/chat", params={"organization": place}) as answer:  # makes its site
            assert answer.status == 200
    status, body = await _post(http, "telegram", {"init_data": "x", "bot_id": bot})
    assert (status, body["code"]) == (404, "channels.bot_not_found")
