"""PDF, for archives and for paper."""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from .cells import text_of

FONT = "DejaVuSans"
FONT_FILE = Path(__file__).parents[1] / "fonts" / "DejaVuSans.ttf"
MAX_CELL = 300
"""Characters of a cell in a PDF, where a long text would not fit on a page."""
LEAST_COLUMN = 14 * mm


def write(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file."""
    _register_font()
    out = io.BytesIO()
    page = landscape(A4) if len(columns) > 5 else A4
    # A list with many facts gets a wider page: columns too narrow for a letter cannot be set.
    page = (max(page[0], len(columns) * LEAST_COLUMN + 24 * mm), page[1])
    document = SimpleDocTemplate(
        out,
        pagesize=page,
        leftMargin=12 * mm,
        rightMargin=12 * mm,
        topMargin=12 * mm,
        bottomMargin=14 * mm,
        title=title,
    )
    size = 8 if len(columns) <= 8 else 6
    cell = ParagraphStyle("cell", fontName=FONT, fontSize=size, leading=size + 2, wordWrap="CJK")
    head = ParagraphStyle("head", parent=cell, textColor=colors.white)
    table = LongTable(
        [[_paragraph(name, head) for name in columns]]
        + [[_paragraph(text_of(value)[:MAX_CELL], cell) for value in row] for row in rows],
        colWidths=[document.width / max(len(columns), 1)] * len(columns), repeatRows=1,
    )  # fmt: skip
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#1f2937")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#d1d5db")),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, colors.HexColor("#f9fafb")]),
            ]
        )
    )
    heading = ParagraphStyle("heading", fontName=FONT, fontSize=14, leading=18)
    document.build([_paragraph(title, heading), Spacer(1, 4 * mm), table], onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Paragraph(escaped, style)


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawRightString(document.pagesize[0] - 12 * mm, 8 * mm, str(document.page))


@cache
def _register_font() -> None:
    """A font with Cyrillic: the standard fonts of PDF have none."""
    pdfmetrics.registerFont(TTFont(FONT, FONT_FILE))
