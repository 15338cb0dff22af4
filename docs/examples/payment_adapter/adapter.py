"""Piggy, a made-up payment provider: all that a payment adapter consists of.

    POST {base}/payments   Bearer token, Idempotency-Key   {"sum": "98.00", "currency", "order", "back", "about"}
    GET  {base}/payments/{id}   {"id", "state": "new"|"paid"|"dead", "sum", "currency", "returned", "order", "page"}
    POST {base}/refunds, GET {base}/refunds/{id}   {"id", "state", "sum", "currency", "payment", "order"}
    GET  {base}/statement?since=&until=   {"lines": [{"kind", "id", "sum", "currency", "order"}]}
    a webhook   X-Piggy-Signature: hex HMAC-SHA256 of the body   {"event_id", "about": "payment"|"refund", "id"}

Three rules carry it. An answer that did not come is Outcome.UNKNOWN, because the money may have moved; only a call
that surely did nothing raises Unavailable. Our own id is the idempotency key, so repeating a call is always safe. And
a webhook is a hint: it is checked, and then names what to fetch.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

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

_OUTCOMES = {"new": Outcome.PENDING, "paid": Outcome.SUCCEEDED, "dead": Outcome.FAILED}
_SUBJECTS = {"payment": EventSubject.PAYMENT, "refund": EventSubject.REFUND}
_MAX_BODY_BYTES = 64 * 1024


class Piggy:
    """Fulfils `kassa.core.billing.PaymentProvider`: one account, its secrets as arguments, no memory between calls."""

    name = "piggy"
    assets: tuple[str, ...] = ("RUB",)

    def __init__(
        self, session: aiohttp.ClientSession, *, token: str, webhook_secret: str, base_url: str, timeout_s: float = 30
    ) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._secret = webhook_secret.encode()
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """Open a payment; our id is the idempotency key and comes back as `order`."""
        body = {
            "sum": to_decimal_string(request.amount), "currency": request.amount.asset,
            "order": str(request.payment_id), "back": request.return_url, "about": request.description,
        }  # fmt: skip
        answer = await self._change("/payments", body, str(request.payment_id))
        if answer is None:
            return ProviderPayment("", Outcome.UNKNOWN, our_payment_id=str(request.payment_id))
        return _payment(answer)

    async def fetch_payment(self, ref: str) -> ProviderPayment:
        """The payment now."""
        return _payment(await self._read("payments", ref, "billing.provider_payment_not_found"))

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        """Give money back; our refund's id is the idempotency key."""
        body = {
            "payment": request.payment_ref, "sum": to_decimal_string(request.amount),
            "currency": request.amount.asset, "order": str(request.refund_id),
        }  # fmt: skip
        answer = await self._change("/refunds", body, str(request.refund_id))
        if answer is None:
            return ProviderRefund("", Outcome.UNKNOWN, payment_ref=request.payment_ref)
        return _refund(answer)

    async def fetch_refund(self, ref: str) -> ProviderRefund:
        """The refund now."""
        return _refund(await self._read("refunds", ref, "billing.provider_refund_not_found"))

    def parse_event(self, headers: Mapping[str, str], body: bytes, remote_ip: str) -> ProviderEvent:
        """Check the signature over the bytes as they came, in constant time, and only then look inside."""
        given = {name.lower(): value for name, value in headers.items()}.get("x-piggy-signature", "")
        expected = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise Denied("billing.untrusted_webhook", "The signature is not the provider's", remote_ip=remote_ip)
        try:
            payload: Any = orjson.loads(body[:_MAX_BODY_BYTES])
            event_id, about, ref = str(payload["event_id"]), str(payload["about"]), str(payload["id"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise Invalid("billing.malformed_webhook", "Not a notification") from error
        return ProviderEvent(event_id, about, _SUBJECTS.get(about, EventSubject.OTHER), ref, payload)

    async def statement(self, since: datetime, until: datetime) -> list[StatementLine]:
        """What succeeded in a window; every night it is compared with the ledger."""
        window = "&".join(f"{name}={at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in
                          (("since", since), ("until", until)))  # fmt: skip
        answer = await self._read(f"statement?{window}", "", "billing.provider_refused")
        return [
            StatementLine(line["kind"] == "refunds", line["id"], _money(line["sum"], line["currency"]), line["order"])
            for line in answer["lines"]
        ]

    async def check_access(self) -> str:
        """Whose account this is, for `kassa doctor`."""
        return str((await self._read("me", "", "billing.provider_denied"))["account"])

    async def _change(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        """Post something that moves money; None when it may have happened and nobody told us."""
        try:
            status, answer = await self._send("POST", path, body, {"Idempotency-Key": key})
        except aiohttp.ClientConnectorError as error:  # no connection: nothing can have happened
            raise _unavailable(error) from error
        except (aiohttp.ClientError, TimeoutError):  # sent, and no answer
            return None
        if status == 200:
            return answer
        if status >= 500:
            return None
        raise _refusal(status, answer)

    async def _read(self, kind: str, ref: str, not_found: str) -> dict[str, Any]:
        """Ask a question; repeating it does no harm, so any silence is Unavailable."""
        try:
            status, answer = await self._send("GET", f"/{kind}/{ref}".rstrip("/"), None, {})
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unavailable(error) from error
        if status == 404:
            raise NotFound(not_found, "The provider does not know it", ref=ref)
        if status != 200:
            raise _refusal(status, answer) if status < 500 else _unavailable(f"HTTP {status}")
        return answer

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        async with self._session.request(
            method, self._base_url + path, data=orjson.dumps(body) if body else None,
            headers=self._headers | headers, timeout=self._timeout, allow_redirects=False,
        ) as answer:  # fmt: skip
            try:
                parsed: Any = orjson.loads(await answer.read())
            except orjson.JSONDecodeError:
                parsed = {}
            return answer.status, parsed if isinstance(parsed, dict) else {}


def _payment(body: dict[str, Any]) -> ProviderPayment:
    try:
        return ProviderPayment(
            ref=str(body["id"]),
            outcome=_OUTCOMES.get(body["state"], Outcome.UNKNOWN),  # a state that is new to us decides nothing
            amount=_money(body["sum"], body["currency"]),
            refunded=_money(body["returned"], body["currency"]),
            is_test=bool(body["test"]),
            account=str(body["account"]),
            confirmation_url=str(body["page"]),
            reason=str(body["why"]),
            our_payment_id=str(body["order"]),
        )
    except (KeyError, TypeError, Invalid) as error:
        raise _unavailable("an answer that makes no sense") from error


def _refund(body: dict[str, Any]) -> ProviderRefund:
    try:
        return ProviderRefund(
            ref=str(body["id"]), outcome=_OUTCOMES.get(body["state"], Outcome.UNKNOWN),
            payment_ref=str(body["payment"]), amount=_money(body["sum"], body["currency"]),
            our_refund_id=str(body["order"]),
        )  # fmt: skip
    except (KeyError, TypeError, Invalid) as error:
        raise _unavailable("an answer that makes no sense") from error


def _money(text: str, asset: str) -> Money:
    return from_decimal_string(text, asset)  # exact: no float ever sees money


def _refusal(status: int, body: dict[str, Any]) -> AppError:
    words = str(body.get("error", "")) or f"HTTP {status}"
    if status in {401, 403}:
        return Denied("billing.provider_denied", words, status=status)
    if status == 429:
        return _unavailable(words, retry_after_s=2.0)
    return Invalid("billing.provider_refused", words, status=status)


def _unavailable(why: object, **facts: Any) -> Unavailable:
    return Unavailable("billing.provider_unavailable", f"Piggy does not answer: {why}", **facts)
