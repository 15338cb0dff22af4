"""What a payment provider must do for us, in our own words. UNKNOWN is a real answer: ask again, do not guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from kassa.kit.money import Money


class Outcome(StrEnum):
    """What became of a payment or refund, as far as the provider told us."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What we ask a provider to collect. `payment_id` is ours and makes the call safe to repeat."""

    payment_id: UUID
    order_id: UUID
    amount: Money
    description: str
    return_url: str
    customer_ref: str = ""
    receipt: dict[str, Any] | None = None
    """54-FZ receipt data as the provider takes it; None where no receipts are set up."""
    save_method: bool = False
    """Ask the customer for the right to charge again without them."""
    saved_method: str = ""
    """Charge this saved method at once, without the customer."""


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """A payment as the provider knows it now. `ref` is empty only when the outcome is UNKNOWN."""

    ref: str
    outcome: Outcome
    amount: Money | None = None
    income: Money | None = None
    """What is left after the provider's fee; None where it is not told."""
    refunded: Money | None = None
    is_test: bool = False
    account: str = ""
    """The shop or account that the money went to."""
    confirmation_url: str = ""
    reason: str = ""
    """Why it failed, in the provider's words."""
    our_payment_id: str = ""
    """Our id as the provider gives it back."""
    captured_at: datetime | None = None
    saved_method: str = ""
    """What to charge next time without the customer; empty when they gave no such right."""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What we ask a provider to give back. `refund_id` is ours and makes the call safe to repeat."""

    refund_id: UUID
    payment_ref: str
    amount: Money
    reason: str
    receipt: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as the provider knows it now."""

    ref: str
    outcome: Outcome
    payment_ref: str = ""
    amount: Money | None = None
    reason: str = ""
    our_refund_id: str = ""
    """Our id as the provider gives it back; empty for a refund made in the provider's cabinet."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One payment or refund that went through, as the provider's own list tells it."""

    is_refund: bool
    ref: str
    amount: Money
    our_id: str = ""
    """Our payment's or refund's id as the provider carries it; empty for what did not come from us."""


class EventSubject(StrEnum):
    """What a provider's event is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A hint that something changed; what is true is asked by `fetch_payment` or `fetch_refund`."""

    event_id: str
    """The same for every delivery of one event."""
    kind: str
    subject: EventSubject
    ref: str
    payload: dict[str, Any] = field(default_factory=dict)


class PaymentProvider(Protocol):
    """One account at one payment provider.

    Methods that call out raise Unavailable `billing.provider_unavailable` when nothing can have happened, answer
    Outcome.UNKNOWN when something may have, and raise Invalid or Denied when the provider refuses for good.
    """

    name: str
    assets: tuple[str, ...]
    """In what it collects, the preferred first."""

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """Open a payment; repeating it with the same payment_id returns the first one."""
        ...

    async def fetch_payment(self, ref: str) -> ProviderPayment:
        """The payment now. Raises NotFound `billing.provider_payment_not_found`."""
        ...

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        """Give money back; repeating it with the same refund_id returns the first one."""
        ...

    async def fetch_refund(self, ref: str) -> ProviderRefund:
        """The refund now. Raises NotFound `billing.provider_refund_not_found`."""
        ...

    def parse_event(self, headers: Mapping[str, str], body: bytes, remote_ip: str) -> ProviderEvent:
        """Check and understand a webhook.

        Raises Denied `billing.untrusted_webhook`, Invalid `billing.malformed_webhook`.
        """
        ...

    async def statement(self, since: datetime, until: datetime) -> list[StatementLine]:
        """Everything created in a window that succeeded, to be compared with our ledger."""
        ...

    async def check_access(self) -> str:
        """The account the credentials belong to, for `kassa doctor`. Raises Denied `billing.provider_denied`."""
        ...
