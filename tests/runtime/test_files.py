"""FIL-1…5 over HTTP: uploads, signed addresses, who sees what, viruses, and files that expire."""

import io
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.conftest import Server
from tests.core.files.clamav import EICAR, clamav
from tests.core.files.test_kinds import picture
from tests.flows.installation import Installation, free_port, installed
from tests.flows.steps import eventually
from tests.runtime.test_accounts import registered
from tests.runtime.test_staff import hired
from tests.runtime.web import Caller


async def upload(caller: Caller, name: str, data: bytes, declared: str = "", **fields: str) -> tuple[int, Any]:
    """Send a file as a browser does."""
    form = aiohttp.FormData(fields, quote_fields=False)  # as browsers do
    form.add_field("file", io.BytesIO(data), filename=name, content_type=declared or "application/octet-stream")
    headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
    async with caller.http.post("/api/v1/files", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_an_upload_is_shown_to_its_owner_by_an_address_that_expires(
    site: Installation, http: aiohttp.ClientSession, owner: Caller
) -> None:
    """FIL-1, FIL-2: the content by a signed address only; headers that let nothing run; parts on request."""
    vera, _ = await registered(http)
    status, file = await upload(vera, "photo.jpg", picture((3000, 100)), "image/jpeg")
    assert (status, file["media_type"], file["width"], file["state"]) == (201, "image/jpeg", 1920, "clean")
    async with http.get(file["url"]) as answer:
        data = await answer.read()
        assert (answer.status, len(data)) == (200, file["size_bytes"])
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline")
    async with http.get(file["url"], headers={"Range": "bytes=10-19"}) as answer:
        assert (answer.status, await answer.read()) == (206, data[10:20])
    async with http.get(file["url"], headers={"Range": "bytes=99999999-"}) as answer:
        assert answer.status == 416
    async with http.get(file["thumbnail_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")
    parts = urlsplit(file["url"])
    for forged in (parts.path, f"{parts.path}?{parts.query}0", f"{parts.path}?expires=1&signature=x",
                   f"{parts.path.replace('content', 'original')}?{parts.query}"):  # fmt: skip
        async with http.get(forged) as answer:
            assert answer.status in {403, 422}, forged
    status, note = await upload(vera, "заметка.md", "# Привет".encode(), "text/markdown")
    assert status == 201
    async with http.get(note["url"]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
    oleg, _ = await registered(http)
    assert (await oleg.refused("GET", f"/files/{file['id']}"))[0] == 404
    assert (await oleg.refused("DELETE", f"/files/{file['id']}"))[0] == 404
    listed = (await owner.get(f"/admin/files?owner_id={(await vera.get('/auth/me'))['id']}"))["items"]
    assert {item["name"] for item in listed} == {"photo.jpg", "заметка.md"}
    analyst, _ = await hired(owner, "analyst")
    body = {"reason": "not ours"}
    assert (await analyst.refused("POST", f"/admin/files/{file['id']}/delete", body))[0] == 403
    await owner.post(f"/admin/files/{file['id']}/delete", body)
    async with http.get(file["url"]) as answer:
        assert answer.status == 404
    gone = "select true from files_object where id = $1 and path = ''"
    assert await site.until(gone, uuid.UUID(file["id"]))


@pytest.mark.parametrize(
    ("name", "data", "declared", "status", "code"),
    [
        ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml", 422, "files.kind_refused"),
        ("a.png", b"<html><script>alert(1)</script>", "image/png", 422, "files.kind_refused"),
        ("a.png", picture(), "image/png", 422, "files.kind_disagrees"),
        ("a.jpg", b"", "image/jpeg", 422, "files.empty"),
        ("a.jpg", picture() + b"\0" * (10 * 2**20), "image/jpeg", 429, "files.too_large"),
        ("a.zip", b"PK\x03\x04broken", "application/zip", 422, "files.archive_refused"),
        ("a.exe", b"MZ\x90\0\x03", "", 422, "files.kind_refused"),
    ],
)  # fmt: skip
async def test_what_is_not_taken(
    http: aiohttp.ClientSession, name: str, data: bytes, declared: str, status: int, code: str
) -> None:
    """FIL-2: with a clear code each."""
    vera, _ = await registered(http)
    answer = await upload(vera, name, data, declared)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert (await upload(Caller(http), name, data))[0] == 401


@pytest.fixture(scope="module")
def guarded_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def guarded(test_server: Server, tmp_path_factory: pytest.TempPathFactory, guarded_port: int) -> Iterator[Installation]:
    """An installation with a scanner at an address where nobody may be listening yet."""
    folder = tmp_path_factory.mktemp("guarded")
    with installed(test_server, folder, clamd_url=f"tcp://127.0.0.1:{guarded_port}") as place:
        yield place


async def test_nothing_is_shown_before_it_is_clean(guarded: Installation, guarded_port: int) -> None:
    """FIL-4: infected files are quarantined and told; with a scanner that is away a file waits, and is shown later."""
    async with aiohttp.ClientSession(base_url=guarded.base) as http:
        vera, _ = await registered(http)
        status, waiting = await upload(vera, "photo.jpg", picture(), "image/jpeg")
        assert (status, waiting["state"], waiting["url"]) == (201, "pending", None)
        async with clamav(guarded_port):

            async def state() -> str:
                return str((await vera.get(f"/files/{waiting['id']}"))["state"])

            await eventually(state, "clean", timeout_s=90)
            status, answer = await upload(vera, "virus.txt", EICAR, "text/plain")
            assert (status, answer["code"]) == (422, "files.infected")
        boss = Caller(http, (await guarded.owner(http))["Authorization"].removeprefix("Bearer "))
        found = (await boss.get("/admin/files?state=infected"))["items"]
        assert [(item["name"], item["finding"], item["url"]) for item in found] == [
            ("virus.txt", "Eicar-Signature", None)
        ]
