"""What stands in a cell, whatever the file."""

from datetime import datetime
from typing import Any


def text_of(value: Any) -> str:
    """A cell for people."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
