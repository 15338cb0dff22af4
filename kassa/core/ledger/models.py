"""The ledger's tables. They are written only by the SQL functions of migrations/sql/ledger.sql."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kassa.kit.db import Base


class LedgerAccount(Base):
    """An account of the chart; made at its first use."""

    __tablename__ = "ledger_account"
    __table_args__ = (UniqueConstraint("organization_id", "kind", "owner_id", "asset"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[str]
    owner_id: Mapped[UUID]
    asset: Mapped[str]
    bounded: Mapped[bool]


class LedgerTransaction(Base):
    """One business fact, made once per idempotency key."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        UniqueConstraint("organization_id", "idempotency_key"),
        Index("ix_ledger_transaction_reference", "reference"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    idempotency_key: Mapped[str]
    input_hash: Mapped[str]
    kind: Mapped[str]
    reference: Mapped[str]
    created_at: Mapped[datetime]


class LedgerEntry(Base):
    """One side of a transaction; append-only."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index("ix_ledger_entry_transaction", "transaction_id"),
        Index("ix_ledger_entry_account", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transaction.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    asset: Mapped[str]
    amount: Mapped[int]


class LedgerBalance(Base):
    """The running balance of a bounded account: the row that serializes its owner's changes."""

    __tablename__ = "ledger_balance"
    __table_args__ = (
        CheckConstraint("posted - held >= 0", name="not_overdrawn"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), primary_key=True)
    posted: Mapped[int]
    held: Mapped[int]


class LedgerGrant(Base):
    """Units that came together and lapse together."""

    __tablename__ = "ledger_grant"
    __table_args__ = (
        CheckConstraint("remaining >= 0 and held >= 0 and held <= remaining", name="within_amount"),
        Index("ix_ledger_grant_free", "account_id", postgresql_where=text("remaining > 0")),
        Index(
            "ix_ledger_grant_expiry", "expires_at", postgresql_where=text("remaining > 0 and expires_at is not null")
        ),
        Index("ix_ledger_grant_voided", "id", postgresql_where=text("remaining > 0 and voided_at is not null")),
        Index("ix_ledger_grant_reference", "reference"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transaction.id"))
    source: Mapped[str]
    reference: Mapped[str]
    amount: Mapped[int]
    remaining: Mapped[int]
    held: Mapped[int]
    priority: Mapped[int] = mapped_column(Integer)
    expires_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LedgerGrantSpend(Base):
    """Which grants a transaction took from; append-only."""

    __tablename__ = "ledger_grant_spend"
    __table_args__ = (Index("ix_ledger_grant_spend_grant", "grant_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_transaction.id"), index=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("ledger_grant.id"))
    amount: Mapped[int]


class LedgerHold(Base):
    """A reservation: open until it is captured or released, once."""

    __tablename__ = "ledger_hold"
    __table_args__ = (
        UniqueConstraint("organization_id", "idempotency_key"),
        Index("ix_ledger_hold_open", "expires_at", postgresql_where=text("state = 'open'")),
        Index("ix_ledger_hold_account", "account_id", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    idempotency_key: Mapped[str]
    input_hash: Mapped[str]
    amount: Mapped[int]
    captured: Mapped[int]
    state: Mapped[str]
    reference: Mapped[str]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class LedgerHoldGrant(Base):
    """From which grants a hold reserves."""

    __tablename__ = "ledger_hold_grant"

    hold_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_hold.id"), primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("ledger_grant.id"), primary_key=True)
    amount: Mapped[int]
