"""ADM-2: what staff type, and how figures are written for them."""

import pytest

from kassa.kit.errors import Invalid
from kassa.products.admin_bot import steps, words
from kassa.products.admin_bot.customer_deeds import read_tokens


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10000", (10_000, None)), ("10 000", (10_000, None)), ("1\u00a0000\u00a0000", (1_000_000, None)),
        ("10000 на 30 дней", (10_000, 30)), ("10 000 на 1 день", (10_000, 1)), ("500 for 7 days", (500, 7)),
        (" 5 ", (5, None)), ("5 На 3", (5, 3)),
    ],
)  # fmt: skip
def test_tokens_are_read_as_people_write_them(typed: str, meant: tuple[int, int | None]) -> None:
    assert read_tokens(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "1.5", "1,5", "много", "10 00", "5 на 0 дней", "5 на 9999 дней", "5 30", "1" * 14]
)
def test_what_is_no_number_of_tokens_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_tokens(typed)
    assert refused.value.code == "admin_bot.tokens_invalid"


def test_a_reason_is_words() -> None:
    assert steps.reason_of("  two \n lines ") == "two lines"
    for wrong in ("", " \n ", "x" * 251):
        with pytest.raises(Invalid, match="please"):
            steps.reason_of(wrong)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(12, 10, " (▲ 20\u00a0%)"), (9, 10, " (▼ 10\u00a0%)"), (10, 10, ""), (10, 0, ""), (1005, 1000, " (▲ 0,5\u00a0%)")],
)
def test_a_change_is_told_when_there_is_something_to_compare_with(now: int, before: int, said: str) -> None:
    assert words.delta(now, before, "ru") == said


def test_large_numbers_are_short_where_there_is_no_room() -> None:
    assert [words.compact(value, "en") for value in (0, 9999, 12_500, 1_240_000)] == ["0", "9,999", "12.5K", "1.2M"]
