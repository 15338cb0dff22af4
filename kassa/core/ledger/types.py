"""Accounts, entries and balances as they leave the ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

SYSTEM = UUID(int=0)
"""The owner of the organization's own accounts."""


class AccountKind(StrEnum):
    """The chart of accounts. A bounded account belongs to somebody and never goes below zero."""

    CUSTOMER_TOKENS = "customer_tokens"
    CUSTOMER_WALLET = "customer_wallet"
    REVENUE = "revenue"
    REFUNDS = "refunds"
    DISCOUNTS = "discounts"
    FEES = "fees"
    UNASSIGNED_MONEY = "unassigned_money"
    TOKENS_ISSUED = "tokens_issued"
    TOKENS_USED = "tokens_used"
    TOKENS_EXPIRED = "tokens_expired"
    TOKENS_TAKEN_BACK = "tokens_taken_back"


BOUNDED = frozenset({AccountKind.CUSTOMER_TOKENS.value, AccountKind.CUSTOMER_WALLET.value})
"""Accounts that belong to somebody: they have a balance row, which may not go below zero."""


def clearing(provider: str) -> str:
    """The account of what a payment provider holds for us until it pays out: one per provider."""
    return f"clearing:{provider}"


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its place in the chart (an AccountKind, or `clearing` of a provider), whose it is, in what asset."""

    kind: str
    asset: str
    owner_id: UUID = SYSTEM


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting: positive adds to the account, negative takes from it."""

    account: Account
    units: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Units that came by one purchase or gift. `remaining` includes what is held."""

    id: int
    source: str
    reference: str
    amount: int
    remaining: int
    held: int
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What an owner can spend now, what is held, and the grants behind it."""

    asset: str
    available: int
    held: int
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation. `is_new` is False for a repeat of the same request."""

    id: UUID
    amount: int
    available_after: int
    is_new: bool
