"""Numbers, money and dates as a locale writes them (CLDR, by Babel)."""

from datetime import datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from kassa.kit.money import EXPONENTS, Money

_SIGNS = {"XTR": "⭐", "TON": "TON", "USDT": "USDT"}


def number(value: int, locale: str) -> str:
    """1234567 as people write it: 1 234 567 in Russian."""
    return format_decimal(value, locale=locale)


def money(amount: Money, locale: str) -> str:
    """An amount with its sign; kopecks only when there are any."""
    value = Decimal(amount.units).scaleb(-EXPONENTS[amount.asset])
    whole = value == value.to_integral_value()
    if amount.asset in _SIGNS:
        return f"{format_decimal(value, locale=locale)} {_SIGNS[amount.asset]}"
    return format_currency(value, amount.asset, locale=locale, format=None, currency_digits=not whole,
                           decimal_quantization=True) if not whole else _whole(value, amount.asset, locale)  # fmt: skip


def date(moment: datetime, locale: str) -> str:
    """A day: 21 ноября 2026 г. or November 21, 2026."""
    return format_date(moment, format="long", locale=locale)


def _whole(value: Decimal, currency: str, locale: str) -> str:
    text = format_currency(value, currency, locale=locale)
    return text.replace(",00", "").replace(".00", "")
