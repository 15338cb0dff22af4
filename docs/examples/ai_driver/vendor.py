"""What Parrot's servers do, as far as the driver's tests need it. `fault` breaks the next answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

GOOD_KEY = "polly"
STATUSES = {"bad_key": 401, "no_money": 402, "rude": 403, "no_such_model": 404, "too_fast": 429, "broken": 500}


@dataclass
class Parrot:
    """The vendor, with what it was asked."""

    fault: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its HTTP interface."""
        app = FastAPI()

        @app.get("/v1/me")
        async def me(request: Request) -> Response:
            return JSONResponse({}) if _is_known(request) else _error("bad_key")

        @app.post("/v1/generate")
        async def generate(request: Request) -> Response:
            body = await request.json()
            self.asked.append(body)
            fault, self.fault = self.fault, ""
            if not _is_known(request):
                return _error("bad_key")
            if fault in STATUSES:
                return _error(fault)
            words = body["turns"][-1]["says"].split(" ")
            return StreamingResponse(_events(words, body.get("most_tokens"), fault), media_type="text/event-stream")

        return app


async def _events(words: list[str], most: int | None, fault: str) -> AsyncIterator[bytes]:
    said = [] if fault == "silent" else words[:most]
    for number, word in enumerate(said):
        if number == 1 and fault == "stall":
            await asyncio.sleep(30)
        if number == 1 and fault == "cut":
            return
        if number == 1 and fault == "garbage":
            yield b"data: {]\n\n"
        if number == 1 and fault == "late_rude":
            yield _line({"error": {"reason": "rude", "words": "I will not say that"}})
        yield _line({"piece": ("" if number == 0 else " ") + word})
    yield _line({"end": "cut" if len(said) < len(words) else "done", "counted": [len(words), len(said)]})


def _line(event: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()


def _is_known(request: Request) -> bool:
    return request.headers.get("authorization") == f"Key {GOOD_KEY}"


def _error(reason: str) -> Response:
    headers = {"Retry-After": "3"} if reason == "too_fast" else {}
    body = {"error": {"reason": reason, "words": f"{reason}, sorry"}}
    return JSONResponse(body, STATUSES[reason], headers=headers)
