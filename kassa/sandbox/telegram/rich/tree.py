"""A small tree of HTML elements, which both rich dialects are read through."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from kassa.sandbox.telegram.errors import bad_request

_VOID = {"br", "hr", "img", "input", "tg-map", "source"}
KNOWN = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "footer", "hr", "br", "tg-math", "tg-math-block", "a",
    "ul", "ol", "li", "input", "blockquote", "cite", "aside", "tg-collage", "tg-slideshow", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "td", "th", "details", "summary", "tg-map", "tg-button-row", "tg-button",
    "img", "video", "audio", "tg-document", "figure", "figcaption", "tg-thinking", "b", "strong", "i", "em", "u",
    "ins", "s", "strike", "del", "tg-spoiler", "span", "sub", "sup", "mark", "tg-emoji", "tg-time",
    "tg-reference", "div",
}  # fmt: skip


@dataclass(slots=True)
class Element:
    """A tag with its attributes and what is inside: elements and strings."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def text(self) -> str:
        """All text inside."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse_tree(source: str, *, is_strict: bool) -> Element:
    """The root element. Strict refuses unknown tags and wrong nesting, as the server does for HTML."""
    builder = _Builder(is_strict)
    builder.feed(source)
    builder.close()
    if is_strict and len(builder.stack) > 1:
        tag = builder.stack[-1].tag
        raise bad_request(f"can't parse rich message: Can't find end tag corresponding to start tag \"{tag}\"")
    return builder.stack[0]


class _Builder(HTMLParser):
    def __init__(self, is_strict: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.is_strict = is_strict
        self.stack = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            if self.is_strict:
                raise bad_request(f'can\'t parse rich message: Unsupported start tag "{tag}"')
            self.handle_data(self.get_starttag_text() or "")
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(element)
        if tag not in _VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in KNOWN and tag not in _VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in KNOWN:
            return
        if self.stack[-1].tag == tag:
            self.stack.pop()
        elif self.is_strict:
            expected = self.stack[-1].tag
            raise bad_request(
                f'can\'t parse rich message: Unmatched end tag, expected "</{expected}>", found "</{tag}>"'
                if expected
                else "can't parse rich message: Unexpected end tag"
            )
        elif any(element.tag == tag for element in self.stack):
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)
