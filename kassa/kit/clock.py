"""The one source of time. Tests and the simulator move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC) + _offset  # noqa: TID251 - the one allowed caller


def offset() -> timedelta:
    """How far the clock is moved from the machine's; zero outside tests and simulation."""
    return _offset


def move(by: timedelta) -> None:
    """Move the clock of this process."""
    global _offset
    _offset += by


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Move the clock for a block and put it back."""
    move(by)
    try:
        yield
    finally:
        move(-by)
