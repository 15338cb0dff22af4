"""CSV as spreadsheets read it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from .cells import text_of


def write(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell if isinstance(cell, (int, float)) else safe(text_of(cell)) for cell in row])
    # The mark at the beginning makes Excel read UTF-8.
    return out.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
