"""An outside world that is not the product's own: the emulators in this process, behind addresses of their own.

What the shop answers can be changed on its way, as no emulator of ours would answer.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import Response

from kassa.sandbox.app import create_sandbox
from tests.flows.installation import free_port
from tests.openapi import specification
from tests.sandbox.telegram_schema import find_schema

Json = dict[str, Any]


@dataclass
class Outside:
    """Its address, what the shop was asked, and what its payments are changed into."""

    url: str
    asked: list[tuple[str, str, Json]] = field(default_factory=list)
    changes: dict[str, Json] = field(default_factory=dict)
    """By the shop's id of a payment: the fields that are answered instead. The key "" is for all others."""

    async def play(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Note what the shop is asked, and change what it answers."""
        path = request.url.path.partition("/yookassa/v3")[2]
        if not path:
            return await call_next(request)
        if request.method == "POST":
            self.asked.append((request.method, path, orjson.loads(await request.body())))
        answer = await call_next(request)
        raw = b"".join([part async for part in answer.body_iterator])  # type: ignore[attr-defined]
        body = orjson.loads(raw)
        if path.startswith("/payments") and "id" in body:
            body |= self.changes.get(body["id"], self.changes.get("", {}))
        return Response(orjson.dumps(body), answer.status_code, media_type="application/json")

    def problems(self) -> list[str]:
        """What YooKassa's own description says against what it was asked."""
        if find_schema() is None:
            return []
        description = specification("yookassa-openapi.yaml")
        return [problem for asked in self.asked for problem in description.request_problems(*asked)]


@contextmanager
def outside(webhook_url: str) -> Iterator[Outside]:
    """Serve the emulators from a thread; the shop notifies the address."""
    port = free_port()
    world = Outside(f"http://127.0.0.1:{port}")
    sandbox = create_sandbox(None, world.url, webhook_url)
    root = FastAPI(lifespan=lambda app: sandbox.running())
    root.mount("/sandbox", sandbox)
    root.add_middleware(BaseHTTPMiddleware, dispatch=world.play)
    config = uvicorn.Config(root, host="127.0.0.1", port=port, log_level="critical", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until, "the emulators did not start"
        time.sleep(0.01)
    try:
        yield world
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
