"""Payments and refunds of all shops: what may become of them, and when somebody is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kassa.kit import clock
from kassa.kit.money import Money, divide
from kassa.sandbox.store import Store

from . import requests, shapes
from .agenda import Agenda
from .errors import invalid, unknown_payment, unknown_refund
from .methods import authorization, new_method
from .shapes import moment, new_id

PAYMENTS, REFUNDS, METHODS = "yookassa.payments", "yookassa.refunds", "yookassa.methods"
FEE_PER_MILLE = 35
_CONFIRM_WITHIN = timedelta(hours=1)
_CAPTURE_WITHIN = {"bank_card": timedelta(days=7), "yoo_money": timedelta(days=7)}
_CAPTURE_WITHIN_OTHERS = timedelta(hours=6)

Record = dict[str, Any]  # {"account", "sequence", "body": what the API shows, and what it does not show}


class Shop:
    """Every record belongs to an account; other accounts cannot see it."""

    def __init__(
        self, store: Store, agenda: Agenda, emit: Callable[[str, Record], None], checkout_url: Callable[[str], str]
    ) -> None:
        self._store = store
        self._agenda = agenda
        self._emit = emit
        self._checkout_url = checkout_url
        self._sequence = 0

    def create_payment(self, account: str, body: Record, refusal: str = "") -> Record:
        """A new payment: pending until the payer confirms, or charged at once when the method is saved.

        With a `refusal` the bank declines that charge.
        """
        amount = requests.amount_of(body)
        saved_id = requests.text_of(body, "payment_method_id", 64)
        confirmation = None if saved_id else requests.confirmation_of(body)
        has_receipt = requests.check_receipt(body, amount)
        method_kind = requests.method_of(body)
        payment: Record = {
            "id": new_id(),
            "status": "pending",
            "amount": requests.written(amount),
            "recipient": {"account_id": account, "gateway_id": str(1_000_000 + sum(account.encode()))},
            "created_at": moment(clock.now()),
            "test": True,
            "paid": False,
            "refundable": False,
            "metadata": requests.metadata_of(body),
        }
        for name, limit in (("description", 128), ("merchant_customer_id", 200)):
            text = requests.text_of(body, name, limit)
            if text:
                payment[name] = text
        if has_receipt:
            payment["receipt_registration"] = "pending"
        if method_kind:
            # Until it is used, a method is only named.
            payment["payment_method"] = {
                "type": method_kind, "id": payment["id"], "saved": False, "status": "inactive"
            }  # fmt: skip
        record = self._new_record(account, payment)
        record["capture"] = requests.flag_of(body, "capture")
        record["save"] = requests.flag_of(body, "save_payment_method")
        if confirmation is not None:
            payment["confirmation"] = shapes.confirmation(
                confirmation, payment["id"], self._checkout_url(payment["id"])
            )
            record["return_url"] = confirmation.get("return_url", "")
            record["locale"] = str(confirmation.get("locale", ""))
            self._keep(PAYMENTS, record)
            self._agenda.add("expire", _CONFIRM_WITHIN.total_seconds(), payment_id=payment["id"])
        else:
            method = self._saved_method(account, saved_id or "")
            self._keep(PAYMENTS, record)
            if refusal:
                payment["payment_method"] = method
                self._cancel(record, "payment_network", refusal)
            else:
                self._succeed(record, method)
        return self.payment(account, payment["id"])

    def payment(self, account: str, payment_id: str) -> Record:
        """One payment as the API shows it."""
        return self._own_payment(account, payment_id)["body"]  # type: ignore[no-any-return]

    def capture(self, account: str, payment_id: str, body: Record) -> Record:
        """Take the money that is held, or a part of it."""
        record = self._own_payment(account, payment_id)
        payment = record["body"]
        if payment["status"] == "succeeded":
            return self.payment(account, payment_id)
        if payment["status"] != "waiting_for_capture":
            raise invalid("payment_id", "Payment is not in the waiting_for_capture status")
        held = requests.read(payment["amount"])
        amount = requests.amount_of(body) if body.get("amount") else held
        if amount.asset != held.asset or amount.units > held.units:
            raise invalid("amount", "The amount to capture exceeds the amount of the payment")
        payment["amount"] = requests.written(amount)
        self._finish(record)
        return self.payment(account, payment_id)

    def cancel(self, account: str, payment_id: str) -> Record:
        """Give the held money back to the payer."""
        record = self._own_payment(account, payment_id)
        if record["body"]["status"] == "canceled":
            return self.payment(account, payment_id)
        if record["body"]["status"] != "waiting_for_capture":
            raise invalid("payment_id", "Payment is not in the waiting_for_capture status")
        self._cancel(record, "merchant", "canceled_by_merchant")
        return self.payment(account, payment_id)

    def create_refund(self, account: str, body: Record) -> Record:
        """Give money back, all or a part."""
        payment_id = requests.text_of(body, "payment_id", 64)
        if not payment_id:
            raise invalid("payment_id", "Incorrect parameter value. Value not specified: payment_id")
        record = self._payment_record(payment_id)
        if record is None or record["account"] != account:
            raise invalid("payment_id", unknown_payment().description)
        amount = requests.amount_of(body)
        self._check_refundable(record, amount)
        requests.check_receipt(body, amount)
        refund: Record = {
            "id": new_id(),
            "payment_id": payment_id,
            "status": "pending",
            "amount": requests.written(amount),
            "created_at": moment(clock.now()),
            "metadata": requests.metadata_of(body),
        }
        description = requests.text_of(body, "description", 250)
        if description:
            refund["description"] = description
        record["refunding"] = record.get("refunding", 0) + amount.units
        self._keep(PAYMENTS, record)
        self._keep(REFUNDS, self._new_record(account, refund))
        return refund

    def finish_refund(self, refund_id: str, reason: str = "") -> None:
        """The money is back with the payer; with a reason, it could not be given back. Only success is told."""
        record = self._store.get(REFUNDS, refund_id)
        if record is None or record["body"]["status"] != "pending":
            return
        refund = record["body"]
        amount = requests.read(refund["amount"])
        payment = self._payment_record(refund["payment_id"])
        if payment is None:
            return
        payment["refunding"] -= amount.units
        if reason:
            refund["status"] = "canceled"
            refund["cancellation_details"] = {"party": "yoo_money", "reason": reason}
            self._keep(PAYMENTS, payment)
            self._keep(REFUNDS, record)
            return
        total, back = requests.read(payment["body"]["amount"]), requests.read(payment["body"]["refunded_amount"])
        units = back.units + amount.units
        payment["body"]["refunded_amount"] = requests.written(Money(units, back.asset))
        payment["body"]["refundable"] = units < total.units
        refund["status"] = "succeeded"
        self._keep(PAYMENTS, payment)
        self._keep(REFUNDS, record)
        self._emit("refund.succeeded", refund)

    def refund(self, account: str, refund_id: str) -> Record:
        """One refund as the API shows it."""
        record = self._store.get(REFUNDS, refund_id)
        if record is None or record["account"] != account:
            raise unknown_refund()
        return record["body"]  # type: ignore[no-any-return]

    def records(self, collection: str, account: str) -> list[Record]:
        """All of an account's, newest first."""
        own = [record for _, record in self._store.all(collection) if record["account"] == account]
        return sorted(own, key=lambda record: -record["sequence"])

    def checkout(self, payment_id: str) -> Record | None:
        """What the payment page needs to know."""
        return self._payment_record(payment_id)

    def pay(self, payment_id: str, kind: str) -> None:
        """The payer paid; a payment that has ended stays as it is."""
        record = self._payment_record(payment_id)
        if record is not None and record["body"]["status"] == "pending":
            self._succeed(record, new_method(kind, payment_id))

    def pay_later(self, payment_id: str, kind: str, delay_s: float) -> None:
        """The payer confirmed, and the bank takes its time."""
        record = self._payment_record(payment_id)
        if record is not None and record["body"]["status"] == "pending":
            record["is_waiting"] = True
            self._keep(PAYMENTS, record)
            self._agenda.add("pay", delay_s, payment_id=payment_id, method=kind)

    def decline(self, payment_id: str, reason: str, kind: str = "bank_card") -> None:
        """The bank refused."""
        record = self._payment_record(payment_id)
        if record is not None and record["body"]["status"] == "pending":
            record["body"]["payment_method"] = new_method(kind, payment_id)
            self._cancel(record, "payment_network", reason)

    def expire(self, payment_id: str) -> None:
        """The time to confirm, or to capture, is over."""
        record = self._payment_record(payment_id)
        if record is None:
            return
        if record["body"]["status"] == "pending":
            self._cancel(record, "yoo_money", "expired_on_confirmation")
        elif record["body"]["status"] == "waiting_for_capture":
            self._cancel(record, "yoo_money", "expired_on_capture")

    def _succeed(self, record: Record, method: Record) -> None:
        payment = record["body"]
        payment["payment_method"] = method
        if record["save"]:
            method.update(saved=True, status="active")
            self._store.put(METHODS, method["id"], {**method, "account": record["account"]})
        payment.pop("confirmation", None)
        payment["paid"] = True
        payment["authorization_details"] = authorization()
        if record["capture"]:
            self._finish(record)
            return
        payment["status"] = "waiting_for_capture"
        period = _CAPTURE_WITHIN.get(method["type"], _CAPTURE_WITHIN_OTHERS)
        payment["expires_at"] = moment(clock.now() + period)
        self._keep(PAYMENTS, record)
        self._agenda.add("expire", period.total_seconds(), payment_id=payment["id"])
        self._emit("payment.waiting_for_capture", payment)

    def _finish(self, record: Record) -> None:
        payment = record["body"]
        amount = requests.read(payment["amount"])
        fee = divide(amount.units, FEE_PER_MILLE, 1000)
        payment.pop("expires_at", None)
        payment.update(
            status="succeeded",
            paid=True,
            refundable=True,
            captured_at=moment(clock.now()),
            income_amount=requests.written(Money(amount.units - fee, amount.asset)),
            refunded_amount=requests.written(Money(0, amount.asset)),
        )
        if "receipt_registration" in payment:
            payment["receipt_registration"] = "succeeded"
        self._keep(PAYMENTS, record)
        self._emit("payment.succeeded", payment)

    def _cancel(self, record: Record, party: str, reason: str) -> None:
        payment = record["body"]
        for name in ("confirmation", "expires_at"):
            payment.pop(name, None)
        payment.update(status="canceled", paid=False, cancellation_details={"party": party, "reason": reason})
        if "receipt_registration" in payment:
            payment["receipt_registration"] = "canceled"
        self._keep(PAYMENTS, record)
        self._emit("payment.canceled", payment)

    def _check_refundable(self, record: Record, amount: Money) -> None:
        payment = record["body"]
        if payment["status"] != "succeeded":
            raise invalid("payment_id", "Payment is not in the succeeded status")
        total = requests.read(payment["amount"])
        taken = requests.read(payment["refunded_amount"]).units + record.get("refunding", 0)
        if amount.asset != total.asset:
            raise invalid("amount.currency", "The currency of the refund differs from the payment's")
        if taken + amount.units > total.units:
            raise invalid("amount", "The amount of the refund exceeds what is left of the payment")

    def _saved_method(self, account: str, method_id: str) -> Record:
        method = self._store.get(METHODS, method_id)
        if method is None or method["account"] != account:
            raise invalid("payment_method_id", "Saved payment method doesn't exist or access denied")
        return {name: value for name, value in method.items() if name != "account"}

    def _own_payment(self, account: str, payment_id: str) -> Record:
        record = self._payment_record(payment_id)
        if record is None or record["account"] != account:
            raise unknown_payment()
        return record

    def _payment_record(self, payment_id: str) -> Record | None:
        return self._store.get(PAYMENTS, payment_id)

    def _new_record(self, account: str, body: Record) -> Record:
        # Grows over restarts too, without looking at what is stored.
        self._sequence = max(self._sequence + 1, int(clock.now().timestamp() * 1_000_000))
        return {"account": account, "sequence": self._sequence, "body": body}

    def _keep(self, collection: str, record: Record) -> None:
        self._store.put(collection, record["body"]["id"], record)
