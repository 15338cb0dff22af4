"""Inline elements to RichText, with the marks that rich Markdown has on top."""

import re
from typing import Any

from kassa.sandbox.telegram.errors import Json

from .tree import Element

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "sub": "subscript", "sup": "superscript", "mark": "marked", "code": "code",
}  # fmt: skip
_MARKS = re.compile(r"\|\|(?P<spoiler>[^|\n]+)\|\||==(?P<marked>[^=\n]+)==")


def simplify(parts: list[Any], *, is_trimmed: bool = False) -> Any:
    """The shortest RichText for these parts: one string when all are strings."""
    joined: list[Any] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if is_trimmed and joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if is_trimmed and joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    joined = [part for part in joined if part != ""]
    if not joined:
        return ""
    return joined[0] if len(joined) == 1 else joined


class Inline:
    """Reads inline elements."""

    def __init__(self, is_markdown: bool) -> None:
        self.is_markdown = is_markdown

    def of(self, element: Element) -> Any:
        """RichText of everything inside an element."""
        return simplify(self.many(element.children), is_trimmed=True)

    def many(self, children: list[Element | str]) -> list[Any]:
        """RichText pieces of a run of children."""
        parts: list[Any] = []
        for child in children:
            parts += self._string(child) if isinstance(child, str) else self._element(child)
        return parts

    def _string(self, text: str) -> list[Any]:
        if not self.is_markdown:
            # White space of HTML does not show; lines are made by <br>.
            return [re.sub(r"\s+", " ", text)]
        parts: list[Any] = []
        position = 0
        for match in _MARKS.finditer(text):
            kind = match.lastgroup or ""
            parts += [text[position : match.start()], {"type": kind, "text": match.group(kind)}]
            position = match.end()
        return [*parts, text[position:]]

    def _element(self, element: Element) -> list[Any]:
        tag, attributes = element.tag, element.attributes
        if tag == "br":
            return ["\n"]
        if tag == "input":
            return []
        inner = simplify(self.many(element.children))
        if tag == "tg-math" or (tag == "span" and "math" in attributes.get("class", "")):
            return [{"type": "mathematical_expression", "expression": element.text().strip()}]
        if tag == "a":
            return [self._link(attributes, inner)]
        if tag == "tg-emoji":
            facts = {"custom_emoji_id": attributes.get("emoji-id", ""), "alternative_text": element.text()}
            return [{"type": "custom_emoji", **facts}]
        if tag == "tg-time":
            unix = attributes.get("unix", "0")
            shape = attributes.get("format", "")
            return [{"type": "date_time", "text": inner, "unix_time": int(unix or 0), "date_time_format": shape}]
        if tag == "tg-button":
            return [{"type": "button", "button": self.button(element)}]
        if tag == "tg-reference":
            return [{"type": "reference", "text": inner, "name": attributes.get("name", "")}]
        kind = "spoiler" if tag == "span" and attributes.get("class") == "tg-spoiler" else _KINDS.get(tag)
        if kind is None:
            return inner if isinstance(inner, list) else [inner]
        return [{"type": kind, "text": inner}] if inner else []

    def _link(self, attributes: dict[str, str], inner: Any) -> Any:
        href = attributes.get("href", "")
        if not href and attributes.get("name"):
            return {"type": "anchor", "name": attributes["name"]}
        if href.startswith("#"):
            return {"type": "anchor_link", "text": inner, "anchor_name": href[1:]}
        if href.startswith("mailto:"):
            return {"type": "email_address", "text": inner, "email_address": href[7:]}
        if href.startswith("tel:"):
            return {"type": "phone_number", "text": inner, "phone_number": href[4:]}
        return {"type": "url", "text": inner, "url": href} if href else inner

    def button(self, element: Element) -> Json:
        """RichMessageButton of a <tg-button>."""
        button: Json = {"text": self.of(element)}
        for attribute, name in (("href", "url"), ("callback-data", "callback_data"), ("style", "style")):
            if element.attributes.get(attribute):
                button[name] = element.attributes[attribute]
        if element.attributes.get("copy-text"):
            button["copy_text"] = {"text": element.attributes["copy-text"]}
        return button
