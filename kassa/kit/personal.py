"""A person's data wherever it lies: each module says how its part is told, forgotten and handed over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Whose data it is, by every name that modules know the person by."""

    organization_id: UUID
    customer_id: UUID
    number: int
    telegram_id: int | None


async def _nothing(_session: AsyncSession, _subject: DataSubject) -> None:
    """A module that keeps nothing which could be forgotten."""


async def _stays(_session: AsyncSession, _source: DataSubject, _target: DataSubject) -> None:
    """A module whose rows may stay with the account that is given up."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A module's part. All three run in one transaction with those of the other modules."""

    export: Callable[[AsyncSession, DataSubject], Awaitable[Any]]
    """Everything it keeps about a person, as JSON."""
    erase: Callable[[AsyncSession, DataSubject], Awaitable[None]] = _nothing
    """Forget what need not be kept. What the books need stays under the customer's number."""
    merge: Callable[[AsyncSession, DataSubject, DataSubject], Awaitable[None]] = _stays
    """Hand over from one account (first) to another of the same person."""


class Holders:
    """The parts of all modules, the highest first: rows that point at others go before them."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, PersonalData]] = []

    def add(self, module: str, part: PersonalData) -> None:
        """Plug a module's part in."""
        self.parts.insert(0, (module, part))
