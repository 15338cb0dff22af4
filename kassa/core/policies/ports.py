"""What policies want from others: facts about customers, and counters that live elsewhere than in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from .types import Facts


class FactSource(Protocol):
    """Reads what rules may ask about a customer, in one query."""

    async def __call__(self, session: AsyncSession | None, organization_id: UUID, customer_id: UUID) -> Facts:
        """The facts; in the session's transaction when there is one. An unknown customer has the facts of nobody."""
        ...


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter to raise: by `cost`, not beyond `ceiling`, in the window that would close at `closes_at`."""

    key: UUID
    ceiling: int
    cost: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts and ends of windows after the answer, and which counters refused, counted from 0."""

    counts: tuple[int, ...]
    closes: tuple[datetime, ...]
    refused: tuple[int, ...]


class Counters(Protocol):
    """Counters shared by all processes. Raises Unavailable when they cannot be reached."""

    async def count(self, counters: Sequence[Counter], at: datetime) -> Counted:
        """Raise all or none. `at` is the database's time, so that every process lives in one time."""
        ...

    async def look(self, keys: Sequence[UUID], at: datetime) -> dict[UUID, tuple[int, datetime]]:
        """Open windows, without counting."""
        ...

    async def ping(self) -> str:
        """Their version."""
        ...

    async def forget(self, counted: Sequence[tuple[UUID, int]]) -> None:
        """Take back what was counted."""
        ...
