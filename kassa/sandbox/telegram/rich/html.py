"""Rich HTML: elements become input blocks."""

from kassa.sandbox.telegram.errors import Json

from .inline import Inline, simplify
from .tree import Element, parse_tree

_HEADINGS = {f"h{size}": size for size in range(1, 7)}
_MEDIA = {"img": "photo", "video": "video", "audio": "audio", "tg-document": "document"}
_INLINE = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "span", "sub", "sup", "mark",
    "tg-emoji", "tg-time", "code", "tg-math", "a", "br", "tg-button", "tg-reference", "input", "cite",
}  # fmt: skip


def parse_rich_html(source: str, media: dict[str, Json]) -> list[Json]:
    """Input blocks of an HTML text; refuses unknown tags and wrong nesting."""
    return blocks_of(parse_tree(source, is_strict=True), media, is_markdown=False)


def blocks_of(root: Element, media: dict[str, Json], *, is_markdown: bool) -> list[Json]:
    """Input blocks of a parsed tree."""
    return _Blocks(media, Inline(is_markdown)).inside(root)


class _Blocks:
    def __init__(self, media: dict[str, Json], inline: Inline) -> None:
        self.media = media
        self.inline = inline

    def inside(self, element: Element) -> list[Json]:
        """Blocks of the children; loose text between blocks becomes paragraphs."""
        blocks: list[Json] = []
        loose: list[Element | str] = []
        for child in element.children:
            if isinstance(child, str) or (child.tag in _INLINE and not _is_formula_block(child)):
                loose.append(child)
                continue
            blocks += self.paragraph(loose)
            loose = []
            blocks += self.block(child)
        return blocks + self.paragraph(loose)

    def paragraph(self, children: list[Element | str]) -> list[Json]:
        """A paragraph of inline children; formulas on their own and images leave it as blocks."""
        pieces = list(children)
        if len([piece for piece in pieces if not _is_blank(piece)]) == 1:
            only = next(piece for piece in pieces if not _is_blank(piece))
            if isinstance(only, Element) and (_is_formula_block(only) or only.tag in _MEDIA):
                return self.block(only)
        blocks: list[Json] = []
        run: list[Element | str] = []
        for piece in pieces:
            if isinstance(piece, Element) and (_is_formula_block(piece) or piece.tag in _MEDIA):
                blocks += self._text_block(run) + self.block(piece)
                run = []
            else:
                run.append(piece)
        return blocks + self._text_block(run)

    def _text_block(self, run: list[Element | str]) -> list[Json]:
        text = simplify(self.inline.many(run), is_trimmed=True)
        return [{"type": "paragraph", "text": text}] if text else []

    def block(self, element: Element) -> list[Json]:
        tag = element.tag
        if tag in _HEADINGS:
            return [{"type": "heading", "text": self.inline.of(element), "size": _HEADINGS[tag]}]
        if tag in ("p", "figcaption", "summary", "caption", "li", "td", "th"):
            return self.paragraph(element.children)
        if tag == "tg-math-block" or _is_formula_block(element):
            return [{"type": "mathematical_expression", "expression": element.text().strip()}]
        if tag in _MEDIA:
            return self._media(element)
        builder = getattr(self, "_" + tag.replace("-", "_"), None)
        if builder is not None:
            return [builder(element)]
        return self.inside(element)

    def _pre(self, element: Element) -> Json:
        code = next((child for child in element.children if isinstance(child, Element)), element)
        language = code.attributes.get("class", "").partition("language-")[2] or element.attributes.get("language", "")
        block: Json = {"type": "pre", "text": element.text().rstrip("\n")}
        if language.split()[:1] == ["math"]:
            return {"type": "mathematical_expression", "expression": block["text"]}
        return {**block, "language": language} if language else block

    def _hr(self, element: Element) -> Json:
        return {"type": "divider"}

    def _footer(self, element: Element) -> Json:
        return {"type": "footer", "text": self.inline.of(element)}

    def _tg_thinking(self, element: Element) -> Json:
        return {"type": "thinking", "text": self.inline.of(element)}

    def _aside(self, element: Element) -> Json:
        return {"type": "pullquote", "text": self.inline.of(_without(element, "cite")), **self._credit(element)}

    def _blockquote(self, element: Element) -> Json:
        inner = _without(element, "cite")
        if "expandable" in element.attributes or "collapsed" in element.attributes:
            return {"type": "expandable_blockquote", "text": self.inline.of(inner), **self._credit(element)}
        return {"type": "blockquote", "blocks": self.inside(inner), **self._credit(element)}

    def _credit(self, element: Element) -> Json:
        for child in element.children:
            if isinstance(child, Element) and child.tag == "cite":
                return {"credit": self.inline.of(child)}
        return {}

    def _details(self, element: Element) -> Json:
        summary = next((item for item in element.children if isinstance(item, Element) and item.tag == "summary"), None)
        block: Json = {"type": "details", "summary": self.inline.of(summary) if summary else ""}
        block["blocks"] = self.inside(_without(element, "summary"))
        return {**block, "is_open": True} if "open" in element.attributes else block

    def _ul(self, element: Element) -> Json:
        return {"type": "list", "items": [self._item(item) for item in _elements(element, "li")]}

    def _ol(self, element: Element) -> Json:
        start = element.attributes.get("start", "1")
        first = int(start) if start.isdigit() else 1
        kind = element.attributes.get("type", "1")
        items = [
            {**self._item(item), "value": first + index, "type": kind}
            for index, item in enumerate(_elements(element, "li"))
        ]
        return {"type": "list", "items": items}

    def _item(self, element: Element) -> Json:
        item: Json = {"blocks": self.inside(_without(element, "input"))}
        for box in _elements(element, "input") + [
            found for inner in _elements(element, "p") for found in _elements(inner, "input")
        ]:
            item["has_checkbox"] = True
            if "checked" in box.attributes:
                item["is_checked"] = True
        return item

    def _table(self, element: Element) -> Json:
        rows = _elements(element, "tr")
        for part in ("thead", "tbody", "tfoot"):
            for section in _elements(element, part):
                rows += _elements(section, "tr")
        block: Json = {"type": "table", "cells": [[self._cell(cell) for cell in _cells(row)] for row in rows]}
        for name in ("bordered", "striped", "compact"):
            if name in element.attributes or (name == "bordered" and self.inline.is_markdown):
                block[f"is_{name}"] = True
        caption = _elements(element, "caption")
        return {**block, "caption": self.inline.of(caption[0])} if caption else block

    def _cell(self, element: Element) -> Json:
        style = element.attributes.get("style", "").partition("text-align:")[2].strip(" ;")
        align = element.attributes.get("align") or style or "left"
        cell: Json = {"text": self.inline.of(element), "align": align, "valign": "middle"}
        if element.tag == "th":
            cell["is_header"] = True
        for name in ("colspan", "rowspan"):
            if element.attributes.get(name, "").isdigit() and int(element.attributes[name]) > 1:
                cell[name] = int(element.attributes[name])
        return cell

    def _tg_button_row(self, element: Element) -> Json:
        return {"type": "buttons", "buttons": [self.inline.button(item) for item in _elements(element, "tg-button")]}

    def _tg_collage(self, element: Element) -> Json:
        return {"type": "collage", "blocks": self.inside(element)}

    def _tg_slideshow(self, element: Element) -> Json:
        return {"type": "slideshow", "blocks": self.inside(element)}

    def _media(self, element: Element) -> list[Json]:
        kind, source = _MEDIA[element.tag], element.attributes.get("src", "")
        alt = element.attributes.get("alt") or element.attributes.get("title") or ""
        media = self.media.get(source.partition("id=")[2]) if source.startswith("tg://") else None
        if media is None and not source.startswith(("http://", "https://")):
            return [{"type": "paragraph", "text": alt or source}] if alt or source else []
        block: Json = {"type": kind, kind: media or {"type": kind, "media": source}}
        return [{**block, "caption": {"text": alt}} if alt else block]


def _is_blank(piece: Element | str) -> bool:
    return isinstance(piece, str) and not piece.strip()


def _is_formula_block(element: Element) -> bool:
    return element.tag == "span" and "math-display" in element.attributes.get("class", "")


def _elements(element: Element, tag: str) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element) and child.tag == tag]


def _cells(row: Element) -> list[Element]:
    return [child for child in row.children if isinstance(child, Element) and child.tag in ("td", "th")]


def _without(element: Element, tag: str) -> Element:
    kept = [child for child in element.children if isinstance(child, str) or child.tag != tag]
    return Element(element.tag, element.attributes, kept)
