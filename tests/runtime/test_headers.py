"""SEC-1: what browsers are told with every answer, and which other sites' pages may call."""

import aiohttp
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import Response

from kassa.kit import web
from kassa.runtime.headers import SecureHeaders
from tests.flows.installation import Installation


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/health/live", 200), ("/api/v1/auth/me", 401), ("/v1/models", 401), ("/api/nothing", 404), ("/metrics", 200),
     ("/api/openapi.json", 200)],
)  # fmt: skip
async def test_answers_of_the_api_are_kept_by_nobody(
    site: Installation, http: aiohttp.ClientSession, path: str, status: int
) -> None:
    """SEC-1: no store, no guessing of types, no frame, nothing to load; refusals and unknown addresses alike."""
    async with http.get(path) as answer:
        assert answer.status == status
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers  # this installation is reached by http
        assert "Server" not in headers


async def test_pages_say_who_may_frame_them(site: Installation, http: aiohttp.ClientSession) -> None:
    """SEC-1: the panel nobody; the description of the API nobody; the sandbox only its own pages."""
    for path, option in (("/admin/", "DENY"), ("/api/docs", "DENY"), ("/sandbox/", "SAMEORIGIN"),
                         ("/sandbox/mail", "SAMEORIGIN")):  # fmt: skip
        async with http.get(path) as answer:
            assert answer.headers["X-Frame-Options"] == option, path
            assert answer.headers["Content-Security-Policy"].count("frame-ancestors") == 1, path
            assert len(answer.headers.getall("X-Content-Type-Options")) == 1, path


async def test_pages_of_other_sites_may_not_call(site: Installation, http: aiohttp.ClientSession) -> None:
    """SEC-1: without KASSA_WIDGET_ORIGINS no origin is allowed anything, asked in advance or not."""
    stranger = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/api/v1/auth/login", "/v1/chat/completions"):
        async with http.options(path, headers=stranger) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers
        async with http.post(path, json={}, headers=stranger) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_also_the_answer_to_a_bug_has_them_and_what_a_route_says_stays() -> None:
    """SEC-1: on https browsers come back by https only; a route's own policy is not added to."""
    api = FastAPI()
    web.install(api, {})

    @api.get("/api/bug")
    async def bug() -> None:
        raise RuntimeError("something broke")

    @api.get("/app")
    async def framed() -> Response:
        own = {"Content-Security-Policy": "frame-ancestors https://web.telegram.org", "Cache-Control": "no-cache"}
        return Response("x", headers=own)

    transport = httpx.ASGITransport(SecureHeaders(api, is_https=True), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example") as client:
        broken, page = await client.get("/api/bug"), await client.get("/app")
    assert broken.status_code == 500
    for answer in (broken, page):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (broken.headers["cache-control"], page.headers["cache-control"]) == ("no-store", "no-cache")
    assert page.headers["content-security-policy"] == "frame-ancestors https://web.telegram.org"
    assert "x-frame-options" not in page.headers
