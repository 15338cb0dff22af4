"""Rich messages: InputRichMessage (blocks, HTML or Markdown) becomes RichMessage, or an error.

The texts of the errors about limits are not documented; the limits are.
"""

from collections.abc import Awaitable, Callable

from kassa.sandbox.telegram.errors import Json, bad_request

from .blocks import build_blocks
from .html import parse_rich_html
from .limits import check
from .markdown import parse_rich_markdown

TakeMedia = Callable[[Json], Awaitable[Json]]

__all__ = ["TakeMedia", "build"]


async def build(rich: Json | None, take_media: TakeMedia, *, is_draft: bool = False) -> Json:
    """The RichMessage that is stored; `take_media` turns an InputMedia into the media object."""
    if rich is None:
        raise bad_request("rich message is empty")
    given = [name for name in ("blocks", "html", "markdown") if rich.get(name)]
    if not given:
        raise bad_request("rich message is empty")
    if len(given) > 1:
        raise bad_request("exactly one of the fields html, markdown, or blocks must be used")
    if given == ["blocks"]:
        source = rich["blocks"]
    else:
        media = {str(item["id"]): item["media"] for item in rich.get("media") or []}
        parse = parse_rich_html if given == ["html"] else parse_rich_markdown
        source = parse(str(rich[given[0]]), media)
    blocks = await build_blocks(source, take_media, is_draft=is_draft)
    if not blocks:
        raise bad_request("rich message is empty")
    check(blocks)
    return {"blocks": blocks, **({"is_rtl": True} if rich.get("is_rtl") else {})}
