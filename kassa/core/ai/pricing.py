"""Prices as data: the same pure function gives the price on the button, the hold and the charge.

A price is {base?, min?, units?: [{of, per?, rate | tiers | lookup, round?}]} in whole tokens (or, for what a route
costs us, in millionths of a dollar). Amount = base + Σ quantity × rate / per, rounded up once at the end, at least min.
- of: the quantity: input_tokens, cached_tokens, output_tokens, images, seconds, minutes, characters, ...
- round: up: the quantity is first rounded up to whole `per` (a video of 6 s at 5 s a piece is two pieces).
- tiers: [{up_to, rate}, ..., {rate}]: the whole quantity is charged at the rate of the tier it falls into.
- lookup: {by: [names], table: {"a|b": rate}}: the rate depends on parameters; a miss blocks the sale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kassa.kit.errors import Unavailable

from .reading import CatalogueError, Reader
from .types import Usage

# What is known only after the work is done. A price without them is fixed: the hold is the charge.
MEASURED = frozenset({"input_tokens", "cached_tokens", "output_tokens", "audio_tokens"})
MAX_RATE = 10**12


class PriceError(Unavailable):
    """The price does not cover these parameters: a mistake in the catalogue, so nothing is sold.

    Codes: ai.price_missing_quantity, ai.price_missing_rate, ai.price_bad_quantity.
    """


@dataclass(frozen=True, slots=True)
class Tier:
    """A rate for quantities up to a bound; the last tier has none."""

    up_to: int | None
    rate: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of a price. Exactly one of `rate`, `tiers`, `table` is used."""

    of: str
    per: int
    rounds_up: bool
    rate: int | None = None
    tiers: tuple[Tier, ...] = ()
    by: tuple[str, ...] = ()
    table: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A price that was checked: no negative number anywhere."""

    base: int = 0
    minimum: int = 0
    units: tuple[Unit, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the amount is known before the work is done."""
        return not any(unit.of in MEASURED for unit in self.units)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a quote as it was computed: `quantity` × `rate` / `per`, before the one rounding of the total."""

    of: str
    quantity: int
    per: int
    rate: int


@dataclass(frozen=True, slots=True)
class Quote:
    """An amount and how it came about; kept with the hold, so that later prices never change history."""

    tokens: int
    base: int
    minimum: int
    lines: tuple[Line, ...]

    def as_data(self) -> dict[str, Any]:
        """For a JSON column or an answer."""
        lines = [{"of": line.of, "quantity": line.quantity, "per": line.per, "rate": line.rate} for line in self.lines]
        return {"tokens": self.tokens, "base": self.base, "min": self.minimum, "lines": lines}


def quote(price: Price, params: Mapping[str, Any]) -> Quote:
    """The amount for these quantities and parameters, in whole tokens. Raises PriceError on anything not covered."""
    total = Fraction(price.base)
    lines = []
    for unit in price.units:
        quantity = _quantity(unit, params)
        rate = _rate(unit, quantity, params)
        if unit.rounds_up:
            total += -(-quantity // unit.per) * rate
        else:
            total += Fraction(quantity * rate, unit.per)
        lines.append(Line(unit.of, quantity, unit.per, rate))
    # The one rounding: up, because a part of a token is charged as a whole one.
    amount = -(-total.numerator // total.denominator)
    return Quote(max(price.minimum, amount), price.base, price.minimum, tuple(lines))


def charge(price: Price, usage: Mapping[str, Any] | None, held: int) -> int:
    """What to capture of a hold of `held` tokens; never more than it.

    `usage` is the parameters of the quote with what was measured (see `measured`). A fixed price takes the hold.
    Without usage the provider told nothing, and the hold, an upper bound, is taken. Raises PriceError.
    """
    if price.is_fixed or usage is None:
        return held
    return min(held, quote(price, usage).tokens)


def measured(price: Price, usage: Usage) -> dict[str, int]:
    """Usage as quantities. What came from the provider's cache leaves input_tokens where it has its own rate."""
    splits = any(unit.of == "cached_tokens" for unit in price.units)
    cached = min(usage.cached_tokens, usage.input_tokens) if splits else 0
    return {
        "input_tokens": usage.input_tokens - cached,
        "cached_tokens": cached,
        "output_tokens": usage.output_tokens,
    }


