"""`parse_mode` Markdown, the old one: no nesting, no escaping inside entities."""

import re

from kassa.sandbox.telegram.errors import Json, bad_request

from .html import link_entity
from .units import entity, utf16

_KINDS = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}
_LINK_TAIL = re.compile(r"\]\(([^)]*)\)")


def parse_markdown(text: str) -> tuple[str, list[Json]]:
    """Visible text and entities; refuses what the server refuses."""
    out: list[str] = []
    entities: list[Json] = []
    size = i = 0
    while i < len(text):
        char = text[i]
        if char == "\\" and i + 1 < len(text) and text[i + 1] in "_*`[":
            out.append(text[i + 1])
            size, i = size + 1, i + 2
        elif char in "_*`[":
            visible, item, i = _entity(text, i, size)
            out.append(visible)
            size += utf16(visible)
            if item is not None:
                entities.append(item)
        else:
            out.append(char)
            size, i = size + utf16(char), i + 1
    return "".join(out), entities


def _entity(text: str, i: int, start: int) -> tuple[str, Json | None, int]:
    mark = "```" if text.startswith("```", i) else text[i]
    closing = "]" if mark == "[" else mark
    end = text.find(closing, i + len(mark))
    if end < 0:
        offset = len(text[:i].encode())
        raise bad_request(f"can't parse entities: Can't find end of the entity starting at byte offset {offset}")
    visible = text[i + len(mark) : end]
    following = end + len(closing)
    if mark == "[":
        tail = _LINK_TAIL.match(text, end)
        if tail:
            return visible, link_entity(tail.group(1), start, start + utf16(visible)), tail.end()
        return f"[{visible}]", None, following
    facts: dict[str, str] = {}
    if mark == "```":
        language, newline, code = visible.partition("\n")
        if newline and " " not in language:
            visible, facts = code, {"language": language} if language else {}
    if not visible:
        return "", None, following
    return visible, entity(_KINDS[mark], start, start + utf16(visible), **facts), following
