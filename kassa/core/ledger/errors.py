"""What the ledger refuses.

Conflict
├── ledger.insufficient_funds   less available than asked; facts: available, held, asked
├── ledger.idempotency_conflict the key was used with other input
└── ledger.hold_closed          the hold was captured or released already; fact: state
NotFound
└── ledger.hold_not_found
"""

from kassa.kit.errors import Conflict, NotFound


class InsufficientFunds(Conflict):
    """Less is available than asked. `held` tells what is only reserved and may come back."""

    def __init__(self, available: int, held: int, asked: int) -> None:
        super().__init__("ledger.insufficient_funds", "Not enough units", available=available, held=held, asked=asked)


class IdempotencyConflict(Conflict):
    """The idempotency key was used before with other input."""

    def __init__(self, key: str) -> None:
        super().__init__("ledger.idempotency_conflict", "This key was used with other input", key=key)


class HoldClosed(Conflict):
    """The hold was captured or released already, in another way than asked now."""

    def __init__(self, state: str) -> None:
        super().__init__("ledger.hold_closed", "This hold is closed", state=state)


class HoldNotFound(NotFound):
    """There is no such hold."""

    def __init__(self) -> None:
        super().__init__("ledger.hold_not_found", "No such hold")
