"""YooKassa, API v3: payments with redirect, saved methods, refunds, receipts, notifications.

Reference: https://yookassa.ru/developers/api
"""

import asyncio
import base64
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import orjson
import structlog

from kassa.core.billing import (
    EventSubject,
    Outcome,
    PaymentRequest,
    ProviderEvent,
    ProviderPayment,
    ProviderRefund,
    RefundRequest,
    StatementLine,
)
from kassa.kit.errors import AppError, Denied, Invalid, NotFound, Unavailable
from kassa.kit.money import Money, from_decimal_string, to_decimal_string

logger = structlog.get_logger(__name__)

API_URL = "https://api.yookassa.ru/v3"
TRUSTED_NETWORKS = (  # https://yookassa.ru/developers/using-api/webhooks#ip
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "77.75.154.128/25",
    "2a02:5180::/32",
)
_OUTCOMES = {
    "pending": Outcome.PENDING,
    "waiting_for_capture": Outcome.PENDING,
    "succeeded": Outcome.SUCCEEDED,
    "canceled": Outcome.FAILED,
}
_REF = re.compile(r"[0-9a-zA-Z-]{1,64}")
_DESCRIPTION_LIMIT, _REASON_LIMIT = 128, 250
_MAX_BODY_BYTES = 256 * 1024
_PROCESSING_TRIES = 3  # how often an answer "accepted, not processed yet" is asked again before it is UNKNOWN
_PROCESSING_PAUSE_S = 1.8  # the pause of the official SDK, when the answer names none


@dataclass(frozen=True, slots=True)
class _NoAnswer:
    """The request may have been carried out, and we do not know."""

    why: str


