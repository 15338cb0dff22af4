"""A picture of the figures, to be read on a phone: money by day, and six figures beside those of the time before."""

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import kassa.kit

FONTS = Path(next(iter(kassa.kit.__path__))) / "fonts"
WIDTH, HEIGHT = 1080, 1330
FINER = 2
"""Everything is drawn so many times larger and made smaller at the end: edges come out smooth."""
PAGE, SHEET, LINE = "#f3f2ed", "#ffffff", "#e5e3da"
INK, SOFT, FAINT = "#17201c", "#515c56", "#666f69"
BRAND, PALE, THEN = "#0f6a50", "#a9d0c2", "#d08a1d"
GOOD, GOOD_SOFT, BAD, BAD_SOFT = "#17704a", "#e0f2e8", "#b3261e", "#fce8e6"

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name, and by what share it has changed; `is_bad` when more of it is worse."""

    name: str
    value: str
    change: float | None
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in words and numbers."""

    title: str
    period: str
    value: str
    change: float | None
    before: str
    bars: Sequence[int]
    line: Sequence[int]
    """The same days of the time before; empty when they are not shown."""
    highlight: int | None
    """The one bar that the figures are of; None when they are of all."""
    labels: Sequence[str]
    axis: Callable[[int], str]
    percent: Callable[[float], str]
    legend: tuple[str, str]
    empty: str
    tiles: Sequence[Tile]


async def draw(picture: Picture) -> bytes:
    """A PNG. It takes CPU time, so a thread does it."""
    return await asyncio.to_thread(_draw, picture)


