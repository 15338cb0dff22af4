"""A table as a file: CSV, XLSX or PDF, for people's spreadsheets and archives."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from . import csv_file


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
        return csv_file.write(columns, rows)
    # What writes the other kinds takes half a second to load, and most processes are never asked for them.
    if format is FileFormat.XLSX:
        from . import xlsx  # noqa: PLC0415 - see above

        return xlsx.write(title, columns, rows)
    from . import pdf  # noqa: PLC0415 - see above

    return pdf.write(title, columns, rows)
