"""The HTTP edge: every refusal has its status, code and words, and nothing that strangers send breaks it (CTR)."""

import io
from typing import Any

import aiohttp
import pytest

from tests.flows.installation import Installation

BIG = b"x" * (2 * 1024 * 1024)
DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000


async def ask(
    place: Installation, http: aiohttp.ClientSession, method: str, path: str, **kwargs: Any
) -> tuple[int, dict[str, Any]]:
    """A request's status and its body, which has our one shape when it is an error."""
    async with http.request(method, place.base + path, **kwargs) as answer:
        body = await answer.json()
        if answer.status >= 400:
            assert set(body) == {"code", "message", "details"}, body
            assert "x-request-id" in answer.headers
        return answer.status, body


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", None, 404, "request.not_found"),
        ("DELETE", "/api/v1/plans", None, 405, "request.method_not_allowed"),
        ("GET", "/api/v1/billing/account", None, 401, "access.token_missing"),
        ("POST", "/api/v1/admin/payments/x/refund", b"{}", 401, "access.token_missing"),
        ("POST", "/api/v1/auth/login", b"\xff\xfe", 400, "request.malformed"),
        ("POST", "/api/v1/auth/login", b"{", 400, "request.malformed"),
        ("POST", "/api/v1/auth/login", b"[]", 422, "request.invalid"),
        ("POST", "/api/v1/auth/login", BIG, 413, "request.too_large"),
        ("POST", "/api/v1/auth/login", b'{"email": "a@b.c", "password": "x"}', 401, "identity.credentials_wrong"),
        ("POST", "/api/v1/auth/refresh", b'{"refresh_token": "x"}', 401, "access.refresh_invalid"),
        ("POST", "/api/v1/auth/telegram", b'{"init_data": "x", "bot_id": "1"}', 404, "channels.bot_not_found"),
        (
            "POST", "/api/v1/auth/telegram", b'{"init_data": "a=1", "bot_id": "neuro_demo_bot"}', 401,
            "identity.init_data_invalid",
        ),
        ("POST", "/api/v1/webhooks/yookassa", b"", 422, "billing.malformed_webhook"),
        ("POST", "/api/v1/webhooks/yookassa", b"\xff", 422, "billing.malformed_webhook"),
        ("POST", "/api/v1/webhooks/yookassa", DEEP, 422, "billing.malformed_webhook"),
        ("POST", "/api/v1/webhooks/yookassa", b'{"type": "notification"}', 422, "billing.malformed_webhook"),
        ("POST", "/api/v1/webhooks/yookassa", BIG, 413, "request.too_large"),
        ("POST", "/api/v1/webhooks/nobody", b"{}", 404, "billing.provider_not_configured"),
        ("POST", "/api/v1/webhooks/telegram/guess", b"{}", 403, "channels.webhook_refused"),
    ],
)  # fmt: skip
async def test_refusals(
    checked: Installation,
    http: aiohttp.ClientSession,
    method: str,
    path: str,
    body: bytes | None,
    status: int,
    code: str,
) -> None:
    headers = {"Content-Type": "application/json"}
    found = await ask(checked, http, method, path, data=io.BytesIO(body) if body else None, headers=headers)
    assert (found[0], found[1]["code"]) == (status, code)