class _Canvas:
    """Draws in the picture's own measure."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAGE)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, box: Box, fill: str, radius: float = 0, outline: str | None = None, corners: str = "all") -> None:
        """A rectangle with round corners."""
        wanted = None if corners == "all" else (True, True, False, False)
        self._draw.rounded_rectangle(
            [side * FINER for side in box], radius * FINER, fill=fill, outline=outline, width=2 * FINER, corners=wanted
        )

    def line(self, points: Sequence[tuple[float, float]], fill: str, width: float) -> None:
        """A line through points, with round joints and ends."""
        scaled = [(x * FINER, y * FINER) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * FINER), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            half = width * FINER / 2
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def triangle(self, x: float, y: float, size: float, fill: str, *, is_up: bool) -> None:
        """A small arrow whose middle is at a point."""
        tip = -size / 2 if is_up else size / 2
        points = [(x, y + tip), (x - size / 2, y - tip), (x + size / 2, y - tip)]
        self._draw.polygon([(a * FINER, b * FINER) for a, b in points], fill=fill)

    def text(
        self, x: float, y: float, text: str, size: float, fill: str, *, bold: bool = False, anchor: str = "ls"
    ) -> float:
        """Words with their base line at y; answers their width."""
        font = _font(bold, round(size * FINER))
        shown = _thin(text)
        self._draw.text((x * FINER, y * FINER), shown, font=font, fill=fill, anchor=anchor)
        return float(font.getlength(shown)) / FINER

    def fitted(self, text: str, size: float, room: float, *, bold: bool = False) -> float:
        """The size at which words fit into some room."""
        length = float(_font(bold, round(size * FINER)).getlength(_thin(text))) / FINER
        return size if length <= room else max(12.0, size * room / length)

    def png(self) -> bytes:
        """The picture, made smaller once."""
        out = io.BytesIO()
        self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


def _draw(picture: Picture) -> bytes:
    canvas, pad = _Canvas(), 36
    canvas.box((pad, pad, WIDTH - pad, 830), SHEET, 28, LINE)
    _head(canvas, picture, pad + 40, WIDTH - pad - 40)
    _bars(canvas, picture, (pad + 40, 330, WIDTH - pad - 40, 760))
    _tiles(canvas, picture, (pad, 854, WIDTH - pad, HEIGHT - pad))
    return canvas.png()


def _head(canvas: _Canvas, picture: Picture, left: float, right: float) -> None:
    canvas.text(left, 112, picture.title, 36, SOFT)
    canvas.text(right, 112, picture.period, 32, FAINT, anchor="rs")
    size = canvas.fitted(picture.value, 92, right - left - 260, bold=True)
    width = canvas.text(left, 208, picture.value, size, INK, bold=True)
    _change(canvas, left + width + 28, 176, picture.change, picture.percent, 34, is_bad=False)
    canvas.text(left, 264, picture.before, 32, FAINT)


def _change(
    canvas: _Canvas, x: float, y: float, change: float | None, percent: Callable[[float], str], size: float, *,
    is_bad: bool,
) -> None:  # fmt: skip
    """A small sign of growth or fall: green when it is for the better."""
    if not change:
        return
    is_up = change > 0
    ink, soft = (GOOD, GOOD_SOFT) if is_up != is_bad else (BAD, BAD_SOFT)
    text = _thin(percent(change))
    length = float(_font(True, round(size * FINER)).getlength(text)) / FINER
    canvas.box((x, y - size * 0.8, x + length + size * 1.9, y + size * 0.8), soft, size * 0.8)
    canvas.triangle(x + size * 0.85, y, size * 0.5, ink, is_up=is_up)
    canvas.text(x + size * 1.35, y, text, size, ink, bold=True, anchor="lm")


def _bars(canvas: _Canvas, picture: Picture, box: Box) -> None:
    left, top, right, bottom = box
    most = max([*picture.bars, *picture.line, 0])
    if most == 0:
        canvas.line([(left, bottom), (right, bottom)], LINE, 3)
        canvas.text((left + right) / 2, (top + bottom) / 2, picture.empty, 36, FAINT, anchor="mm")
        _labels(canvas, picture, left, right, bottom)
        return
    step = _step(most)
    ceiling = -(-most // step) * step
    names = [picture.axis(value) for value in range(0, ceiling + 1, step)]
    room = max(float(_font(False, 28 * FINER).getlength(name)) / FINER for name in names) + 20
    for index, name in enumerate(names):
        y = bottom - (bottom - top) * index * step / ceiling
        canvas.line([(left + room, y), (right, y)], LINE, 2 if index else 3)
        canvas.text(left + room - 16, y, name, 28, FAINT, anchor="rm")
    each = (right - left - room) / len(picture.bars)
    half = min(each * 0.34, 44)

    def place(index: int, value: int) -> tuple[float, float]:
        return left + room + each * (index + 0.5), bottom - (bottom - top) * value / ceiling

    for index, value in enumerate(picture.bars):
        x, y = place(index, value)
        if value > 0:
            fill = BRAND if picture.highlight in (None, index) else PALE
            canvas.box((x - half, min(y, bottom - 6), x + half, bottom), fill, min(10, half / 2), corners="top")
    if any(picture.line):
        canvas.line([place(index, value) for index, value in enumerate(picture.line)], THEN, 5)
    _labels(canvas, picture, left + room, right, bottom)
    if any(picture.line):
        _legend(canvas, picture, right, top - 34)


def _legend(canvas: _Canvas, picture: Picture, right: float, y: float) -> None:
    now, then = picture.legend
    x = right - float(_font(False, 28 * FINER).getlength(then)) / FINER
    canvas.text(x, y, then, 28, SOFT, anchor="lm")
    canvas.line([(x - 50, y), (x - 16, y)], THEN, 6)
    x -= 84 + float(_font(False, 28 * FINER).getlength(now)) / FINER
    canvas.text(x, y, now, 28, SOFT, anchor="lm")
    canvas.box((x - 40, y - 13, x - 14, y + 13), BRAND, 6)


def _labels(canvas: _Canvas, picture: Picture, left: float, right: float, bottom: float) -> None:
    each = (right - left) / max(1, len(picture.labels))
    every = max(1, -(-72 // round(each)))
    last = len(picture.labels) - 1
    for index, label in enumerate(picture.labels):
        if (last - index) % every == 0:
            is_it = picture.highlight == index
            canvas.text(
                left + each * (index + 0.5), bottom + 40, label, 28, INK if is_it else FAINT, bold=is_it, anchor="ms"
            )


def _tiles(canvas: _Canvas, picture: Picture, box: Box) -> None:
    left, top, right, bottom = box
    gap, across = 20.0, 3
    width, height = (right - left - gap * (across - 1)) / across, (bottom - top - gap) / 2
    for index, tile in enumerate(picture.tiles[: across * 2]):
        x, y = left + (width + gap) * (index % across), top + (height + gap) * (index // across)
        canvas.box((x, y, x + width, y + height), SHEET, 24, LINE)
        inner = width - 52
        canvas.text(x + 26, y + 54, tile.name, canvas.fitted(tile.name, 32, inner), SOFT)
        size = canvas.fitted(tile.value, 58, inner, bold=True)
        canvas.text(x + 26, y + 118, tile.value, size, INK, bold=True)
        _change(canvas, x + 26, y + height - 44, tile.change, picture.percent, 26, is_bad=tile.is_bad)


def _step(most: int) -> int:
    """The distance of the lines behind the bars: 1, 2 or 5 with noughts, so that there are three to six."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if most <= unit * factor * 5:
                return unit * factor
        unit *= 10


def _thin(text: str) -> str:
    """Words with thin spaces where a number has spaces that do not break: as wide ones they tear it apart."""
    return text.replace("\u202f", "\u2009").replace("\u00a0", "\u2009")


@cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"Onest-{'SemiBold' if bold else 'Regular'}.ttf"), size)
