"""The HTTP edge of the emulator: API v3 with its errors, its idempotence and the faults that are switched on."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from kassa.kit import clock
from kassa.sandbox.faults import Fault, Faults
from kassa.sandbox.store import Store

from . import requests
from .checkout import checkout_router
from .emulator import TARGET, Emulator
from .errors import ApiError, bad_credentials, internal, invalid, processing, too_many
from .shop import PAYMENTS, REFUNDS

_KEYS = "yookassa.keys"
_KEY_LIVES_S = 24 * 3600


def create_app(store: Store, faults: Faults, webhook_url: Callable[[], str], public_url: Callable[[], str]) -> FastAPI:
    """The emulator: the API below /v3, the payment page at /checkout/{payment_id}.

    `public_url` answers the address that this application is mounted at, `webhook_url` where notifications go; with
    an empty one they are not sent. `app.state.emulator` starts with the first request, or by `start()`; `await stop()`.
    """
    app = FastAPI(title="YooKassa emulator", openapi_url=None)
    emulator = Emulator(store, faults, webhook_url, public_url)
    app.state.emulator = emulator
    api = Api(emulator, store)
    app.include_router(checkout_router(emulator))
    app.add_api_route("/v3/payments", api.create_payment, methods=["POST"])
    app.add_api_route("/v3/payments", api.list_payments, methods=["GET"])
    app.add_api_route("/v3/payments/{payment_id}", api.get_payment, methods=["GET"])
    app.add_api_route("/v3/payments/{payment_id}/capture", api.capture, methods=["POST"])
    app.add_api_route("/v3/payments/{payment_id}/cancel", api.cancel, methods=["POST"])
    app.add_api_route("/v3/refunds", api.create_refund, methods=["POST"])
    app.add_api_route("/v3/refunds", api.list_refunds, methods=["GET"])
    app.add_api_route("/v3/refunds/{refund_id}", api.get_refund, methods=["GET"])
    app.add_api_route("/v3/me", api.me, methods=["GET"])
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(HTTPException, _no_route)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, ApiError) else internal()
    return JSONResponse(refusal.body(), refusal.status)


async def _no_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "invalid_request")
    return JSONResponse(ApiError(status, code, "Incorrect address or method").body(), status)


class Api:
    """The operations. Each is: who asks, which fault plays, was this asked before, do it."""

    def __init__(self, emulator: Emulator, store: Store) -> None:
        self._emulator = emulator
        self._store = store

    async def create_payment(self, request: Request) -> Response:
        """POST /payments."""
        return await self._once(request, "POST /payments", self._emulator.create_payment)

    async def capture(self, request: Request, payment_id: str) -> Response:
        """POST /payments/{id}/capture."""
        shop = self._emulator.shop
        return await self._once(request, "POST /capture", lambda account, body: shop.capture(account, payment_id, body))

    async def cancel(self, request: Request, payment_id: str) -> Response:
        """POST /payments/{id}/cancel."""
        shop = self._emulator.shop
        return await self._once(request, "POST /cancel", lambda account, body: shop.cancel(account, payment_id))

    async def create_refund(self, request: Request) -> Response:
        """POST /refunds."""
        return await self._once(request, "POST /refunds", self._emulator.refund)

    async def get_payment(self, request: Request, payment_id: str) -> Response:
        """GET /payments/{id}."""
        account = await self._enter(request, f"GET /payments/{payment_id}", "get_500")
        return JSONResponse(self._emulator.shop.payment(account, payment_id))

    async def get_refund(self, request: Request, refund_id: str) -> Response:
        """GET /refunds/{id}."""
        account = await self._enter(request, f"GET /refunds/{refund_id}", "get_500")
        return JSONResponse(self._emulator.shop.refund(account, refund_id))

    async def list_payments(self, request: Request) -> Response:
        """GET /payments."""
        account = await self._enter(request, "GET /payments", "get_500")
        return JSONResponse(self._page(account, PAYMENTS, dict(request.query_params)))

    async def list_refunds(self, request: Request) -> Response:
        """GET /refunds."""
        account = await self._enter(request, "GET /refunds", "get_500")
        return JSONResponse(self._page(account, REFUNDS, dict(request.query_params)))

    async def me(self, request: Request) -> Response:
        """GET /me."""
        account = await self._enter(request, "GET /me", "get_500")
        fiscalization = {"enabled": True, "provider": "yoo_receipt"}
        methods = ["bank_card", "sbp", "yoo_money"]
        about = {"account_id": account, "status": "enabled", "test": True, "payment_methods": methods}
        return JSONResponse({**about, "fiscalization": fiscalization, "fiscalization_enabled": True})

    async def _enter(self, request: Request, operation: str, *faults: str) -> str:
        """The account that asks. Plays the faults that come before any work."""
        self._emulator.start()
        account = _account(request)
        if self._emulator.faults.take(TARGET, operation, "429"):
            raise too_many()
        if faults and self._emulator.faults.take(TARGET, operation, *faults):
            raise internal()
        return account

    async def _once(
        self, request: Request, operation: str, act: Callable[[str, dict[str, Any]], dict[str, Any]]
    ) -> Response:
        account = await self._enter(request, operation)
        key = f"{account} {requests.key_of(request.headers.get('Idempotence-Key'))}"
        body = await _json(request)
        unfinished = self._emulator.faults.take(TARGET, operation, "202_processing")
        if unfinished:
            raise processing(int(unfinished.options.get("retry_after_ms", 1800)))
        failing = self._emulator.faults.take(TARGET, operation, "create_500")
        if failing and not failing.options.get("created"):
            raise internal()
        fingerprint = hashlib.sha256(f"{request.url.path} {json.dumps(body, sort_keys=True)}".encode()).hexdigest()
        now = clock.now().timestamp()
        first = self._store.get(_KEYS, key)
        if first is not None and now - first["at"] < _KEY_LIVES_S:
            if first["fingerprint"] != fingerprint:
                raise invalid("Idempotence-Key", "Idempotence key duplicated")
            answer = first["answer"]
        else:
            answer = act(account, body)
            self._store.put(_KEYS, key, {"at": now, "fingerprint": fingerprint, "answer": answer})
        if failing:
            raise internal()
        silent = self._emulator.faults.take(TARGET, operation, "create_timeout")
        if silent:
            await _say_nothing(request, silent)
        return JSONResponse(answer)

    def _page(self, account: str, collection: str, query: dict[str, str]) -> dict[str, Any]:
        limit = requests.page_of(query)
        found = [record for record in self._emulator.shop.records(collection, account) if _matches(record, query)]
        cursor = query.get("cursor")
        if cursor:
            places = [place for place, record in enumerate(found) if record["body"]["id"] == cursor]
            if not places:
                raise invalid("cursor", "Incorrect cursor")
            found = found[places[0] :]
        page = {"type": "list", "items": [record["body"] for record in found[:limit]]}
        return {**page, "next_cursor": found[limit]["body"]["id"]} if len(found) > limit else page


def _account(request: Request) -> str:
    """The shop of the Basic credentials. A sandbox takes any that are not empty."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise bad_credentials()
    try:
        shop, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError as error:
        raise bad_credentials() from error
    if not shop or not secret:
        raise bad_credentials()
    return shop


