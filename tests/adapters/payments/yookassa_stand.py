"""The emulated YooKassa on a real port, with a shop's webhook beside it; everything that is said is written down."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kassa.adapters.payments import YooKassa
from kassa.kit import ids
from kassa.sandbox.faults import Fault, Faults
from kassa.sandbox.store import Store
from kassa.sandbox.yookassa import create_app

MOUNT = "/sandbox/yookassa"
Answer = tuple[int, dict[str, Any]]
ORDER: dict[str, Any] = {
    "amount": {"value": "597.00", "currency": "RUB"},
    "capture": True,
    "confirmation": {"type": "redirect", "return_url": "https://example.com/thanks"},
    "description": "1 000 000 токенов",
}


@dataclass
class Exchange:
    """One request to the API and its answer."""

    method: str
    path: str
    headers: dict[str, str]
    request: Any
    status: int = 0
    answer: Any = None


@dataclass
class Notification:
    """One delivery to the shop."""

    at: float
    body: dict[str, Any]
    raw: bytes
    remote_ip: str


@dataclass
class Stand:
    """A running emulator and what was said to it and by it."""

    url: str
    faults: Faults
    store: Store
    exchanges: list[Exchange] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    webhook_statuses: list[int] = field(default_factory=list)
    """What the shop answers to the next notifications; 200 when it is empty."""

    @property
    def api_url(self) -> str:
        """What KASSA_YOOKASSA_API_URL would be."""
        return f"{self.url}{MOUNT}/v3"

    def fault(self, kind: str, *, times: int | None = 1, match: str = "", **options: object) -> None:
        """Switch a fault on."""
        self.faults.add(Fault("yookassa", kind, match=match, times=times, options=options))

    async def press(self, confirmation_url: str, action: str, **fields: str) -> str:
        """Do what a payer does on the payment page; gives the page that follows."""
        async with (
            aiohttp.ClientSession() as browser,
            browser.post(confirmation_url, data={"action": action, **fields}) as page,
        ):
            assert page.status == 200
            return await page.text()

    async def notified(self, count: int) -> list[Notification]:
        """Wait until so many notifications have arrived."""
        await until(lambda: len(self.notifications) >= count)
        return self.notifications


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens on the server's thread."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


def shop(session: aiohttp.ClientSession, base_url: str, **options: Any) -> YooKassa:
    """The adapter of a shop at this address."""
    settings: dict[str, Any] = {"shop_id": "506751", "secret_key": "test_secret"}
    return YooKassa(session, base_url=base_url, **{**settings, **options})


class Recorder:
    """Writes down what goes through the API."""

    def __init__(self, app: ASGIApp, exchanges: list[Exchange]) -> None:
        self._app = app
        self._exchanges = exchanges

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "http" or f"{MOUNT}/v3" not in scope["path"]:
            await self._app(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        exchange = Exchange(scope["method"], scope["path"].split("/v3", 1)[1], headers, None)
        asked, answered = bytearray(), bytearray()

        async def heard() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
            answered.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                exchange.request = json.loads(asked) if asked else None
                exchange.answer = json.loads(answered) if answered else None
                self._exchanges.append(exchange)  # before the caller hears it, so that a test finds it
            await send(message)

        await self._app(scope, heard, said)


class Client:
    """A shop that speaks plain HTTP."""

    def __init__(self, session: aiohttp.ClientSession, running: Stand, shop: str = "506751") -> None:
        self._session = session
        self._url = running.api_url
        self._auth = {"Authorization": aiohttp.encode_basic_auth(shop, "secret")}

    async def post(self, path: str, body: Any, key: str | None = None) -> Answer:
        headers = {**self._auth, "Idempotence-Key": key or str(ids.new())}
        async with self._session.post(self._url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> Answer:
        async with self._session.get(self._url + path, headers=self._auth) as answer:
            return answer.status, await answer.json()

    async def order(self, **fields: Any) -> dict[str, Any]:
        status, payment = await self.post("/payments", {**ORDER, **fields})
        assert status == 200, payment
        return payment


@contextmanager
def stand(store: Store | None = None) -> Iterator[Stand]:
    """Run the emulator and the shop on a thread of their own."""
    running = Stand("", Faults(), store or Store(None))
    emulator = create_app(
        running.store, running.faults, lambda: f"{running.url}/webhook", lambda: f"{running.url}{MOUNT}"
    )
    root = FastAPI()
    root.mount(MOUNT, emulator)

    @root.post("/webhook")
    async def webhook(request: Request) -> Response:
        raw = await request.body()
        remote_ip = request.client.host if request.client else ""
        running.notifications.append(Notification(time.monotonic(), json.loads(raw), raw, remote_ip))
        return Response(status_code=running.webhook_statuses.pop(0) if running.webhook_statuses else 200)

    application = Recorder(root, running.exchanges)
    config = uvicorn.Config(application, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)

    async def serve() -> None:
        await server.serve()
        await emulator.state.emulator.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    running.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
