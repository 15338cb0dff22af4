"""The emulator behind its two edges: it tells the product what happened, late and badly when faults say so."""

import copy
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog

from kassa.kit import clock
from kassa.kit.money import Money
from kassa.sandbox.faults import Faults
from kassa.sandbox.store import Store

from . import requests
from .agenda import Agenda
from .shop import Shop

logger = structlog.get_logger(__name__)

TARGET = "yookassa"
RETRIES_S = (10, 42, 84, 168, 672, 5376, 86016)
"""After the first attempt; the sum is a bit over a day."""
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)
_REORDERED_BY_S = 5.0
_LATE_BY_S = 30.0


class Emulator:
    """One emulated YooKassa with all its shops."""

    def __init__(
        self, store: Store, faults: Faults, webhook_url: Callable[[], str], public_url: Callable[[], str]
    ) -> None:
        self.faults = faults
        self.deliveries: deque[dict[str, Any]] = deque(maxlen=500)
        """What was sent to the product, the newest last: {"at", "event", "object_id", "attempt", "status"}."""
        self._webhook_url = webhook_url
        self._session: aiohttp.ClientSession | None = None
        self._is_overtaken = True  # whether a notification waits for the next one to pass it; one may since last time
        self.agenda = Agenda(store, self._act)
        self.shop = Shop(store, self.agenda, self._emit, lambda ref: f"{public_url().rstrip('/')}/checkout/{ref}")

    def start(self) -> None:
        """Go on with what was under way when the process ended."""
        self.agenda.ensure_running()

    async def stop(self) -> None:
        """Stop; what is not done is done after the next start."""
        await self.agenda.stop()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def create_payment(self, account: str, body: dict[str, Any]) -> dict[str, Any]:
        """A payment; a fault makes the bank decline the charge of a saved method."""
        refusal = self._refusal("charge") if body.get("payment_method_id") else ""
        return self.shop.create_payment(account, body, refusal)

    def pay(self, payment_id: str, method: str) -> None:
        """The payer pressed the button; a fault makes the bank decline."""
        refusal = self._refusal(f"pay {payment_id}")
        if refusal:
            self.shop.decline(payment_id, refusal, method)
        else:
            self.shop.pay(payment_id, method)

    def refund(self, account: str, body: dict[str, Any]) -> dict[str, Any]:
        """A refund, finished at once unless a fault delays or refuses it."""
        refund = self.shop.create_refund(account, body)
        operation = f"refund {refund['id']}"
        delayed = self.faults.take(TARGET, operation, "refund_pending")
        refused = self.faults.take(TARGET, operation, "refund_canceled")
        reason = str(refused.options.get("reason", "insufficient_funds")) if refused else ""
        if delayed:
            self.agenda.add("refund", float(delayed.options.get("seconds", 5)), refund_id=refund["id"], reason=reason)
        else:
            self.shop.finish_refund(refund["id"], reason)
        return self.shop.refund(account, refund["id"])

    def _refusal(self, operation: str) -> str:
        fault = self.faults.take(TARGET, operation, "decline")
        return str(fault.options.get("reason", "insufficient_funds")) if fault else ""

    def _emit(self, event: str, subject: dict[str, Any]) -> None:
        """Put a notification on its way. What it says is what is true now, however late it arrives."""
        operation = f"{event} {subject['id']}"
        if self.faults.take(TARGET, operation, "webhook_lost"):
            return
        body: dict[str, Any] = {"type": "notification", "event": event, "object": copy.deepcopy(subject)}
        tampered = self.faults.take(TARGET, operation, "webhook_tampered")
        if tampered:
            amount = requests.read(subject["amount"])
            value = tampered.options.get("value") or requests.written(Money(amount.units * 100, amount.asset))["value"]
            body["object"]["amount"]["value"] = str(value)
        if self._is_overtaken:
            self.agenda.hurry("notify", 0.3, is_overtaken=True)
        self._is_overtaken = False
        late = self.faults.take(TARGET, operation, "webhook_late")
        overtaken = self.faults.take(TARGET, operation, "webhook_reordered")
        delay_s = 0.0
        if late:
            delay_s = float(late.options.get("seconds", _LATE_BY_S))
        elif overtaken:
            delay_s = float(overtaken.options.get("seconds", _REORDERED_BY_S))
            self._is_overtaken = True
        times = 2 if self.faults.take(TARGET, operation, "webhook_doubled") else 1
        for _ in range(times):
            self.agenda.add("notify", delay_s, body=body, attempt=0, is_overtaken=bool(overtaken))

    async def _act(self, task: dict[str, Any]) -> None:
        match task["kind"]:
            case "notify":
                await self._notify(task)
            case "pay":
                self.pay(task["payment_id"], task["method"])
            case "expire":
                self.shop.expire(task["payment_id"])
            case "refund":
                self.shop.finish_refund(task["refund_id"], task["reason"])

    async def _notify(self, task: dict[str, Any]) -> None:
        body, attempt = task["body"], task["attempt"]
        url = self._webhook_url()
        if not url:
            return
        status = await self._post(url, body)
        facts = {"event": body["event"], "object_id": body["object"]["id"], "attempt": attempt, "status": status}
        self.deliveries.append({"at": clock.now().isoformat(), **facts})
        if status == 200:
            return
        logger.info("sandbox_notification_refused", provider=TARGET, kind=facts["event"], status=status)
        if attempt < len(RETRIES_S):
            self.agenda.add("notify", RETRIES_S[attempt], body=body, attempt=attempt + 1, is_overtaken=False)

    async def _post(self, url: str, body: dict[str, Any]) -> int:
        """The HTTP status, 0 when there was no answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_ANSWER_WITHIN)
        try:
            async with self._session.post(url, json=body, allow_redirects=False) as answer:
                return answer.status
        except (TimeoutError, aiohttp.ClientError):
            return 0
