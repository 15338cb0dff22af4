"""`parse_mode` HTML: the tags, attributes and error texts of the real server."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from kassa.sandbox.telegram.errors import ApiError, Json, bad_request

from .units import entity, utf16

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]
    parent_is_pre: bool


def _error(text: str, position: int, words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words} at byte offset {len(text[:position].encode())}")


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Visible text and entities; refuses what the server refuses."""
    parser = _Parser(text)
    parser.run()
    return "".join(parser.out), parser.entities


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.size = 0
        self.entities: list[Json] = []
        self.stack: list[_Open] = []

    def run(self) -> None:
        position = 0
        while position < len(self.text):
            bracket = self.text.find("<", position)
            plain = self.text[position:] if bracket < 0 else self.text[position:bracket]
            if plain:
                visible = _REFERENCE.sub(lambda match: unescape(match.group()), plain)
                self.out.append(visible)
                self.size += utf16(visible)
            if bracket < 0:
                break
            position = self._close(bracket) if self.text.startswith("</", bracket) else self._open(bracket)
        if self.stack:
            tag = self.stack[-1].tag
            raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")

    def _open(self, bracket: int) -> int:
        name = _NAME.match(self.text, bracket + 1)
        tag = name.group().lower() if name else ""
        if tag not in _KINDS:
            raise _error(self.text, bracket, f'Unsupported start tag "{tag}"')
        position = bracket + 1 + len(tag)
        attributes: dict[str, str] = {}
        while True:
            rest = self.text[position:].lstrip()
            position = len(self.text) - len(rest)
            if not rest:
                raise _error(self.text, bracket, "Unclosed start tag")
            if rest[0] == ">":
                break
            match = _ATTRIBUTE.match(self.text, position)
            if not match or not match.group(1):
                raise _error(self.text, bracket, f'Empty attribute name in the tag "{tag}"')
            value = (match.group(2) or "").strip("\"'")
            attributes[match.group(1).lower()] = unescape(value)
            position = match.end()
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _error(self.text, bracket, 'Tag "span" must have class "tg-spoiler"')
        parent = self.stack[-1] if self.stack else None
        self.stack.append(_Open(tag, self.size, attributes, parent is not None and parent.tag == "pre"))
        return position + 1

    def _close(self, bracket: int) -> int:
        if not self.stack:
            raise _error(self.text, bracket, "Unexpected end tag")
        end = self.text.find(">", bracket)
        if end < 0:
            raise _error(self.text, bracket, "Unclosed end tag")
        tag = self.text[bracket + 2 : end].strip().lower()
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            raise _error(self.text, bracket, f'Unmatched end tag, expected "</{opened.tag}>", found "</{tag}>"')
        if self.size > opened.start:
            self._add(opened)
        return end + 1

    def _add(self, opened: _Open) -> None:
        kind, attributes = _KINDS[opened.tag], opened.attributes
        span = (opened.start, self.size)
        language = attributes.get("class", "").removeprefix("language-")
        if kind == "text_link":
            self._add_link(attributes.get("href", ""), opened.start)
        elif kind == "code" and opened.parent_is_pre and language:
            self.stack[-1].attributes["language"] = language
        elif kind == "code" and opened.parent_is_pre:
            return
        elif kind == "pre" and attributes.get("language"):
            self.entities.append(entity("pre", *span, language=attributes["language"]))
        elif kind == "custom_emoji":
            self.entities.append(entity(kind, *span, custom_emoji_id=attributes.get("emoji-id", "")))
        elif kind == "date_time":
            unix, shape = int(attributes.get("unix", "0") or 0), attributes.get("format", "")
            self.entities.append(entity(kind, *span, unix_time=unix, date_time_format=shape))
        elif kind == "blockquote" and "expandable" in attributes:
            self.entities.append(entity("expandable_blockquote", *span))
        else:
            self.entities.append(entity(kind, *span))

    def _add_link(self, href: str, start: int) -> None:
        href = href or "".join(self.out)[start:]
        mention = link_entity(href, start, self.size)
        if mention:
            self.entities.append(mention)


def link_entity(href: str, start: int, end: int) -> Json | None:
    """text_mention for `tg://user?id=`, text_link for other addresses, nothing for an address that is none."""
    parts = urlsplit(href)
    if parts.scheme == "tg" and parts.netloc == "user":
        ids = parse_qs(parts.query).get("id", [""])
        if ids[0].isdigit():
            user = {"id": int(ids[0]), "is_bot": False, "first_name": ""}
            return entity("text_mention", start, end, user=user)
    if not parts.scheme and "." in href.split("/")[0]:
        href = f"http://{href}"
    if not urlsplit(href).scheme:
        return None
    url = href if urlsplit(href).path or parts.scheme not in ("http", "https", "") else f"{href}/"
    return entity("text_link", start, end, url=url)
