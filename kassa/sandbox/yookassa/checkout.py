"""The payment page: what a payer sees, and buttons for everything that can go wrong."""

from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import requests
from .emulator import Emulator
from .texts import DECLINES, TEXTS, money_text

_METHODS = ("bank_card", "sbp", "yoo_money")


def checkout_router(emulator: Emulator) -> APIRouter:
    """Routes of the page; they need no credentials, as the payer has none."""
    router = APIRouter()
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )

    @router.get("/checkout/{payment_id}", response_class=HTMLResponse)
    async def show(request: Request, payment_id: str) -> Response:
        emulator.start()
        record = emulator.shop.checkout(payment_id)
        if record is None:
            language = _language(request, "")
            page = pages.get_template("not_found.html")
            return HTMLResponse(page.render(language=language, t=TEXTS[language]), 404)
        language = _language(request, record.get("locale", ""))
        return HTMLResponse(
            pages.get_template("checkout.html").render(_facts(record, language)), headers={"Cache-Control": "no-store"}
        )

    @router.post("/checkout/{payment_id}")
    async def act(
        request: Request,
        payment_id: str,
        action: Literal["pay", "decline", "later"] = Form(),
        method: Literal["bank_card", "sbp", "yoo_money"] = Form("bank_card"),
        reason: str = Form("insufficient_funds"),
        seconds: float = Form(10, ge=0, le=86400),
    ) -> Response:
        emulator.start()
        if action == "pay":
            emulator.pay(payment_id, method)
        elif action == "decline":
            emulator.shop.decline(payment_id, reason if reason in DECLINES else "general_decline", method)
        else:
            emulator.shop.pay_later(payment_id, method, seconds)
        # Only what we know goes into the address that the browser is sent to.
        language = request.query_params.get("lang", "")
        return RedirectResponse(f"?lang={language}" if language in TEXTS else "?", 303)

    return router


def _facts(record: dict[str, Any], language: str) -> dict[str, Any]:
    payment = record["body"]
    state = payment["status"]
    if state == "pending" and record.get("is_waiting"):
        state = "waiting"
    reason = payment.get("cancellation_details", {}).get("reason", "")
    return {
        "language": language,
        "t": TEXTS[language],
        "payment": payment,
        "shop": record["account"],
        "amount": money_text(requests.read(payment["amount"]), language),
        "state": "succeeded" if state == "waiting_for_capture" else state,
        "reason": DECLINES.get(reason, {}).get(language, reason),
        "return_url": record.get("return_url", ""),
        "saves_method": record["save"],
        "methods": [payment["payment_method"]["type"]] if "payment_method" in payment else list(_METHODS),
        "declines": {name: names[language] for name, names in DECLINES.items()},
    }


def _language(request: Request, locale: str) -> str:
    """The address decides, then the shop, then the browser."""
    for wish in (request.query_params.get("lang", ""), locale, request.headers.get("Accept-Language", "")):
        if wish:
            return "ru" if wish.lower().startswith(("ru", "uk", "be", "kk")) else "en"
    return "ru"
