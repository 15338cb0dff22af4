"""Processes that serve sockets, as far as they need to be apart: each has an application, a pool and a listener of its
own, and a real uvicorn with the settings of the product."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import aiohttp
import uvicorn

from kassa.core import access, identity, live
from kassa.core.access import Actor, Origin
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.module import Module
from kassa.runtime import build, http
from kassa.runtime.modules import MODULES
from kassa.runtime.settings import Settings
from kassa.runtime.websockets import WebSocketProtocol
from tests.flows.installation import free_port

Json = dict[str, Any]
WAIT_S = 30
PATIENCE = aiohttp.ClientWSTimeout(ws_close=0.2)
posted: list[tuple[str, Json]] = []
"""What the test's stream took, by the client's id."""


async def _is_own(app: App, actor: Actor, owner: str) -> bool:
    return str(actor.id) == owner


async def _take(app: App, actor: Actor, owner: str, client_id: str, body: Json) -> Json:
    if "fail" in body:
        raise ZeroDivisionError
    posted.append((client_id, body))
    async with app.get(Database).transaction() as session:
        seq = await live.publish(session, actor.organization_id, f"own:{owner}", "said", body)
    return {"seq": seq}


OWN = Module("test", streams=[live.StreamKind("own", _is_own, _take, frozenset({"typing"}))])
"""A kind of streams that only their owner hears."""


class Node:
    """One process."""

    def __init__(self, app: App, port: int) -> None:
        self.app = app
        self.port = port
        self.url = f"http://127.0.0.1:{port}/api/v1/ws"

    async def guest(self) -> tuple[str, identity.Customer]:
        """A new customer's access token."""
        async with self.app.get(Database).transaction() as session:
            organization = await identity.default_organization(session)
            pair, customer = await identity.login_guest(
                session, self.app.get(access.TokenSigner), organization.id, "en", Origin()
            )
        return pair.access_token, customer

    async def publish(self, customer: identity.Customer, number: int, **more: Any) -> int:
        """Something happens in the customer's stream."""
        async with self.app.get(Database).transaction() as session:
            stream = f"own:{customer.id}"
            return await live.publish(session, customer.organization_id, stream, "said", {"number": number, **more})


class Client:
    """A socket as a program sees it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, **frame: Any) -> None:
        """Send a frame."""
        await self.socket.send_str(json.dumps(frame))

    async def read(self) -> Json:
        """The next frame."""
        message = await self.socket.receive(WAIT_S)
        assert message.type is aiohttp.WSMsgType.TEXT, (message, self.socket.close_code)
        return dict(json.loads(message.data))

    async def ask(self, **frame: Any) -> Json:
        """Send a frame and read the next one."""
        await self.send(**frame)
        return await self.read()

    async def closed(self) -> int | None:
        """The code that the server closes with, whatever comes before it."""
        async with asyncio.timeout(WAIT_S):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        return message.data if message.type is aiohttp.WSMsgType.CLOSE else self.socket.close_code

    async def numbers(self, count: int) -> list[int]:
        """The numbers of so many events."""
        found: list[int] = []
        while len(found) < count:
            frame = await self.read()
            assert frame["type"] == "event", frame
            found.append(frame["payload"]["number"])
        return found


@asynccontextmanager
async def connected(node: Node, token: str | None, stream: str | None = None) -> AsyncIterator[Client]:
    """A socket that has said hello with the token, and follows the stream."""
    async with aiohttp.ClientSession() as http, http.ws_connect(node.url, timeout=PATIENCE) as socket:
        client = Client(socket)
        if token is not None:
            assert (await client.ask(type="hello", token=token))["type"] == "welcome"
        if stream is not None:
            assert (await client.ask(type="subscribe", stream=stream))["type"] == "subscribed"
        yield client


@asynccontextmanager
async def serving(database_url: str) -> AsyncIterator[Node]:
    """A process, from its start to its end."""
    settings = Settings(database_url=database_url, secret_keys=["a key of the tests of sockets"], database_pool_size=3)
    async with build.build(settings, database_url, [*MODULES, OWN]) as app:
        port = free_port()
        config = uvicorn.Config(
            http.create_app(app), host="127.0.0.1", port=port, log_config=None, lifespan="off", access_log=False,
            ws=WebSocketProtocol, ws_per_message_deflate=False, ws_max_size=live.MAX_FRAME_BYTES,
            timeout_graceful_shutdown=3,
        )  # fmt: skip
        server = uvicorn.Server(config)
        server.config.load()
        async with live.listening(app):
            task = asyncio.create_task(server._serve())
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            try:
                yield Node(app, port)
            finally:
                server.should_exit = True
                await task


async def revoke(node: Node, customer_id: UUID) -> None:
    """Close the customer's sessions in the database, as any program may."""
    await node.app.get(Database).call("update access_session set revoked_at = now() where subject_id = $1", customer_id)
