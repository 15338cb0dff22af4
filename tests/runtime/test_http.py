"""The HTTP edge: what comes from anybody is bounded, checked, and answered in one shape."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import Json, meet

LOGIN = "/api/v1/auth/login"


def _is_error(body: Json, code: str) -> None:
    assert set(body) == {"code", "message", "details"}
    assert body["code"] == code


async def _raw(site: Installation, request: bytes) -> bytes:
    """The answer to bytes, up to the end of its details."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.base.rpartition(":")[2]))
    try:
        writer.write(request)
        await writer.drain()
        # A body that does not come is waited for by the server for ten seconds, so that its answer is not lost.
        return await asyncio.wait_for(reader.readuntil(b"}"), 30)
    finally:
        writer.close()


async def test_a_body_of_100_mb_is_not_even_read(site: Installation) -> None:
    """CTR: a declared length beyond the limit is refused at once, one that is not declared as soon as it is seen."""
    head = f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    answer = await _raw(site, f"{head}Content-Length: {100 * 1024 * 1024}\r\n\r\n{{".encode())
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert b"request.too_large" in answer
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    answer = await _raw(site, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 20 + b"0\r\n\r\n")
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert b"request.too_large" in answer


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00", b'"\\ud800"', b"[" * 20_000, b'{"a":' * 5000 + b"1" + b"}" * 5000, b"nul"]
)
async def test_what_is_no_json_is_malformed(http: aiohttp.ClientSession, body: bytes) -> None:
    """CTR: 400 or 422 with a code, whatever the bytes; never an error of ours."""
    async with http.post(LOGIN, data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status in (400, 422), await answer.text()
        assert (await answer.json())["code"] in ("request.malformed", "request.invalid")


@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("value", [None, 1, [], {}, "x" * 1000, "\u0000", "a\u0000@b.c"])
async def test_fields_of_other_kinds(http: aiohttp.ClientSession, field: str, value: Any) -> None:
    """CTR: a field of another type, too long, or with a NUL in it is an ordinary refusal."""
    body = {"email": "a@example.com", "password": "some password"} | {field: value}
    async with http.post(LOGIN, json=body) as answer:
        assert answer.status in (401, 422), await answer.text()


async def test_what_is_not_there(http: aiohttp.ClientSession) -> None:
    """CTR: unknown addresses and methods answer in the same shape as everything else."""
    async with http.get("/api/v1/nothing") as answer:
        assert answer.status == 404
        _is_error(await answer.json(), "request.not_found")
    async with http.delete(LOGIN) as answer:
        assert answer.status == 405
        _is_error(await answer.json(), "request.method_not_allowed")
    async with http.post("/api/v1/webhooks/nobody", json={}) as answer:
        assert answer.status == 404
        _is_error(await answer.json(), "billing.provider_not_configured")


async def test_operations(http: aiohttp.ClientSession) -> None:
    """CTR: health, description and metrics are where operators look for them."""
    async with http.get("/api/health") as answer:
        assert (answer.status, (await answer.json())["status"]) == (200, "ok")
    async with http.get("/api/openapi.json") as answer:
        assert "/api/v1/billing/orders" in (await answer.json())["paths"]
    async with http.get("/metrics") as answer:
        assert 'kassa_ledger_check_ok' in await answer.text()  # fmt: skip
    async with http.get("/api/docs") as answer:
        assert answer.status == 200
    async with http.get("/api/health/live", headers={"X-Request-ID": "abc-1"}) as answer:
        assert answer.headers["X-Request-ID"] == "abc-1"
    async with http.get("/api/health/live", headers={"X-Request-ID": "a b\tc"}) as answer:
        assert answer.headers["X-Request-ID"] != "a b\tc"


async def test_a_telegram_webhook_takes_updates_only(site: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-2: nothing is taken without the path and its secret; what is no update is refused, never an error of ours."""
    path, secret = (await site.rows("select webhook_path, webhook_secret from channel_bot limit 1"))[0]
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    address = f"/api/v1/webhooks/telegram/{path}"
    for url, given in ((address, {}), ("/api/v1/webhooks/telegram/x", headers), (address, {next(iter(headers)): "x"})):
        async with http.post(url, json={"update_id": 1}, headers=given) as answer:
            assert answer.status == 403
            _is_error(await answer.json(), "channels.webhook_refused")
    deep = b'{"update_id": 5, "message": ' + b'{"a":' * 90 + b"1" + b"}" * 91
    for body in (b"", b"{", b"[]", b"1", b"\xff", deep, b"[" * 100_000):
        async with http.post(address, data=body, headers=headers) as answer:
            assert answer.status == 400, body[:40]
    for update in ({}, {"update_id": "1"}, {"update_id": True}, {"update_id": -1}, {"update_id": 1 << 62}):
        async with http.post(address, json=update, headers=headers) as answer:
            assert answer.status == 422
            _is_error(await answer.json(), "channels.malformed_update")
    strange: list[Any] = [
        {"chat": {"id": 1 << 70}},
        {"chat": {"id": "x"}},
        {"chat": []},
        [],
        None,
        {"from": {"id": {}}},
    ]
    for message in strange:
        async with http.post(address, json={"update_id": 77, "message": message}, headers=headers) as answer:
            assert answer.status < 500, message
    await site.rows("delete from channel_update where update_id = 77")


async def test_orders_of_a_customer(site: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-2, LED-2: the same key is the same order, another body a conflict; orders are paged without loss; others'
    orders are not there."""
    phone = await meet(http, site.base, "neuro_demo_bot")
    mine = await site.customer(phone, http)
    body = {"plan": "tokens-7d-150k", "provider": "yookassa"}

    async def place(key: str, **changes: Any) -> tuple[int, Json]:
        given = mine | ({"Idempotency-Key": key} if key else {})
        async with http.post("/api/v1/billing/orders", json=body | changes, headers=given) as answer:
            return answer.status, await answer.json()

    placed = [await place(f"k{number}") for number in range(5)]
    assert {status for status, _ in placed} == {201}
    assert placed[0][1]["payment"]["confirmation_url"].startswith(site.base)
    again = await asyncio.gather(*(place("k0") for _ in range(5)))
    assert {found[1]["id"] for found in again} == {placed[0][1]["id"]}
    for refused, status, code in (
        (await place("k0", plan="eternal-150k"), 409, "billing.idempotency_conflict"),
        (await place("", plan="eternal-150k"), 422, "request.invalid"),
        (await place("x1", plan="nothing"), 404, "billing.plan_not_found"),
        (await place("x2", provider="cash"), 422, "billing.provider_unknown"),
        (await place("x4", return_url="javascript:alert(1)"), 422, "request.invalid"),
    ):
        assert refused[0] == status, refused
        _is_error(refused[1], code)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        async with http.get("/api/v1/billing/history", params=query, headers=mine) as answer:
            page = await answer.json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [order["id"] for _, order in reversed(placed)]
    for query in ({"cursor": "x"}, {"cursor": "bnVsbA"}, {"cursor": "WzEsMl0"}, {"limit": "0"}, {"limit": "101"}):
        async with http.get("/api/v1/billing/history", params=query, headers=mine) as answer:
            assert answer.status == 422, query
    other = await site.customer(await meet(http, site.base, "neuro_demo_bot"), http)
    for headers, status in ((mine, 200), (other, 404)):
        async with http.get(f"/api/v1/billing/orders/{seen[0]}", headers=headers) as answer:
            assert answer.status == status
