"""How the built web applications are served: what browsers may keep, what a page may load, and what is not theirs."""

import base64
import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from kassa.kit import web
from kassa.runtime import spa

PAGE = "<!doctype html><script>theme()</script><script type=module src=/admin/assets/a-1.js></script>"
SCRIPT = "console.log('hello')" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Two applications as a build leaves them."""
    (tmp_path / "admin" / "assets").mkdir(parents=True)
    (tmp_path / "admin" / "index.html").write_text(PAGE)
    (tmp_path / "admin" / "icon.svg").write_text("<svg/>")
    (tmp_path / "admin" / "assets" / "a-1.js").write_text(SCRIPT)
    (tmp_path / "admin" / "assets" / "a-1.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path / "secret.txt").write_text("not for anybody")
    return tmp_path


@pytest.fixture
async def client(built: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without opinions."""
    api = FastAPI()
    web.install(api, {})
    spa.mount(api, "/admin", "admin", folder=built / "admin")
    framed = spa.Policy({"script-src": ("https://telegram.org",)}, ("https://web.telegram.org",))
    spa.mount(api, "", "app", framed, built / "app")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://kassa") as client:
        yield client


async def test_every_address_of_an_application_is_its_page(client: httpx.AsyncClient) -> None:
    """ADM-1, SEC-1: a deep link opens; the page is never kept and only loads what is ours."""
    hashed = base64.b64encode(hashlib.sha256(b"theme()").digest()).decode()
    for path in ("/admin/", "/admin/customers/1?tab=orders", "/admin/index.html"):
        answer = await client.get(path)
        assert (answer.status_code, answer.text) == (200, PAGE), path
        assert answer.headers["cache-control"] == "no-store"
        rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
        assert rules["script-src"] == f"'self' 'sha256-{hashed}'"
        assert (rules["frame-ancestors"], answer.headers["x-frame-options"]) == ("'none'", "DENY")
    answer = await client.get("/admin")
    assert (answer.status_code, answer.headers["location"]) == (307, "/admin/")
    assert (await client.post("/admin/customers")).status_code == 404


async def test_files_are_kept_for_ever_and_sent_packed(client: httpx.AsyncClient) -> None:
    """OPS-4: hashed files never change; a browser that can unpack gets the packed one."""
    plain = await client.get("/admin/assets/a-1.js", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/admin/assets/a-1.js", headers={"Accept-Encoding": "gzip, br"})
    assert plain.text == packed.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT) / 2
    for answer in (plain, packed):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].startswith("text/javascript")
    icon = await client.get("/admin/icon.svg")
    assert (icon.headers["cache-control"], icon.headers["content-type"]) == ("no-cache", "image/svg+xml")


@pytest.mark.parametrize(
    "path",
    ["/admin/assets/gone.js", "/admin/assets/%2e%2e/%2e%2e/secret.txt", "/admin/assets/a-1.js%00", "/admin/assets/"],
)
async def test_what_is_gone_or_outside_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    """SEC-1: a missing script is not answered with a page, and nothing outside the build is read."""
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found")


async def test_an_application_at_the_root_leaves_the_api_alone(client: httpx.AsyncClient) -> None:
    """CTR: unknown addresses of the API stay errors; a page that is not built says so; a policy can allow more."""
    for path in ("/api/v1/nothing", "/v1/models", "/metrics", "/sandbox/"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "request.not_found"), path
    answer = await client.get("/wallet")
    assert answer.status_code == 503
    assert "dev.py up" in answer.text
    assert "script-src 'self' https://telegram.org;" in answer.headers["content-security-policy"]
    assert "frame-ancestors https://web.telegram.org" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
