"""`parse_mode` MarkdownV2: every reserved character must be escaped, and errors say where."""

import re
from dataclasses import dataclass

from kassa.sandbox.telegram.errors import Json, bad_request

from .html import link_entity
from .units import entity

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {"*": "Bold", "_": "Italic", "__": "Underline", "~": "Strikethrough", "||": "Spoiler", "`": "Code"}
_KINDS = {
    "Bold": "bold", "Italic": "italic", "Underline": "underline", "Strikethrough": "strikethrough",
    "Spoiler": "spoiler", "Code": "code", "Pre": "pre", "PreCode": "pre", "BlockQuote": "blockquote",
}  # fmt: skip
_LANGUAGE = re.compile(r"([^\s`]*)\n")


@dataclass(slots=True)
class _Open:
    kind: str
    start: int
    position: int
    argument: str = ""


def parse_markdown_v2(text: str) -> tuple[str, list[Json]]:
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
        self.line_start = True

    def run(self) -> None:
        position = 0
        while position < len(self.text):
            position = self._step(position)
        while self.stack and self.stack[-1].kind == "BlockQuote":
            self._end(self.stack.pop())
        if self.stack:
            raise self._unclosed(self.stack[-1])

    def _step(self, i: int) -> int:
        char, text = self.text[i], self.text
        top = self.stack[-1].kind if self.stack else ""
        if char == "\\" and i + 1 < len(text) and 0 < ord(text[i + 1]) < 127:
            return self._write(text[i + 1], i + 2)
        if top in ("Code", "Pre", "PreCode"):
            return self._in_code(i, top)
        if char == "\n":
            return self._new_line(i)
        if self.line_start and (char == ">" or text.startswith("**>", i)):
            return self._quote(i)
        if char not in _RESERVED:
            return self._write(char, i + 1)
        self.line_start = False
        return self._mark(i)

    def _write(self, char: str, following: int) -> int:
        self.out.append(char)
        self.size += 1 if ord(char) < 0x10000 else 2
        self.line_start = char == "\n"
        return following

    def _in_code(self, i: int, top: str) -> int:
        mark = "`" if top == "Code" else "```"
        if self.text.startswith(mark, i):
            self._end(self.stack.pop())
            return i + len(mark)
        return self._write(self.text[i], i + 1)

    def _new_line(self, i: int) -> int:
        following = self._write("\n", i + 1)
        quote = self.stack and self.stack[-1].kind == "BlockQuote"
        if quote and not self.text.startswith(">", following):
            self._end(self.stack.pop(), at=self.size - 1)
        return following

    def _quote(self, i: int) -> int:
        self.line_start = False
        if self.text.startswith("**>", i):
            i += 2
        if not any(item.kind == "BlockQuote" for item in self.stack):
            self.stack.append(_Open("BlockQuote", self.size, i))
        return i + 1

    def _mark(self, i: int) -> int:
        text = self.text
        for mark in ("```", "__", "||"):
            if text.startswith(mark, i):
                break
        else:
            mark = text[i]
        if mark == "```":
            return self._open_pre(i)
        if mark == "[" or text.startswith("![", i):
            shift = len(mark) if mark == "[" else 2
            self.stack.append(_Open("TextUrl" if mark == "[" else "CustomEmoji", self.size, i))
            return i + shift
        if mark == "]" and self.stack and self.stack[-1].kind in ("TextUrl", "CustomEmoji"):
            return self._end_link(i)
        kind = _MARKS.get(mark)
        if kind is None or mark == "|":
            raise bad_request(
                f"can't parse entities: Character '{text[i]}' is reserved and must be escaped with the preceding '\\'"
            )
        return self._toggle(kind, mark, i)

    def _toggle(self, kind: str, mark: str, i: int) -> int:
        if self.stack and self.stack[-1].kind == kind:
            self._end(self.stack.pop())
        elif mark == "||" and self._ends_expandable(i):
            opened = self.stack.pop()
            opened.argument = "expandable"
            self._end(opened)
        else:
            self.stack.append(_Open(kind, self.size, i))
        return i + len(mark)

    def _ends_expandable(self, i: int) -> bool:
        at_line_end = i + 2 >= len(self.text) or self.text[i + 2] == "\n"
        return at_line_end and bool(self.stack) and self.stack[-1].kind == "BlockQuote"

    def _open_pre(self, i: int) -> int:
        match = _LANGUAGE.match(self.text, i + 3)
        language = match.group(1) if match else ""
        self.stack.append(_Open("PreCode" if language else "Pre", self.size, i, language))
        return match.end() if match else i + 3

    def _end_link(self, i: int) -> int:
        opened = self.stack.pop()
        if not self.text.startswith("(", i + 1):
            if opened.kind == "CustomEmoji":
                raise bad_request("can't parse entities: Custom emoji entity must contain a tg://emoji URL")
            href, following = "".join(self.out)[-(self.size - opened.start) :], i + 1
        else:
            end = i + 2
            while end < len(self.text) and self.text[end] != ")":
                end += 2 if self.text[end] == "\\" else 1
            if end >= len(self.text):
                offset = len(self.text[: i + 1].encode())
                raise bad_request(f"can't parse entities: Can't find end of a URL at byte offset {offset}")
            href, following = re.sub(r"\\(.)", r"\1", self.text[i + 2 : end]), end + 1
        self._add_link(opened, href)
        return following

    def _add_link(self, opened: _Open, href: str) -> None:
        if self.size == opened.start:
            return
        if opened.kind == "CustomEmoji":
            emoji = href.partition("id=")[2]
            self.entities.append(entity("custom_emoji", opened.start, self.size, custom_emoji_id=emoji))
            return
        link = link_entity(href, opened.start, self.size)
        if link:
            self.entities.append(link)

    def _end(self, opened: _Open, at: int | None = None) -> None:
        end = self.size if at is None else at
        if end <= opened.start:
            return
        kind = "expandable_blockquote" if opened.argument == "expandable" else _KINDS[opened.kind]
        item = entity(kind, opened.start, end)
        if opened.kind == "PreCode":
            item["language"] = opened.argument
        self.entities.append(item)

    def _unclosed(self, opened: _Open) -> Exception:
        offset = len(self.text[: opened.position].encode())
        return bad_request(f"can't parse entities: Can't find end of {opened.kind} entity at byte offset {offset}")
