"""IDN-2: a customer's picture is fetched from Telegram once, checked, kept, and shown from here to who may see it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from kassa.kit import jobs
from kassa.kit.db import Database
from tests.flows.installation import Installation, free_port
from tests.runtime.test_accounts import registered
from tests.runtime.web import Caller

BOT = "neuro_demo_bot"


async def enters(site: Installation, http: aiohttp.ClientSession, **facts: Any) -> tuple[Caller, str]:
    """Somebody with a picture opens the app in Telegram; the caller, and the customer's id."""
    person = {"first_name": "Vera", "last_name": uuid.uuid4().hex[:6], "language_code": "en", "has_photo": True} | facts
    async with http.post("/sandbox/api/people", json=person) as answer:
        made = await answer.json()
    async with http.post("/sandbox/api/mini-apps/launches", json={"person": made["id"], "bot": BOT}) as answer:
        launch = await answer.json()
    bot = await site.value("select id from channel_bot where username = $1", BOT)
    pair = await Caller(http).post("/auth/telegram", {"init_data": launch["init_data"], "bot_id": str(bot)})
    return Caller(http, pair["access_token"]), pair["customer"]["id"]


async def the_picture(caller: Caller) -> Any:
    """Their picture, when it has come."""
    until = time.monotonic() + 30
    while (shown := await caller.get("/files/avatar")) is None:
        assert time.monotonic() < until, "no picture has come"
        await asyncio.sleep(0.1)
    return shown


async def test_a_picture_is_fetched_once_and_shown_from_here(site: Installation, http: aiohttp.ClientSession) -> None:
    vera, customer = await enters(site, http)
    shown = await the_picture(vera)
    assert shown["media_type"] == "image/jpeg"
    async with http.get(shown["thumbnail_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/webp")
    assert (await vera.get("/files"))["items"] == [], "it is no file that the customer has uploaded"
    owner = Caller(http, (await site.owner(http))["Authorization"].removeprefix("Bearer "))
    assert (await owner.get(f"/admin/customers/{customer}/avatar"))["id"] == shown["id"]
    other, _ = await registered(http)
    assert await other.get("/files/avatar") is None
    assert await other.refused("GET", f"/files/{shown['id']}") == (404, "files.not_found")
    status, _ = await other.call("GET", f"/admin/customers/{customer}/avatar")
    assert status == 403


async def test_who_has_no_picture_has_none(site: Installation, http: aiohttp.ClientSession) -> None:
    bob, _ = await enters(site, http, has_photo=False)
    assert await bob.get("/files/avatar") is None


@pytest.fixture
async def elsewhere() -> AsyncIterator[str]:
    """A server that answers with what is no picture, and with one that is too large."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<svg onload='alert(1)'/>", content_type="image/jpeg")

    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"\xff\xd8\xff\xe0" + b"x" * 3_000_000, content_type="image/jpeg")

    site = web.Application()
    site.router.add_get("/page", page)
    site.router.add_get("/large", large)
    runner = web.AppRunner(site)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def test_what_is_no_picture_changes_nothing(
    site: Installation, http: aiohttp.ClientSession, elsewhere: str
) -> None:
    vera, customer = await enters(site, http)
    shown = await the_picture(vera)
    organization = await site.value("select organization_id from identity_customer where id = $1", uuid.UUID(customer))
    database = Database(site.database_url, pool_size=1)
    async with database.transaction() as session:
        for path in ("page", "large", "nothing"):
            await jobs.enqueue(
                session, "files.fetch_avatar", organization_id=str(organization), customer_id=customer,
                url=f"{elsewhere}/{path}",
            )  # fmt: skip
    await database.close()
    await site.until("select not exists (select 1 from pgqueuer where entrypoint = 'files.fetch_avatar')")
    assert (await vera.get("/files/avatar"))["id"] == shown["id"]
