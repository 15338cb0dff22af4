"""What an emulated model was given: the words of the question, the pictures and the documents that came with it."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from kassa.sandbox.telegram.images import size_of

_DOCUMENT = re.compile(r'<document name="([^"]*)">\n(.*?)\n</document>\n*', re.DOTALL)
_DATA = re.compile(r"[A-Za-z0-9+/=]{400,}")
PICTURE_TOKENS = 1000


@dataclass(frozen=True, slots=True)
class Given:
    """The last thing the user said."""

    text: str = ""
    pictures: tuple[str, ...] = ()
    """The size of each, as 640×480."""
    documents: tuple[tuple[str, int], ...] = ()
    """The name of each, and how many characters it has."""


def of(text: str, pictures: list[str] | None = None) -> Given:
    """From the text and the pictures (base64, with or without a data: address) of a message."""
    found = [(name, len(words)) for name, words in _DOCUMENT.findall(text)]
    return Given(_DOCUMENT.sub("", text).strip(), tuple(_size(data) for data in pictures or ()), tuple(found))


def tokens(said: Any) -> int:
    """About how many tokens messages are: four bytes of text each, and what a picture costs however large it is."""
    text, pictures = _DATA.subn("", str(said))
    return -(-len(text.encode()) // 4) + pictures * PICTURE_TOKENS


def _size(data: str) -> str:
    try:
        body = base64.b64decode(data.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return "?"
    return "×".join(map(str, size_of(body)))
