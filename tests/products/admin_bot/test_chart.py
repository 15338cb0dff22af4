"""ADM-2: the picture of the figures, whatever they are."""

import io

import pytest
from PIL import Image

from kassa.products.admin_bot import chart, words

BRAND, THEN = (15, 106, 80), (208, 138, 29)


def _picture(bars: list[int], line: list[int], *, highlight: int | None = None, name: str = "Orders") -> chart.Picture:
    return chart.Picture(
        "Revenue in 7 days", "Nov 21–27", "12,450 ₽", 0.18, "10,500 ₽ before", bars, line, highlight,
        [str(number) for number in range(len(bars))], lambda units: words.compact(units // 100, "en"),
        lambda share: words.percent(abs(share), "en"), ("these days", "before"), "Nothing was sold",
        [chart.Tile(name, "134", change, change is None) for change in (0.05, -0.1, None) * 2],
    )  # fmt: skip


async def _colours(picture: chart.Picture) -> dict[tuple[int, ...], int]:
    with Image.open(io.BytesIO(await chart.draw(picture))) as drawn:
        assert drawn.size == (chart.WIDTH, chart.HEIGHT)
        found = drawn.convert("RGB").getcolors(1 << 22)
    return {colour: count for count, colour in found or ()}  # type: ignore[misc]


def _like(seen: dict[tuple[int, ...], int], wanted: tuple[int, int, int]) -> int:
    """How many points have about this colour: a thin line's edges are mixed with what is beside it."""
    return sum(count for c, count in seen.items() if max(abs(a - b) for a, b in zip(c, wanted, strict=True)) < 25)


@pytest.mark.parametrize("days", [1, 7, 14, 30])
async def test_days_are_bars_and_the_time_before_is_a_line(days: int) -> None:
    seen = await _colours(_picture([9800] * days, [4900] * days))
    assert seen[BRAND] > 10_000
    assert _like(seen, THEN) > 100


async def test_nothing_sold_is_said_in_words() -> None:
    seen = await _colours(_picture([0] * 7, [0] * 7))
    assert BRAND not in seen
    assert _like(seen, THEN) == 0


async def test_one_day_stands_out_of_those_around_it() -> None:
    all_of_them = await _colours(_picture([9800] * 14, []))
    one = await _colours(_picture([9800] * 14, [], highlight=13))
    assert one[BRAND] * 10 < all_of_them[BRAND] < one[BRAND] * 20


@pytest.mark.parametrize("most", [1, 99, 100, 9800, 123_456_789, 10**15])
async def test_any_sum_has_a_scale(most: int) -> None:
    """A kopeck and ten thousand billions: the highest bar fits, and the lines behind it are few."""
    assert 1 <= -(-most // chart._step(most)) <= 5
    assert (await _colours(_picture([most, 0, most // 2], [])))[BRAND] > 10_000


async def test_long_names_stay_inside_their_tiles() -> None:
    """The page between two tiles is never written on."""
    drawn = Image.open(io.BytesIO(await chart.draw(_picture([1], [], name="A very long name of a figure, too long"))))
    between = 36 + (chart.WIDTH - 72 - 40) // 3 + 10
    column = [drawn.getpixel((between, y)) for y in range(860, chart.HEIGHT - 40)]
    assert set(column) == {(243, 242, 237)}