class YooKassa:
    """One shop. Its secrets are arguments, its session is shared, and it keeps nothing between calls."""

    name = "yookassa"
    assets: tuple[str, ...] = ("RUB",)

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        shop_id: str,
        secret_key: str,
        base_url: str = API_URL,
        trusted_networks: Iterable[str] = TRUSTED_NETWORKS,
        timeout_s: float = 30,
    ) -> None:
        """The API answers within 30 seconds or not at all. Raises Invalid `billing.bad_trusted_network`."""
        self._session = session
        credentials = base64.b64encode(f"{shop_id}:{secret_key}".encode()).decode()
        self._headers = {"Content-Type": "application/json", "Authorization": f"Basic {credentials}"}
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=min(10.0, timeout_s))
        try:
            self._trusted = [ipaddress.ip_network(network.strip()) for network in trusted_networks if network.strip()]
        except ValueError as error:
            raise Invalid("billing.bad_trusted_network", str(error)) from error

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """Open a payment, or charge a saved method; our payment id is the idempotence key for 24 hours."""
        body: dict[str, Any] = {
            "amount": _written(request.amount),
            "capture": True,  # the API's default is two stages
            "metadata": {"payment_id": str(request.payment_id), "order_id": str(request.order_id)},
        }
        if request.description:
            body["description"] = request.description[:_DESCRIPTION_LIMIT]
        if request.customer_ref:
            body["merchant_customer_id"] = request.customer_ref
        if request.receipt is not None:
            body["receipt"] = request.receipt
        if request.saved_method:
            body["payment_method_id"] = request.saved_method
        else:
            body["confirmation"] = {"type": "redirect", "return_url": request.return_url}
            if request.save_method:
                body["save_payment_method"] = True
        answer = await self._post("/payments", body, str(request.payment_id))
        if isinstance(answer, _NoAnswer):
            return ProviderPayment("", Outcome.UNKNOWN, reason=answer.why, our_payment_id=str(request.payment_id))
        try:
            return _payment(answer)
        except AppError:  # the payment exists, and the answer makes no sense
            return ProviderPayment("", Outcome.UNKNOWN, reason="malformed", our_payment_id=str(request.payment_id))

    async def fetch_payment(self, ref: str) -> ProviderPayment:
        """The payment now. Raises NotFound `billing.provider_payment_not_found`."""
        return _payment(await self._get(f"/payments/{quote(ref, safe='')}", "billing.provider_payment_not_found"))

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        """Give money back; our refund id is the idempotence key for 24 hours."""
        body: dict[str, Any] = {
            "payment_id": request.payment_ref,
            "amount": _written(request.amount),
            "metadata": {"refund_id": str(request.refund_id)},
        }
        if request.reason:
            body["description"] = request.reason[:_REASON_LIMIT]
        if request.receipt is not None:
            body["receipt"] = request.receipt
        answer = await self._post("/refunds", body, str(request.refund_id))
        if isinstance(answer, _NoAnswer):
            return ProviderRefund("", Outcome.UNKNOWN, payment_ref=request.payment_ref, reason=answer.why)
        try:
            return _refund(answer)
        except AppError:
            return ProviderRefund("", Outcome.UNKNOWN, payment_ref=request.payment_ref, reason="malformed")

    async def fetch_refund(self, ref: str) -> ProviderRefund:
        """The refund now. Raises NotFound `billing.provider_refund_not_found`."""
        return _refund(await self._get(f"/refunds/{quote(ref, safe='')}", "billing.provider_refund_not_found"))

    def parse_event(self, headers: Mapping[str, str], body: bytes, remote_ip: str) -> ProviderEvent:
        """Check who calls and understand what about. Notifications carry no signature and no id of their own.

        Raises Denied `billing.untrusted_webhook`, Invalid `billing.malformed_webhook`.
        """
        if not self._is_trusted(remote_ip):
            raise Denied("billing.untrusted_webhook", "Not an address of the provider", remote_ip=remote_ip)
        try:
            payload: Any = orjson.loads(body[:_MAX_BODY_BYTES])
            kind, event, ref = payload["type"], str(payload["event"]), payload["object"]["id"]
            status = payload["object"].get("status", "")
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise Invalid("billing.malformed_webhook", "Not a notification") from error
        if kind != "notification" or not isinstance(ref, str) or not _REF.fullmatch(ref):
            raise Invalid("billing.malformed_webhook", "Not a notification")
        about = {"payment": EventSubject.PAYMENT, "refund": EventSubject.REFUND}.get(event.split(".")[0])
        return ProviderEvent(f"{event}:{ref}:{status}", event, about or EventSubject.OTHER, ref, payload)

    async def statement(self, since: datetime, until: datetime) -> list[StatementLine]:
        """Every payment and refund created in a window that succeeded, page by page."""
        lines = []
        for path, our_id in (("/payments", "payment_id"), ("/refunds", "refund_id")):
            query = {
                "limit": "100", "status": "succeeded",
                "created_at.gte": _moment(since), "created_at.lt": _moment(until),
            }  # fmt: skip
            while True:
                page = await self._get(f"{path}?{urlencode(query)}", "billing.provider_refused")
                lines += [_line(item, our_id) for item in page.get("items", [])]
                if not page.get("next_cursor"):
                    break
                query["cursor"] = str(page["next_cursor"])
        return lines

    async def check_access(self) -> str:
        """The shop's id. Raises Denied `billing.provider_denied`."""
        shop = await self._get("/me", "billing.provider_refused")
        return str(shop.get("account_id", ""))

    def _is_trusted(self, remote_ip: str) -> bool:
        try:
            address = ipaddress.ip_address(remote_ip)
        except ValueError:
            return False
        # A server that listens on both families shows IPv4 callers as ::ffff:a.b.c.d.
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        return any(address in network for network in self._trusted)

    async def _get(self, path: str, not_found: str) -> dict[str, Any]:
        try:
            status, body = await self._send("GET", path, None, {})
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unavailable(type(error).__name__) from error
        if status == 404:
            raise NotFound(not_found, str(body.get("description", "")))
        if status == 200 and body:
            return body
        raise _refusal(status, body) or _unavailable(f"HTTP {status}")

    async def _post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any] | _NoAnswer:
        for attempt in range(_PROCESSING_TRIES):
            try:
                status, answer = await self._send("POST", path, orjson.dumps(body), {"Idempotence-Key": key})
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                raise _unavailable(type(error).__name__) from error  # nothing was sent
            except (aiohttp.ClientError, TimeoutError) as error:
                logger.warning("provider_did_not_answer", provider=self.name, path=path, error=type(error).__name__)
                return _NoAnswer("timeout" if isinstance(error, TimeoutError) else "connection")
            if status == 200 and answer:
                return answer
            if status == 202 and attempt + 1 < _PROCESSING_TRIES:
                await asyncio.sleep(_pause_s(answer))
                continue
            refusal = _refusal(status, answer)
            if refusal is not None:
                raise refusal
            logger.warning("provider_outcome_unknown", provider=self.name, path=path, status=status)
            return _NoAnswer(f"http_{status}")
        return _NoAnswer("http_202")

    async def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """The status and the JSON of the answer; an answer that is no JSON object is an empty one."""
        async with self._session.request(
            method,
            self._base_url + path,
            data=body,
            headers={**self._headers, **headers},
            timeout=self._timeout,
            allow_redirects=False,
        ) as answer:
            raw = await answer.read()
            try:
                parsed = orjson.loads(raw)
            except orjson.JSONDecodeError:
                parsed = {}
            return answer.status, parsed if isinstance(parsed, dict) else {}


