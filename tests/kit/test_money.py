"""Money is exact: in, out, and rounded once by a named rule."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.kit.errors import Invalid
from kassa.kit.money import EXPONENTS, Money, Rounding, divide, from_decimal_string, to_decimal_string

DECIMAL_RULES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.DOWN: ROUND_DOWN, Rounding.UP: ROUND_CEILING}


@pytest.mark.parametrize(
    ("text", "asset", "units"),
    [
        ("98.00", "RUB", 9800),
        ("98", "RUB", 9800),
        ("98.5", "RUB", 9850),
        ("0.01", "USD", 1),
        ("-1.10", "EUR", -110),
        ("1.000000001", "TON", 1_000_000_001),
        ("25", "XTR", 25),
        ("1.500000000", "USDT", 1_500_000),
    ],
)
def test_reads_exactly(text: str, asset: str, units: int) -> None:
    assert from_decimal_string(text, asset) == Money(units, asset)


@pytest.mark.parametrize(
    "text",
    ["98.001", "1e2", " 98.00", "98,00", "٩٨", "1_000", "", ".5", "5.", "NaN", "Infinity", "+1", "9" * 30, None, 98.0],
)
def test_refuses_what_is_not_an_exact_amount(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        from_decimal_string(text, "RUB")
    assert refused.value.code == "money.malformed"


def test_refuses_unknown_assets() -> None:
    with pytest.raises(Invalid) as refused:
        Money(1, "DOGE")
    assert refused.value.code == "money.unknown_asset"
    with pytest.raises(Invalid) as refused:
        from_decimal_string("1", "DOGE")
    assert refused.value.code == "money.unknown_asset"


@given(st.integers(-(1 << 61), 1 << 61), st.sampled_from(sorted(EXPONENTS)))
def test_writing_and_reading_give_the_amount_back(units: int, asset: str) -> None:
    amount = Money(units, asset)
    assert from_decimal_string(to_decimal_string(amount), asset) == amount


@given(
    st.integers(-(10**30), 10**30),
    st.integers(-(10**12), 10**12),
    st.integers(-(10**12), 10**12).filter(bool),
    st.sampled_from(Rounding),
)
def test_divides_as_exact_decimals_do(units: int, numerator: int, denominator: int, rule: Rounding) -> None:
    exact = Context(prec=200)
    product = Decimal(units * numerator)
    quotient = exact.divide(product, Decimal(denominator))
    expected = int(quotient.to_integral_value(DECIMAL_RULES[rule], exact))
    assert divide(units, numerator, denominator, rule) == expected
