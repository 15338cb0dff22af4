"""Rich Markdown: GitHub's dialect with formulas, spoilers, marks and the tags of rich HTML.

Markdown never fails: what is not markup is text. It is rendered to HTML and read like rich HTML.
"""

import re

import pyromark

from kassa.sandbox.telegram.errors import Json

from .html import blocks_of
from .tree import parse_tree

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_GFM
)
_BRACKET_BLOCK = re.compile(r"\\\[(.+?)\\\]", re.DOTALL)
_BRACKET_INLINE = re.compile(r"\\\((.+?)\\\)")
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)


def parse_rich_markdown(source: str, media: dict[str, Json]) -> list[Json]:
    """Input blocks of a Markdown text."""
    parts = _CODE.split(source)
    parts[::2] = [_dollars(part) for part in parts[::2]]
    html = pyromark.html("".join(parts), options=_OPTIONS)
    return blocks_of(parse_tree(html, is_strict=False), media, is_markdown=True)


def _dollars(text: str) -> str:
    text = _BRACKET_BLOCK.sub(lambda match: f"$${match.group(1)}$$", text)
    return _BRACKET_INLINE.sub(lambda match: f"${match.group(1)}$", text)
