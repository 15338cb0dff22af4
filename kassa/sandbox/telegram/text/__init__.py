"""Text with entities: what `text`, `parse_mode` and `entities` of a call become."""

from kassa.sandbox.telegram.errors import Json, bad_request

from .detect import detect
from .html import parse_html
from .markdown import parse_markdown
from .markdown_v2 import parse_markdown_v2
from .units import trim

__all__ = ["parse"]


def parse(text: str, parse_mode: str | None, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The visible text and its entities, as the server would store them."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    mode = (parse_mode or "").lower()
    if not mode or mode == "none":
        found = [dict(entity) for entity in entities or [] if entity.get("type") not in _FOUND_BY_SERVER]
    elif mode == "html":
        text, found = parse_html(text)
    elif mode == "markdownv2":
        text, found = parse_markdown_v2(text)
    elif mode == "markdown":
        text, found = parse_markdown(text)
    else:
        raise bad_request("unsupported parse_mode")
    text, found = trim(text.replace("\r\n", "\n"), found)
    found += detect(text, found)
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, found


_FOUND_BY_SERVER = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
