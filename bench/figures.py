"""What a measurement yields: a number, and the limit it has to keep."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. A limit is `at_least` or `at_most`; without either it only explains the others."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def limit(self) -> float | None:
        """The limit, whichever side it is on."""
        return self.at_least if self.at_least is not None else self.at_most

    @property
    def ratio(self) -> float | None:
        """The value as a part of its limit."""
        return None if not self.limit else self.value / self.limit

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is kept; None without one."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.value <= self.at_most if self.at_most is not None else None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "name": self.name, "value": self.value, "unit": self.unit, "at_least": self.at_least,
            "at_most": self.at_most, "ratio": self.ratio, "met": self.is_met,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how large to measure, and where to keep files."""

    directory: Path
    seconds: float = 4.0
    rounds: int = 5
    entries: int = 200_000


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    """The middle value: one round disturbed by a neighbour does not count."""
    return statistics.median(values) if values else float("nan")


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' ratios: both sides of each were measured within the same seconds."""
    return median([a / b for a, b in zip(ours, theirs, strict=True)])
