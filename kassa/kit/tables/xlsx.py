"""XLSX, with types that spreadsheets calculate with."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from .cells import text_of


def write(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file."""
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
                sheet.write_string(last, place, text_of(cell)[:32767])
            widths[place] = max(widths[place], min(len(text_of(cell)), 60))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width + 2)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    book.close()
    return out.getvalue()
