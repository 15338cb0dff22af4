"""What Piggy's servers do, as far as the adapter's tests need it. `fault` breaks the next call."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

TOKEN, SECRET = "oink", "webhook-secret"


@dataclass
class Bank:
    """The vendor, with its payments and refunds."""

    fault: str = ""
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)

    def pay(self, ref: str) -> None:
        """What the payer does on the payment page."""
        self.things[ref]["state"] = "paid"

    def webhook(self, about: str, ref: str) -> tuple[dict[str, str], bytes]:
        """A notification's headers and body."""
        body = json.dumps({"event_id": f"{about}-{ref}-paid", "about": about, "id": ref}).encode()
        return {"X-Piggy-Signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}, body

    def app(self) -> FastAPI:
        """Its HTTP interface."""
        app = FastAPI()

        @app.get("/me")
        async def me(request: Request) -> Response:
            return JSONResponse({"account": "pig-7"}) if _is_known(request) else _error(401, "who are you")

        @app.get("/statement")
        async def statement() -> Response:
            paid = [thing for thing in self.things.values() if thing["state"] == "paid"]
            return JSONResponse({"lines": [{**thing, "kind": thing["id"].partition("-")[0]} for thing in paid]})

        @app.post("/{kind}")
        async def create(request: Request, kind: str) -> Response:
            fault, self.fault = self.fault, ""
            if not _is_known(request):
                return _error(401, "who are you")
            if fault == "full":
                return _error(429, "too many requests")
            made = self._create(kind, request.headers["idempotency-key"], await request.json())
            if isinstance(made, str):
                return _error(400, made)
            if fault == "silent":  # done, and the answer is lost
                await asyncio.sleep(2)
            return _error(500, "oops") if fault == "broken" else JSONResponse(made)

        @app.get("/{kind}/{ref}")
        async def fetch(request: Request, kind: str, ref: str) -> Response:
            fault, self.fault = self.fault, ""
            if fault == "broken":
                return _error(500, "oops")
            found = self.things.get(ref)
            return JSONResponse(found) if found else _error(404, "no such thing")

        return app

    def _create(self, kind: str, key: str, body: dict[str, Any]) -> dict[str, Any] | str:
        if key in self.by_key:
            return self.things[self.by_key[key]]
        ref = f"{kind}-{len(self.things) + 1}"
        if kind == "refunds":
            payment = self.things[body["payment"]]
            returned = Decimal(payment["returned"]) + Decimal(body["sum"])
            if returned > Decimal(payment["sum"]):
                return "more than was paid"
            payment["returned"] = f"{returned:.2f}"
            made = {**body, "id": ref, "state": "paid"}
        else:
            made = {**body, "id": ref, "state": "new", "returned": "0.00", "test": False, "account": "pig-7",
                    "page": f"https://piggy.example/{ref}", "why": ""}  # fmt: skip
        self.things[ref], self.by_key[key] = made, ref
        return made


def _is_known(request: Request) -> bool:
    return request.headers.get("authorization") == f"Bearer {TOKEN}"


def _error(status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status)
