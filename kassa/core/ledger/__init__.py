"""The double-entry ledger: who has what, and how every unit came and went.

Owns the tables `ledger_*` and the SQL functions of migrations/sql/ledger.sql. Units are whole numbers of an
asset's smallest unit. Entries are append-only and sum to zero per transaction and asset; customers' balances
cannot go below zero; tokens are granted with an expiry, held, captured and released.
"""

from .adjustments import adjust
from .checks import Check, run_checks
from .errors import HoldClosed, HoldNotFound, IdempotencyConflict, InsufficientFunds
from .reports import Turnover, turnover, unspent_tokens
from .service import BALANCES_AS_JSON, balance, balances, capture, expire, grant, hold, post, release, take_back
from .types import SYSTEM, Account, AccountKind, Balance, Entry, Grant, Hold, clearing

__all__ = [
    "BALANCES_AS_JSON",
    "SYSTEM",
    "Account",
    "AccountKind",
    "Balance",
    "Check",
    "Entry",
    "Grant",
    "Hold",
    "HoldClosed",
    "HoldNotFound",
    "IdempotencyConflict",
    "InsufficientFunds",
    "Turnover",
    "adjust",
    "balance",
    "balances",
    "capture",
    "clearing",
    "expire",
    "grant",
    "hold",
    "post",
    "release",
    "run_checks",
    "take_back",
    "turnover",
    "unspent_tokens",
]
