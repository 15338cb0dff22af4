"""Faults that an emulator plays on request: the one registry that every emulator asks.

A fault names its target ("telegram", "yookassa", "openai", ...), a kind that the target understands,
optionally a substring of the operation it applies to (a method, a path, a model), and how often.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any


@dataclass(slots=True)
class Fault:
    """One switched-on fault. `times` counts down; None means until it is removed."""

    target: str
    kind: str
    match: str = ""
    times: int | None = None
    options: dict[str, Any] = field(default_factory=dict)
    id: int = 0


class Faults:
    """The faults that are switched on, in the order they were added."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._faults: dict[int, Fault] = {}

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on; it gets its id here."""
        fault.id = next(self._ids)
        self._faults[fault.id] = fault
        return fault

    def remove(self, fault_id: int) -> None:
        """Switch one off; an unknown id is not an error."""
        self._faults.pop(fault_id, None)

    def clear(self) -> None:
        """Switch all off."""
        self._faults.clear()

    def all(self) -> list[Fault]:
        """What is switched on."""
        return list(self._faults.values())

    def take(self, target: str, operation: str, *kinds: str) -> Fault | None:
        """The first fault for this operation, of one of the kinds if any are named; uses up one of its times."""
        for fault in list(self._faults.values()):
            if fault.target != target or (kinds and fault.kind not in kinds) or fault.match not in operation:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    del self._faults[fault.id]
            return fault
        return None