def _refusal(status: int, body: dict[str, Any]) -> AppError | None:
    """The error for a status that means: nothing was done. None where that is not sure."""
    text = str(body.get("description", ""))
    facts = {"status": status, "parameter": str(body.get("parameter", ""))}
    if status in {401, 403}:
        return Denied("billing.provider_denied", text or "The provider does not accept our key", **facts)
    if status == 429:
        return _unavailable("HTTP 429", retry_after_s=_pause_s(body))
    if 300 <= status < 500 and status != 408:
        return Invalid("billing.provider_refused", text or f"HTTP {status}", **facts)
    return None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _unavailable(why: str, **facts: Any) -> Unavailable:
    return Unavailable("billing.provider_unavailable", f"YooKassa does not answer: {why}", **facts)


def _pause_s(body: dict[str, Any]) -> float:
    milliseconds = body.get("retry_after")
    return min(milliseconds / 1000, 10) if isinstance(milliseconds, int) else _PROCESSING_PAUSE_S


def _payment(body: dict[str, Any]) -> ProviderPayment:
    method = body.get("payment_method") or {}
    try:
        return ProviderPayment(
            ref=str(body["id"]),
            outcome=_OUTCOMES.get(body["status"], Outcome.UNKNOWN),
            amount=_read(body["amount"]),
            income=_read(body["income_amount"]) if "income_amount" in body else None,
            refunded=_read(body["refunded_amount"]) if "refunded_amount" in body else None,
            is_test=bool(body.get("test", False)),
            account=str((body.get("recipient") or {}).get("account_id", "")),
            confirmation_url=str((body.get("confirmation") or {}).get("confirmation_url", "")),
            reason=str((body.get("cancellation_details") or {}).get("reason", "")),
            our_payment_id=str((body.get("metadata") or {}).get("payment_id", "")),
            captured_at=datetime.fromisoformat(body["captured_at"]) if "captured_at" in body else None,
            saved_method=str(method.get("id", "")) if method.get("saved") is True else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError, Invalid) as error:
        raise _unavailable("an answer that makes no sense") from error


def _refund(body: dict[str, Any]) -> ProviderRefund:
    try:
        return ProviderRefund(
            ref=str(body["id"]),
            outcome=_OUTCOMES.get(body["status"], Outcome.UNKNOWN),
            payment_ref=str(body["payment_id"]),
            amount=_read(body["amount"]),
            reason=str((body.get("cancellation_details") or {}).get("reason", "")),
            our_refund_id=str((body.get("metadata") or {}).get("refund_id", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, Invalid) as error:
        raise _unavailable("an answer that makes no sense") from error


def _line(body: dict[str, Any], our_id: str) -> StatementLine:
    try:
        ours = str((body.get("metadata") or {}).get(our_id, ""))
        return StatementLine(our_id == "refund_id", str(body["id"]), _read(body["amount"]), ours)
    except (KeyError, TypeError, AttributeError, Invalid) as error:
        raise _unavailable("an answer that makes no sense") from error


def _written(amount: Money) -> dict[str, str]:
    return {"value": to_decimal_string(amount), "currency": amount.asset}


def _read(amount: dict[str, str]) -> Money:
    return from_decimal_string(amount["value"], amount["currency"])
