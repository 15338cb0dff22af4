"""USE-3: a list as a file, however many columns and whatever stands in them."""

import io

import pytest
from pypdf import PdfReader

from kassa.kit import tables

NASTY = "a\x00\x07\u0085<b>&nbsp;</b>\U0001f5d3 =1+1\n" * 30


@pytest.mark.parametrize("count", [1, 6, 12, 80])
@pytest.mark.parametrize("kind", list(tables.FileFormat))
def test_any_list_becomes_a_file(kind: tables.FileFormat, count: int) -> None:
    """The audit log's before and after are a column each fact: there may be many."""
    columns = [f"after.a_long_name_{number}" for number in range(count)]
    body = tables.render(kind, "Audit", columns, [[NASTY] * count, ["x", *[None] * (count - 1)]])
    assert len(body) > 100
    if kind is tables.FileFormat.PDF:
        pages = PdfReader(io.BytesIO(body)).pages
        assert len(pages) >= 1
        assert "a_lon" in pages[0].extract_text().replace("\n", "")
