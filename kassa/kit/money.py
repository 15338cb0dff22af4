"""Exact amounts: whole numbers of an asset's smallest unit, no float anywhere."""

import re
from dataclasses import dataclass
from enum import StrEnum

from kassa.kit.errors import Invalid

EXPONENTS = {"RUB": 2, "USD": 2, "EUR": 2, "XTR": 0, "TON": 9, "USDT": 6, "TOKEN": 0}
"""How many decimal digits of an asset its smallest unit stands for."""

# Stricter than Decimal: no exponents, spaces, underscores or digits of other scripts.
_DECIMAL = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,30}))?")


class Rounding(StrEnum):
    """The named rules of the one rounding function."""

    HALF_UP = "half_up"
    """To the nearest; a half goes away from zero."""
    DOWN = "down"
    """Towards zero."""
    UP = "up"
    """Towards more money."""


@dataclass(frozen=True, slots=True)
class Money:
    """So many smallest units (kopecks, cents, nanotons, Stars, tokens) of one asset."""

    units: int
    asset: str

    def __post_init__(self) -> None:
        """Refuse assets that nobody knows: Invalid `money.unknown_asset`."""
        if self.asset not in EXPONENTS:
            raise Invalid("money.unknown_asset", "Unknown asset", asset=self.asset, allowed=sorted(EXPONENTS))


def divide(units: int, numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """`units * numerator / denominator`, rounded once by a named rule; exact for numbers of any size."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole, rest = divmod(units * numerator, denominator)  # whole is the floor, so rest is never negative
    if rest == 0 or (rounding is Rounding.DOWN and whole >= 0):
        return whole
    if rounding is not Rounding.HALF_UP:  # up is towards more money, down is towards zero
        return whole + 1
    away_from_zero = 2 * rest > denominator or (2 * rest == denominator and whole >= 0)
    return whole + 1 if away_from_zero else whole


def to_decimal_string(amount: Money) -> str:
    """An amount as payment APIs write it: 9800 kopecks are "98.00"."""
    exponent = EXPONENTS[amount.asset]
    whole, rest = divmod(abs(amount.units), 10**exponent)
    sign = "-" if amount.units < 0 else ""
    return f"{sign}{whole}.{rest:0{exponent}d}" if exponent else f"{sign}{whole}"


def from_decimal_string(text: str, asset: str) -> Money:
    """The amount back, exactly. Raises Invalid `money.malformed` for anything else, too many digits included."""
    exponent = EXPONENTS.get(asset)
    if exponent is None:
        raise Invalid("money.unknown_asset", "Unknown asset", asset=asset, allowed=sorted(EXPONENTS))
    match = _DECIMAL.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Invalid("money.malformed", "Not an amount", amount=str(text)[:40], asset=asset)
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > exponent:
        raise Invalid("money.malformed", "More digits than the asset has", amount=text[:40], asset=asset)
    units = int(whole + fraction.ljust(exponent, "0"))
    if units >= 1 << 62:  # what a bigint column holds, with room for sums
        raise Invalid("money.malformed", "Too large", amount=text[:40], asset=asset)
    return Money(-units if sign else units, asset)
