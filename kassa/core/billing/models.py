"""Plans with versions, orders, payments, refunds, what they give, and the inbox of providers' events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class BillingPlan(Base):
    """Something for sale; what it gives and costs is in its versions."""

    __tablename__ = "billing_plan"
    __table_args__ = (UniqueConstraint("organization_id", "slug"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    slug: Mapped[str]
    position: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool]
    created_at: Mapped[datetime]


class BillingPlanVersion(Base):
    """The terms of a plan from a moment on; orders point here, so history never changes."""

    __tablename__ = "billing_plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("billing_plan.id"))
    version: Mapped[int] = mapped_column(Integer)
    terms: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class BillingOrder(Base):
    """One purchase."""

    __tablename__ = "billing_order"
    __table_args__ = (
        UniqueConstraint("customer_id", "idempotency_key"),
        Index("ix_billing_order_customer", "customer_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(start=1001), unique=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    plan_slug: Mapped[str]
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("billing_plan_version.id"))
    asset: Mapped[str]
    units: Mapped[int]
    discount_units: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    bonus_tokens: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    status: Mapped[str]
    idempotency_key: Mapped[str]
    input_hash: Mapped[str]
    bot_id: Mapped[UUID | None]
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str]
    return_url: Mapped[str]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]


class BillingPayment(Base):
    """The payment of an order; written before the provider is called. Another try is another order."""

    __tablename__ = "billing_payment"
    __table_args__ = (
        UniqueConstraint("provider", "provider_ref"),
        CheckConstraint("units > 0", name="amount_positive"),
        CheckConstraint("refunded_units between 0 and units", name="refund_within_amount"),
        Index("ix_billing_payment_due", "next_check_at", postgresql_where=text("next_check_at is not null")),
        UniqueConstraint("order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing_order.id"))
    provider: Mapped[str]
    provider_ref: Mapped[str | None]
    status: Mapped[str]
    asset: Mapped[str]
    units: Mapped[int]
    income_units: Mapped[int | None]
    refunded_units: Mapped[int]
    confirmation_url: Mapped[str]
    reason: Mapped[str]
    is_test: Mapped[bool]
    checks: Mapped[int] = mapped_column(Integer)
    next_check_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class BillingRefund(Base):
    """Money on its way back, or given back."""

    __tablename__ = "billing_refund"
    __table_args__ = (
        UniqueConstraint("payment_id", "idempotency_key"),
        UniqueConstraint("provider_ref"),
        Index("ix_billing_refund_due", "next_check_at", postgresql_where=text("next_check_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing_payment.id"))
    provider_ref: Mapped[str | None]
    status: Mapped[str]
    units: Mapped[int]
    tokens_taken: Mapped[int]
    reason: Mapped[str]
    failure: Mapped[str]
    idempotency_key: Mapped[str]
    actor_id: Mapped[UUID]
    checks: Mapped[int] = mapped_column(Integer)
    next_check_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class BillingEntitlement(Base):
    """What a customer may use for a time."""

    __tablename__ = "billing_entitlement"
    __table_args__ = (
        Index("ix_billing_entitlement_customer", "customer_id", "ends_at"),
        UniqueConstraint("order_id", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing_order.id"))
    kind: Mapped[str]
    plan_slug: Mapped[str]
    model: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class BillingEvent(Base):
    """The inbox: an event of a provider, stored before it is answered."""

    __tablename__ = "billing_event"
    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_billing_event_received", "received_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    ref: Mapped[str]
    payload: Mapped[dict[str, Any]]
    remote_ip: Mapped[str]
    state: Mapped[str]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class BillingReview(Base):
    """Money that does not fit: recorded, and waiting for a person."""

    __tablename__ = "billing_review"
    __table_args__ = (UniqueConstraint("payment_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing_payment.id"))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