async def test_a_body_without_a_length_is_counted_as_it_comes(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """CTR: a hundred megabytes get the answer that they are too large, and none of them is kept."""
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        for _ in range(1600):
            sent += 65536
            yield b"x" * 65536

    status, body = await ask(checked, http, "POST", "/api/v1/webhooks/yookassa", data=endless())
    assert (status, body["code"], sent) == (413, "request.too_large", 1600 * 65536)


async def test_telegrams_webhook_wants_its_secret(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-2: an opaque path and a secret header; both or nothing."""
    path = await checked.value("select webhook_path from channel_bot where username = 'neuro_demo_bot'")
    secret = await checked.value("select webhook_secret from channel_bot where username = 'neuro_demo_bot'")
    url = f"/api/v1/webhooks/telegram/{path}"
    right = {"X-Telegram-Bot-Api-Secret-Token": secret}
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": secret + "x"}):
        assert (await ask(checked, http, "POST", url, data=b"{}", headers=headers))[0] == 403
    for body, code in (
        (b"[]", "channels.malformed_update"),
        (b"{}", "channels.malformed_update"),
        (b'{"update_id": "x"}', "channels.malformed_update"),
        (b"\xff", "request.malformed"),
        (DEEP, "request.malformed"),
    ):
        status, answer = await ask(checked, http, "POST", url, data=body, headers=right)
        assert (status in (400, 422), answer["code"]) == (True, code)


async def test_orders_are_refused_with_a_reason(checked: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-2: what cannot be bought, and a key that was used before."""
    customer = await checked.customer(await checked.meet(http), http)

    async def order(key: str, **body: Any) -> tuple[int, str]:
        headers = customer | {"Idempotency-Key": key}
        status, answer = await ask(checked, http, "POST", "/api/v1/billing/orders", json=body, headers=headers)
        return status, answer.get("code") or answer["id"]

    first = await order("a", plan="tokens-7d-150k", provider="yookassa")
    assert first[0] == 201
    assert await order("a", plan="tokens-7d-150k", provider="yookassa") == first
    assert await order("a", plan="tokens-14d-250k", provider="yookassa") == (409, "billing.idempotency_conflict")
    assert await order("b", plan="nothing", provider="yookassa") == (404, "billing.plan_not_found")
    await checked.rows(
        "update billing_plan_version v set terms = jsonb_set(terms, '{prices}', '{\"USD\": 19999}')"
        " from billing_plan p where p.id = v.plan_id and p.slug = 'api-yearly'"
    )
    assert await order("c", plan="api-yearly", provider="yookassa") == (409, "billing.price_unavailable")
    assert await order("d", plan="tokens-7d-150k", provider="cash") == (422, "billing.provider_unknown")
    assert await order("e", plan="tokens-7d-150k", provider="yookassa", return_url="javascript:1") == (
        422, "request.invalid",
    )  # fmt: skip
    other = await checked.customer(await checked.meet(http), http)
    assert (await ask(checked, http, "GET", f"/api/v1/billing/orders/{first[1]}", headers=other))[0] == 404
    owner = await checked.owner(http)
    assert (await ask(checked, http, "GET", f"/api/v1/billing/orders/{first[1]}", headers=owner))[0] == 403
    status, body = await ask(
        checked, http, "POST", f"/api/v1/admin/payments/{first[1]}/refund", json={"reason": "x"}, headers=customer
    )
    assert (status, body["code"]) == (403, "access.staff_only")


async def test_history_is_paged(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CTR: items and next_cursor; every order once."""
    customer = await checked.customer(await checked.meet(http), http)
    for number in range(5):
        headers = customer | {"Idempotency-Key": str(number)}
        body = {"plan": "eternal-150k", "provider": "yookassa"}
        assert (await ask(checked, http, "POST", "/api/v1/payments/create", json=body, headers=headers))[0] == 201
    seen: list[int] = []
    cursor = ""
    while True:
        _, page = await ask(checked, http, "GET", f"/api/v1/billing/history?limit=2{cursor}", headers=customer)
        seen += [order["number"] for order in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5
    for wrong in ("&cursor=x", "&cursor=WzFd", "&limit=101", "&limit=0"):
        status, _ = await ask(checked, http, "GET", f"/api/v1/billing/history?limit=2{wrong}", headers=customer)
        assert status == 422


async def test_health_and_metrics(checked: Installation, http: aiohttp.ClientSession) -> None:
    """OPS-2: live, ready, each dependency; technical and business figures."""
    for path in ("/api/health", "/api/health/live", "/api/health/ready"):
        assert (await ask(checked, http, "GET", path))[1]["status"] == "ok"
    async with http.get(checked.base + "/metrics") as answer:
        text = await answer.text()
    for name in ("kassa_http_request_seconds_count", "kassa_queue_jobs", "kassa_open", "kassa_job_seconds_count"):
        assert name in text