def upper_bound(input_tokens: int, max_output_tokens: int) -> dict[str, int]:
    """The quantities to quote a text request with, before it is asked: nothing cached, the longest answer."""
    return {"input_tokens": input_tokens, "cached_tokens": 0, "output_tokens": max_output_tokens}


def parse_price(data: Any, where: str = "price") -> Price:
    """A price from data. Raises CatalogueError naming the key, the value and what is allowed."""
    reader = Reader(data, where)
    price = Price(
        base=reader.integer("base", 0, maximum=MAX_RATE),
        minimum=reader.integer("min", 0, maximum=MAX_RATE),
        units=tuple(_unit(item) for item in reader.items("units")),
    )
    reader.finish()
    if not price.base and not price.minimum and not price.units:
        raise CatalogueError(where, data, "a price with base, min or units")
    return price


def _unit(reader: Reader) -> Unit:
    unit = Unit(
        of=reader.text("of"),
        per=reader.integer("per", 1, minimum=1, maximum=MAX_RATE),
        rounds_up=reader.choice("round", ("up", "none"), "none") == "up",
        rate=reader.optional_integer("rate", maximum=MAX_RATE),
        tiers=_tiers(reader.items("tiers"), reader.where),
        **_lookup(reader.optional("lookup")),
    )
    reader.finish()
    ways = (unit.rate is not None and not unit.tiers) + bool(unit.tiers) + (unit.table is not None)
    if ways != 1:
        raise CatalogueError(reader.where, sorted(reader.data), "exactly one of rate, tiers, lookup")
    return unit


def _tiers(readers: Sequence[Reader], where: str) -> tuple[Tier, ...]:
    tiers = []
    for index, reader in enumerate(readers):
        is_last = index == len(readers) - 1
        up_to = None if is_last else reader.integer("up_to", minimum=1, maximum=MAX_RATE)
        tiers.append(Tier(up_to, reader.integer("rate", maximum=MAX_RATE)))
        reader.finish()
    bounds = [tier.up_to for tier in tiers if tier.up_to is not None]
    if bounds != sorted(set(bounds)):
        raise CatalogueError(f"{where}.tiers", bounds, "up_to growing from tier to tier, and none in the last one")
    return tuple(tiers)


def _lookup(reader: Reader | None) -> dict[str, Any]:
    if reader is None:
        return {}
    by = reader.texts("by")
    table_reader = reader.required("table")
    table = {name: table_reader.integer(name, maximum=MAX_RATE) for name in table_reader.data}
    reader.finish()
    if not by or not table:
        raise CatalogueError(reader.where, reader.data, "names in `by` and rates in `table`")
    for name in table:
        if len(name.split("|")) != len(by):
            raise CatalogueError(f"{reader.where}.table", name, f"{len(by)} values divided by |")
    return {"by": by, "table": table}


def _quantity(unit: Unit, params: Mapping[str, Any]) -> int:
    if unit.of not in params:
        raise PriceError("ai.price_missing_quantity", f"the price needs {unit.of}", quantity=unit.of)
    value = params[unit.of]
    # bool is an int in Python, and True seconds are no quantity.
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PriceError("ai.price_bad_quantity", f"{unit.of} is {value!r}, not a whole number", quantity=unit.of)
    return value


def _rate(unit: Unit, quantity: int, params: Mapping[str, Any]) -> int:
    if unit.table is not None:
        key = "|".join(_word(params.get(name)) for name in unit.by)
        if key not in unit.table:
            raise PriceError("ai.price_missing_rate", f"no rate for {'|'.join(unit.by)} = {key}", key=key)
        return unit.table[key]
    for tier in unit.tiers:
        if tier.up_to is None or quantity <= tier.up_to:
            return tier.rate
    return unit.rate or 0


def _word(value: Any) -> str:
    """A parameter as tables write it: switches are on and off."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