async def _json(request: Request) -> dict[str, Any]:
    raw = await request.body()
    if raw and not request.headers.get("Content-Type", "").startswith("application/json"):
        raise requests.unsupported_media()
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise invalid("", "Malformed JSON") from error
    if not isinstance(body, dict):
        raise invalid("", "Malformed request. Expected a JSON object")
    return body


async def _say_nothing(request: Request, fault: Fault) -> None:
    """The work is done and nobody hears of it, until the caller hangs up or the time is over."""
    deadline = asyncio.get_running_loop().time() + float(fault.options.get("seconds", 120))
    # Starlette has no event for a caller who hangs up; it can only be asked.
    while asyncio.get_running_loop().time() < deadline and not await request.is_disconnected():  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    raise internal()


def _matches(record: dict[str, Any], query: dict[str, str]) -> bool:
    body = record["body"]
    if query.get("status") not in {None, body["status"]}:
        return False
    if query.get("payment_id") not in {None, body.get("payment_id")}:
        return False
    if query.get("payment_method") not in {None, body.get("payment_method", {}).get("type")}:
        return False
    compare: dict[str, Callable[[str, str], bool]] = {
        "gte": lambda left, right: left >= right,
        "gt": lambda left, right: left > right,
        "lte": lambda left, right: left <= right,
        "lt": lambda left, right: left < right,
    }
    for field in ("created_at", "captured_at"):
        for sign, holds in compare.items():
            bound = query.get(f"{field}.{sign}")
            # Times are written in one form, so comparing the texts compares the times.
            if bound is not None and not holds(body.get(field, ""), bound):
                return False
    return True
