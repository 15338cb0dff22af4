"""Limits at the HTTP edge, over four processes of one installation that answer for the same addresses (POL-2)."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, free_port, installed

Json = dict[str, Any]


class Four:
    """An installation, and the addresses of its four processes."""

    def __init__(self, place: Installation, bases: list[str]) -> None:
        self.place = place
        self.bases = bases


@pytest.fixture(scope="module")
def four(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Four]:
    """One process with every role, and three that answer HTTP beside it."""
    with installed(test_server, tmp_path_factory.mktemp("kassa"), http_limits=True) as place:
        ports = [free_port() for _ in range(3)]
        for port in ports:
            place.beside("api", PORT=str(port))
        yield Four(place, [place.base, *(f"http://127.0.0.1:{port}" for port in ports)])


async def ask(
    http: aiohttp.ClientSession, base: str, ip: str, method: str = "GET", path: str = "/api/v1/plans", **more: Any
) -> tuple[int, Json, Mapping[str, str]]:
    """A request as a proxy of ours passes it on: status, body and headers."""
    headers = {"X-Forwarded-For": ip} | more.pop("headers", {})
    async with http.request(method, base + path, headers=headers, **more) as answer:
        body = await answer.json(content_type=None) if answer.status != 204 else {}
        return answer.status, body, answer.headers


async def statuses(http: aiohttp.ClientSession, four: Four, ip: str, times: int, *request: str) -> Counter[int]:
    """So many requests at once, by turns to each process: how often each status came."""
    gate = asyncio.Semaphore(40)

    async def one(number: int) -> int:
        async with gate:
            return (await ask(http, four.bases[number % 4], ip, *request))[0]

    return Counter(await asyncio.gather(*(one(number) for number in range(times))))


async def test_an_address_has_1000_requests_an_hour(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-2: four processes together let exactly 1,000 of 1,100 pass; the others are told how long to wait."""
    seen = await statuses(http, four, "203.0.113.1", 1100)
    assert seen == {200: 1000, 429: 100}
    status, body, headers = await ask(http, four.bases[1], "203.0.113.1")
    assert (status, body["code"]) == (429, "policies.limit_reached")
    assert body["details"]["rule"] == "http-per-ip"
    wait = int(headers["Retry-After"])
    assert 3500 < wait <= 3600
    assert headers["RateLimit-Policy"] == '"http-per-ip";q=1000;w=3600'
    assert headers["RateLimit"].startswith('"http-per-ip";r=0;t=3')
    assert (await ask(http, four.bases[1], "203.0.113.2"))[0] == 200
    # The promise of Retry-After is kept: the window of that address is moved as far into the past.
    moved = "update policies_counter set closes_at = closes_at - $1 * interval '1 second' where count = 1000"
    await four.place.rows(moved, wait - 30)
    assert (await ask(http, four.bases[2], "203.0.113.1"))[0] == 429
    await four.place.rows(moved, 30)
    assert (await ask(http, four.bases[2], "203.0.113.1"))[0] == 200


