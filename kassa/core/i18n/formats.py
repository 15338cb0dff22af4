"""Numbers, money and dates as a locale writes them (CLDR, by Babel)."""

import math
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal

from kassa.kit.money import EXPONENTS, Money

_UNITS: tuple[tuple[Literal["second", "minute", "hour", "day"], int, int], ...] = (
    ("second", 1, 60),
    ("minute", 60, 120),
    ("hour", 3600, 48),
    ("day", 86_400, 0),
)
"""A unit, its length in seconds, and from how many on the next one is clearer."""
_SIGNS = {"RUB": "₽", "XTR": "⭐", "TON": "TON", "USDT": "USDT"}
"""Written after the number in every language; CLDR has them only as letters outside their own language."""


def number(value: int, locale: str) -> str:
    """1234567 as people write it: 1 234 567 in Russian."""
    return format_decimal(value, locale=locale)


def money(amount: Money, locale: str) -> str:
    """An amount with its sign; kopecks only when there are any."""
    value = Decimal(amount.units).scaleb(-EXPONENTS[amount.asset])
    whole = value == value.to_integral_value()
    if amount.asset in _SIGNS:
        pattern = "#,##0" if whole else "#,##0." + "0" * min(2, EXPONENTS[amount.asset]) + "#" * 7
        return f"{format_decimal(value, format=pattern, locale=locale)}\u00a0{_SIGNS[amount.asset]}"
    return format_currency(value, amount.asset, locale=locale, currency_digits=not whole,
                           format="¤#,##0" if whole and locale == "en" else None)  # fmt: skip


def date(moment: datetime, locale: str) -> str:
    """A day: 21 ноября 2026 г. or November 21, 2026."""
    return format_date(moment, format="long", locale=locale)


def wait(seconds: int, locale: str) -> str:
    """How long until something: "через 12 минут", "in 12 minutes". Rounded up, so that who waits that long has waited
    long enough."""
    unit, length = next(
        (name, length) for name, length, most in _UNITS if math.ceil(seconds / length) < most or name == "day"
    )
    whole = timedelta(seconds=max(1, math.ceil(seconds / length)) * length)
    text: str = format_timedelta(whole, granularity=unit, threshold=math.inf, add_direction=True, locale=locale)
    return text
