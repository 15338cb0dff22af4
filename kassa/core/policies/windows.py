"""Limits as people write them: `5/hour`, `1,000 / 10 minutes`, `5 at once`."""

import re
from dataclasses import dataclass

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
MONTHS = {"month": 1, "year": 12}
UNITS = (*SECONDS, *MONTHS)

_PERIOD = re.compile(rf"^(?:(\d{{1,4}})\s+)?({'|'.join(UNITS)})s?$")
_NUMBER = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d{1,12}$")
_SIZE = re.compile(r"^(\d{1,9})\s*(B|KB|MB|GB)?$", re.IGNORECASE)

LIMIT_GRAMMAR = 'a number, "/" and a period ("5/hour", "1,000/10 minutes"), or "5 at once"'
PERIOD_GRAMMAR = f'one of {", ".join(UNITS)}, or so many of them ("10 minutes")'


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: whole months or whole seconds, because a month has no fixed number of seconds."""

    text: str
    months: int
    seconds: int

    @property
    def about_s(self) -> int:
        """Its length for people and headers; a month counts as 30 days, a year as 365."""
        years, months = divmod(self.months, 12)
        return years * 365 * 86_400 + months * 30 * 86_400 + self.seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within `period`; with no period, at most so many at the same time."""

    most: int
    period: Period | None

    @property
    def text(self) -> str:
        """The limit as it is written."""
        return f"{self.most}/{self.period.text}" if self.period else f"{self.most} at once"

    @property
    def period_text(self) -> str:
        """The window without the number: what a counter is named by."""
        return self.period.text if self.period else "at once"


def read_period(text: str) -> Period:
    """`hour`, `10 minutes`. Raises ValueError that names what is allowed."""
    found = _PERIOD.match(" ".join(text.strip().lower().split()))
    amount = int(found[1] or 1) if found else 0
    if not found or not amount:
        raise ValueError(f"a period is {PERIOD_GRAMMAR}")
    unit = found[2]
    name = unit if amount == 1 else f"{amount} {unit}s"
    return Period(name, amount * MONTHS.get(unit, 0), amount * SECONDS.get(unit, 0))


def read_limit(text: str) -> Limit:
    """`5/hour`, `5 at once`. Raises ValueError that names what is allowed."""
    words = " ".join(text.strip().lower().split())
    if words.endswith(" at once"):
        return Limit(_number(words.removesuffix(" at once")), None)
    number, slash, period = words.partition("/")
    if not slash:
        raise ValueError(f"a limit is {LIMIT_GRAMMAR}")
    return Limit(_number(number.strip()), read_period(period.strip()))


def read_size(text: str | int) -> int:
    """`20 MB` in bytes. Raises ValueError that names what is allowed."""
    found = _SIZE.match(str(text).strip())
    if not found or not int(found[1]):
        raise ValueError('a size is a number of bytes, or one with KB, MB or GB ("20 MB")')
    scale: int = 1024 ** ("B", "KB", "MB", "GB").index((found[2] or "B").upper())
    return int(found[1]) * scale


def _number(text: str) -> int:
    number = int(text.replace(",", "")) if _NUMBER.match(text) else 0
    if number < 1:
        raise ValueError(f"a limit is {LIMIT_GRAMMAR}; the number is 1 or more, and `deny` forbids altogether")
    return number