async def test_an_address_has_10_registrations_an_hour(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-2: whatever they are answered, ten get through to the form."""
    seen = await statuses(http, four, "203.0.113.3", 25, "POST", "/api/v1/auth/register")
    assert seen[429] == 15


async def test_headers_tell_what_is_left(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-2: every answer tells, in the draft's words and in the older ones."""
    for left in (999, 998, 997):
        status, _, headers = await ask(http, four.bases[left % 4], "2001:db8:7::1")
        assert status == 200
        assert f'"http-per-ip";r={left};t=3' in headers["RateLimit"]
        assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("1000", str(left))


async def test_who_is_never_counted(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-2: health, pages, webhooks and staff have no RateLimit; wrong passwords are counted, right ones are not."""
    for path in ("/api/health/live", "/metrics", "/api/docs", "/admin"):
        async with http.get(four.place.base + path) as answer:
            assert "RateLimit" not in answer.headers
    for _ in range(20):
        assert (await ask(http, four.bases[0], "203.0.113.4", "POST", "/api/v1/webhooks/nobody", json={}))[0] == 404
    owner = await four.place.owner(http)
    status, _, headers = await ask(http, four.bases[3], "203.0.113.4", path="/api/v1/admin/bots", headers=owner)
    assert (status, "RateLimit" in headers) == (200, False)
    wrong = {"email": "nobody@example.com", "password": "wrong password"}
    login = "/api/v1/auth/login"
    first = [(await ask(http, base, "203.0.113.4", "POST", login, json=wrong))[0] for base in four.bases * 8]
    assert Counter(first) == {401: 30, 429: 2}
    assert (await ask(http, four.bases[0], "203.0.113.5", "POST", login, json=wrong))[0] == 401


async def test_a_closed_session_and_an_unknown_token(four: Four, http: aiohttp.ClientSession) -> None:
    """IDN-1, NFR-1: what the gate knows of a caller is asked again every time, in the statement that counts."""
    owner = await four.place.owner(http)
    path = "/api/v1/admin/bots"
    for base in four.bases * 2:
        assert (await ask(http, base, "203.0.113.6", path=path, headers=owner))[0] == 200
    async with http.post(f"{four.place.base}/api/v1/auth/logout", headers=owner) as answer:
        assert answer.status == 204
    for base in four.bases:
        status, body, _ = await ask(http, base, "203.0.113.6", path=path, headers=owner)
        assert (status, body["code"]) == (401, "access.session_closed")
    status, body, _ = await ask(http, four.bases[0], "203.0.113.6", path=path, headers={"Authorization": "Bearer x"})
    assert (status, body["code"]) == (401, "access.token_invalid")
    assert (await ask(http, four.bases[0], "203.0.113.6", path=path))[1]["code"] == "access.token_missing"
    # A route for strangers does not mind the token.
    wrong = {"email": "nobody@example.com", "password": "wrong password"}
    more: Json = {"json": wrong, "headers": {"Authorization": "Bearer x"}}
    assert (await ask(http, four.bases[0], "203.0.113.6", "POST", "/api/v1/auth/login", **more))[1]["code"] == (
        "identity.credentials_wrong"
    )


async def test_a_rule_edited_in_the_panel_is_in_force_at_once(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-1: saved through one process, obeyed by all four from the next request on; rolled back the same way."""
    owner = await four.place.owner(http)
    url = f"{four.bases[2]}/api/v1/admin/policies"
    for base in four.bases:
        assert (await ask(http, base, "203.0.113.7"))[0] == 200
    async with http.get(url, headers=owner) as answer:
        before = await answer.json()
    assert (answer.status, before["number"]) == (200, 0)
    strict = before["source"].replace('["1,000/hour"]', '["6/hour"]')
    async with http.put(url, json={"source": strict, "note": "стройже", "based_on": 0}, headers=owner) as answer:
        saved = await answer.json()
        assert (answer.status, saved["number"]) == (200, 1), saved
    assert [(await ask(http, base, "203.0.113.7"))[0] for base in four.bases] == [200, 200, 429, 429]
    async with http.put(url, json={"source": strict, "note": "", "based_on": 0}, headers=owner) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "policies.rules_changed")
    async with http.get(f"{url}/versions/0/diff?to=1", headers=owner) as answer:
        assert '-    limits: ["1,000/hour"]\n+    limits: ["6/hour"]' in (await answer.json())["diff"]
    async with http.post(f"{url}/versions/0/rollback", json={"note": "как было"}, headers=owner) as answer:
        assert (answer.status, (await answer.json())["number"]) == (201, 2)
    assert [(await ask(http, base, "203.0.113.7"))[0] for base in four.bases] == [200] * 4
    async with http.get(f"{url}/versions", headers=owner) as answer:
        assert [(item["number"], item["note"]) for item in (await answer.json())["items"]] == [
            (2, "как было"), (1, "стройже"),
        ]  # fmt: skip


async def test_a_blocked_network_gets_nothing(four: Four, http: aiohttp.ClientSession) -> None:
    """POL-4: one clear answer from every process, staff still come in, and lifting it works at once."""
    owner = await four.place.owner(http)
    url = f"{four.place.base}/api/v1/admin/blocks"
    body = {"network": "198.51.100.7/24", "reason": "Подбор паролей"}
    async with http.post(url, json=body, headers=owner) as answer:
        block = await answer.json()
        assert (answer.status, block["network"], block["is_live"]) == (201, "198.51.100.0/24", True)
    for base in four.bases:
        status, told, _ = await ask(http, base, "198.51.100.200")
        assert (status, told["code"], told["message"]) == (403, "policies.blocked", "Подбор паролей")
        assert (await ask(http, base, "198.51.101.1"))[0] == 200
    assert (await ask(http, four.bases[1], "198.51.100.200", path="/api/v1/admin/bots", headers=owner))[0] == 200
    async with http.get(f"{url}?network=198.51.100.9&live=true", headers=owner) as answer:
        assert [item["id"] for item in (await answer.json())["items"]] == [block["id"]]
    async with http.post(f"{url}/{block['id']}/lift", json={"reason": "Ошибка"}, headers=owner) as answer:
        assert (answer.status, (await answer.json())["lift_reason"]) == (200, "Ошибка")
    for base in four.bases:
        assert (await ask(http, base, "198.51.100.200"))[0] == 200
    async with http.post(f"{url}/{block['id']}/lift", json={"reason": "x"}, headers=owner) as answer:
        assert (answer.status, (await answer.json())["code"]) == (404, "policies.block_not_found")
    for wrong in ({}, {"network": "300.1.1.1"}, {"network": "10.0.0.0/8", "until": "2020-01-01T00:00:00Z"}):
        async with http.post(url, json=wrong | {"reason": "x"}, headers=owner) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "policies.block_invalid")
