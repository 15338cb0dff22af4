"""AI-1, AI-3: prices are whole numbers, rounded once and up, and never charge more than was held."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.core.ai import CatalogueError, PriceError, Usage, charge, measured, parse_price, quote, upper_bound

SONNET: dict[str, Any] = {
    "base": 320,
    "min": 400,
    "units": [
        {"of": "input_tokens", "per": 1000, "tiers": [{"up_to": 200_000, "rate": 3600}, {"rate": 7200}]},
        {"of": "cached_tokens", "per": 1000, "rate": 360},
        {"of": "output_tokens", "per": 1000, "rate": 18_000},
    ],
}
KLING: dict[str, Any] = {
    "units": [
        {
            "of": "seconds",
            "per": 5,
            "round": "up",
            "lookup": {"by": ["mode", "audio"], "table": {"std|off": 58_000, "pro|off": 115_000, "pro|on": 238_000}},
        }
    ]
}
counts = st.integers(0, 2_000_000)
rates = st.integers(0, 10**9)


def test_a_fixed_price_is_its_base_and_the_charge_is_the_hold() -> None:
    price = parse_price({"base": 1000})
    assert quote(price, {}).tokens == 1000
    assert price.is_fixed
    assert charge(price, {"input_tokens": 10**6, "output_tokens": 5}, 1000) == 1000


def test_a_price_by_tokens_is_rounded_once() -> None:
    price = parse_price(SONNET)
    # 320 + 3.6 × 7 + 0.36 × 1 + 18 × 5 = 435.56; rounding each line would give 438.
    assert quote(price, {"input_tokens": 7, "cached_tokens": 1, "output_tokens": 5}).tokens == 436


def test_the_whole_quantity_is_charged_at_its_tier() -> None:
    price = parse_price(SONNET)
    below = quote(price, upper_bound(200_000, 0)).tokens
    above = quote(price, upper_bound(200_001, 0)).tokens
    assert below == 320 + 720_000
    assert above == 320 + 1_440_008


def test_a_table_and_whole_pieces() -> None:
    price = parse_price(KLING)
    assert quote(price, {"seconds": 6, "mode": "pro", "audio": True}).tokens == 2 * 238_000
    assert quote(price, {"seconds": 5, "mode": "std", "audio": False}).tokens == 58_000
    assert quote(price, {"seconds": 5, "mode": "std", "audio": "off"}).tokens == 58_000


def test_what_the_price_does_not_cover_is_not_sold() -> None:
    price = parse_price(KLING)
    with pytest.raises(PriceError) as missing:
        quote(price, {"seconds": 5, "mode": "std", "audio": True})
    assert missing.value.code == "ai.price_missing_rate"
    with pytest.raises(PriceError) as absent:
        quote(price, {"mode": "std", "audio": False})
    assert absent.value.code == "ai.price_missing_quantity"
    for wrong in (-1, 1.5, True, "5"):
        with pytest.raises(PriceError) as bad:
            quote(price, {"seconds": wrong, "mode": "std", "audio": False})
        assert bad.value.code == "ai.price_bad_quantity"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "price"),
        ({"base": -1}, "price.base"),
        ({"base": 1.5}, "price.base"),
        ({"base": True}, "price.base"),
        ({"base": 1, "maximum": 5}, "price.maximum"),
        ({"units": [{"of": "images", "rate": -5}]}, "price.units[0].rate"),
        ({"units": [{"of": "images"}]}, "price.units[0]"),
        ({"units": [{"of": "images", "per": 0, "rate": 1}]}, "price.units[0].per"),
        ({"units": [{"of": "images", "round": "down", "rate": 1}]}, "price.units[0].round"),
        ({"units": [{"of": "x", "lookup": {"by": ["a"], "table": {"1|2": 5}}}]}, "price.units[0].lookup.table"),
        ({"units": [{"of": "x", "lookup": {"by": ["a"], "table": {"1": -5}}}]}, "price.units[0].lookup.table.1"),
        (
            {"units": [{"of": "x", "tiers": [{"up_to": 9, "rate": 1}, {"up_to": 9, "rate": 1}, {"rate": 2}]}]},
            "price.units[0].tiers",
        ),
        ({"units": [{"of": "x", "rate": 1, "lookup": {"by": ["a"], "table": {"1": 5}}}]}, "price.units[0]"),
        ([], "price"),
    ],
)
def test_a_wrong_price_is_refused_with_its_place(data: Any, where: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_price(data)
    assert caught.value.facts["where"] == where


def test_cached_tokens_leave_the_input_only_where_they_have_a_rate() -> None:
    usage = Usage(input_tokens=100, output_tokens=10, cached_tokens=60)
    assert measured(parse_price(SONNET), usage) == {"input_tokens": 40, "cached_tokens": 60, "output_tokens": 10}
    plain = parse_price({"units": [{"of": "input_tokens", "rate": 1}]})
    assert measured(plain, usage) == {"input_tokens": 100, "cached_tokens": 0, "output_tokens": 10}


@given(
    base=rates, minimum=rates, rate=rates, per=st.integers(1, 10**6), used=counts, more=counts,
    rounds=st.sampled_from(["up", "none"]),
)  # fmt: skip
def test_a_quote_is_exact_never_negative_and_grows_with_use(
    base: int, minimum: int, rate: int, per: int, used: int, more: int, rounds: str
) -> None:
    unit = {"of": "output_tokens", "per": per, "rate": rate, "round": rounds}
    price = parse_price({"base": base, "min": minimum, "units": [unit]})
    small = quote(price, {"output_tokens": used}).tokens
    assert isinstance(small, int)
    assert small >= max(base, minimum, 0)
    assert small <= quote(price, {"output_tokens": used + more}).tokens
    if rounds == "none":
        exact = base + Fraction(used * rate, per)
        assert small == max(minimum, small)
        assert small >= exact
        assert small == minimum or small - exact < 1


@given(held=st.integers(0, 10**9), asked=counts, answered=counts, cached=counts)
def test_a_charge_never_exceeds_the_hold(held: int, asked: int, answered: int, cached: int) -> None:
    price = parse_price(SONNET)
    usage = measured(price, Usage(asked, answered, cached))
    captured = charge(price, usage, held)
    assert 0 <= captured <= held
    assert captured == min(held, quote(price, usage).tokens)


@given(asked=st.integers(0, 10**6), answered=st.integers(0, 10**5), cached=counts, spare=st.integers(0, 10**5))
def test_the_hold_covers_any_answer_within_its_limit(asked: int, answered: int, cached: int, spare: int) -> None:
    price = parse_price(SONNET)
    held = quote(price, upper_bound(asked, answered + spare)).tokens
    used = quote(price, measured(price, Usage(asked, answered, cached))).tokens
    assert used <= held


@given(data=st.recursive(st.none() | st.integers() | st.text(max_size=5) | st.booleans(), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["base", "min", "units", "of", "rate", "per", "x"]),
                                                  inner, max_size=4)), max_leaves=8))  # fmt: skip
def test_any_data_is_a_price_or_a_told_mistake(data: Any) -> None:
    try:
        price = parse_price(data)
    except CatalogueError as error:
        assert error.facts["where"]  # noqa: PT017 - either outcome is right, and the mistake has a place
        return
    assert price.base >= 0
