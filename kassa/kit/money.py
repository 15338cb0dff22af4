"""Exact amounts: whole numbers of an asset's smallest unit, no float anywhere."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from kassa.kit.errors import Invalid

EXPONENTS = {"RUB": 2, "USD": 2, "EUR": 2, "XTR": 0, "TON": 9, "USDT": 6, "TOKEN": 0}
"""How many decimal digits of an asset its smallest unit stands for."""


class Rounding(StrEnum):
    """The named rules of the one rounding function."""

    HALF_UP = ROUND_HALF_UP
    DOWN = ROUND_DOWN
    UP = ROUND_CEILING


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
    """`units * numerator / denominator`, rounded once by a named rule."""
    exact = Decimal(units) * Decimal(numerator) / Decimal(denominator)
    return int(exact.to_integral_value(rounding=rounding.value))


def to_decimal_string(amount: Money) -> str:
    """An amount as payment APIs write it: 9800 kopecks are "98.00"."""
    exponent = EXPONENTS[amount.asset]
    return f"{Decimal(amount.units).scaleb(-exponent):.{exponent}f}"


def from_decimal_string(text: str, asset: str) -> Money:
    """The amount back, exactly. Raises Invalid `money.malformed` for anything else, too many digits included."""
    exponent = EXPONENTS.get(asset)
    if exponent is None:
        raise Invalid("money.unknown_asset", "Unknown asset", asset=asset, allowed=sorted(EXPONENTS))
    try:
        value = Decimal(text)
        units = value.scaleb(exponent)
        if not value.is_finite() or units != units.to_integral_value() or abs(units) >= 1 << 62:
            raise Invalid("money.malformed", "Not an amount of this asset", amount=text[:40], asset=asset)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise Invalid("money.malformed", "Not an amount", amount=str(text)[:40], asset=asset) from error
    return Money(int(units), asset)
