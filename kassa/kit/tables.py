"""A table as a file: CSV, XLSX or PDF, for people's spreadsheets and archives."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

FONT = "DejaVuSans"
FONT_FILE = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
MAX_CELL = 300
"""Characters of a cell in a PDF, where a long text would not fit on a page."""
LEAST_COLUMN = 14 * mm


class FileFormat(StrEnum):
    """The kinds of file that a table can become."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


MEDIA_TYPES = {
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.PDF: "application/pdf",
}


def render(format: FileFormat, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as a file. It takes CPU time: call it in a thread."""
    if format is FileFormat.CSV:
        return _csv(columns, rows)
    if format is FileFormat.XLSX:
        return _xlsx(title, columns, rows)
    return _pdf(title, columns, rows)


def safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell if isinstance(cell, (int, float)) else safe(_text(cell)) for cell in row])
    # The mark at the beginning makes Excel read UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "remove_timezone": True})  # fmt: skip
    sheet = book.add_worksheet("".join(char for char in title if char not in "[]:*?/\\")[:31] or "Sheet")
    head, moment = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, list(columns), head)
    sheet.freeze_panes(1, 0)
    widths = [len(name) for name in columns]
    last = 0
    for last, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(last, place, cell.replace(tzinfo=None), moment)
            elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) < 10**15:
                sheet.write_number(last, place, cell)
            else:
                sheet.write_string(last, place, _text(cell)[:32767])
            widths[place] = max(widths[place], min(len(_text(cell)), 60))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width + 2)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    book.close()
    return out.getvalue()


def _pdf(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
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
        + [[_paragraph(_text(value)[:MAX_CELL], cell) for value in row] for row in rows],
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
