"""A payment provider in memory that does exactly what a test tells it."""

from collections.abc import Mapping
from datetime import datetime

from kassa.core.billing import (
    Outcome,
    PaymentRequest,
    ProviderEvent,
    ProviderPayment,
    ProviderRefund,
    RefundRequest,
    StatementLine,
)
from kassa.kit.money import Money


class FakeProvider:
    """Fulfils `billing.PaymentProvider`."""

    name = "yookassa"
    assets: tuple[str, ...] = ("RUB",)

    def __init__(self) -> None:
        self.lines: list[StatementLine] = []
        self.payments: dict[str, ProviderPayment] = {}
        self.refund_outcome = Outcome.SUCCEEDED

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        ref = f"p-{request.payment_id}"
        made = ProviderPayment(
            ref, Outcome.PENDING, request.amount, confirmation_url=f"http://127.0.0.1/pay/{ref}",
            our_payment_id=str(request.payment_id),
        )  # fmt: skip
        return self.payments.setdefault(ref, made)

    async def fetch_payment(self, ref: str) -> ProviderPayment:
        return self.payments[ref]

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        return ProviderRefund(
            f"r-{request.refund_id}", self.refund_outcome, request.payment_ref, request.amount, "insufficient_funds",
            str(request.refund_id),
        )  # fmt: skip

    async def fetch_refund(self, ref: str) -> ProviderRefund:
        return ProviderRefund(ref, self.refund_outcome)

    def parse_event(self, headers: Mapping[str, str], body: bytes, remote_ip: str) -> ProviderEvent:
        raise NotImplementedError

    async def statement(self, since: datetime, until: datetime) -> list[StatementLine]:
        return self.lines

    async def check_access(self) -> str:
        return "fake"

    def settle(self, ref: str, units: int, asset: str = "RUB", *, fee: int = 0) -> None:
        """The customer has paid."""
        known = self.payments[ref]
        self.payments[ref] = ProviderPayment(
            ref, Outcome.SUCCEEDED, Money(units, asset), Money(units - fee, asset), our_payment_id=known.our_payment_id
        )
