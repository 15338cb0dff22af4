"""Plans, orders and payments as they leave billing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kassa.kit.events import Event
from kassa.kit.money import Money


class PlanKind(StrEnum):
    """What sort of thing a plan sells."""

    SUBSCRIPTION = "subscription"
    TOKENS = "tokens"
    UNLIMITED = "unlimited"
    API = "api"


class RateTier(StrEnum):
    """How often somebody may ask; the limits of each are rules of policies."""

    FREE = "free"
    BASIC = "basic"
    PREMIUM = "premium"


class ApiQuota(BaseModel):
    """What an API plan allows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: int = Field(gt=0)
    period: str = Field(pattern="^(day|week|month|year)$")
    support: list[str] = []
    features: list[str] = []


class PlanTerms(BaseModel):
    """What a version of a plan gives and costs; stored with the version and never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: PlanKind
    names: dict[str, str]
    tokens: int = Field(default=0, ge=0)
    days: int | None = Field(default=None, gt=0)
    light_model: str | None = None
    """The model that stays free of charge when the tokens of the period are spent (BIL-4)."""
    trial_days: int = Field(default=0, ge=0)
    api: ApiQuota | None = None
    rate_tier: RateTier = RateTier.BASIC
    """How often its owner may ask (`tier` in the rules of policies)."""
    flag: str | None = Field(default=None, max_length=63)
    """The flag for whose audience it is on sale; None is for everybody."""
    channels: list[str] = []
    """Where it is on sale: `telegram`, `web`; empty is everywhere."""
    prices: dict[str, int]

    def name(self, locale: str) -> str:
        """The plan's name in a language, English when there is none."""
        return self.names.get(locale) or self.names.get("en") or next(iter(self.names.values()))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan in its newest version."""

    slug: str
    version_id: UUID
    version: int
    terms: PlanTerms


class OrderStatus(StrEnum):
    """Where an order stands."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"


class PaymentStatus(StrEnum):
    """Where an attempt to pay stands. REVIEW is money that a person has to look at."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REVIEW = "review"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"


class RefundStatus(StrEnum):
    """Where a refund stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Payment:
    """The attempt to pay an order."""

    id: UUID
    order_id: UUID
    provider: str
    status: PaymentStatus
    amount: Money
    refunded_units: int
    confirmation_url: str
    provider_ref: str | None
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase, with its payment."""

    id: UUID
    number: int
    customer_id: UUID
    plan: str
    terms: PlanTerms
    status: OrderStatus
    amount: Money
    created_at: datetime
    paid_at: datetime | None
    payment: Payment


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back, and the tokens taken back with it."""

    id: UUID
    payment_id: UUID
    status: RefundStatus
    amount: Money
    tokens_taken: int
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a customer may use for a time beside tokens: `plan` (every purchase), `unlimited`, `light_model`
    (fact: model), `api`."""

    kind: str
    model: str | None
    plan: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """An order was paid and everything it gives was given."""

    name = "billing.order_paid"
    order_id: str
    customer_id: str
    organization_id: str


@dataclass(frozen=True, slots=True)
class PaymentRefunded(Event):
    """Money went back to a customer."""

    name = "billing.payment_refunded"
    refund_id: str
    order_id: str
    customer_id: str
    organization_id: str


@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    """The provider would not give the money back; the customer keeps the purchase."""

    name = "billing.refund_failed"
    refund_id: str
    order_id: str
    organization_id: str


@dataclass(frozen=True, slots=True)
class ReviewOpened(Event):
    """Money came that does not fit: a person has to decide."""

    name = "billing.review_opened"
    review_id: str
    organization_id: str


@dataclass(frozen=True, slots=True)
class LedgerChecked(Event):
    """Checks of ledger and money have run: which are red, and which are green. One that could not run, because its
    provider did not answer, is neither."""

    name = "ledger.checked"
    red: list[str]
    green: list[str]
