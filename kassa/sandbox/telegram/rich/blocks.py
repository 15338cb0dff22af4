"""InputRichBlock to RichBlock: types checked, defaults filled in, media looked up."""

from collections.abc import Awaitable, Callable
from typing import Any

from kassa.sandbox.telegram.errors import Json, bad_request

TakeMedia = Callable[[Json], Awaitable[Json]]

_TEXT_BLOCKS = {"paragraph", "heading", "pre", "footer", "expandable_blockquote", "pullquote", "thinking"}
_NESTED = {"blockquote", "details", "collage", "slideshow"}
_MEDIA = {"photo", "video", "audio", "animation", "document", "voice_note"}
_PLAIN = {"divider", "mathematical_expression", "anchor", "map", "buttons"}
_RICH_TEXTS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "date_time", "text_mention", "subscript",
    "superscript", "marked", "code", "custom_emoji", "mathematical_expression", "url", "email_address",
    "phone_number", "bank_card_number", "mention", "hashtag", "cashtag", "bot_command", "button", "anchor",
    "anchor_link", "reference", "reference_link",
}  # fmt: skip
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


async def build_blocks(source: Any, take_media: TakeMedia, *, is_draft: bool) -> list[Json]:
    """Checked blocks, as a message carries them."""
    if not isinstance(source, list):
        raise bad_request("rich message blocks must be an Array")
    return [await _block(block, take_media, is_draft) for block in source]


async def _block(block: Any, take_media: TakeMedia, is_draft: bool) -> Json:
    if not isinstance(block, dict) or "type" not in block:
        raise bad_request('can\'t parse InputRichBlock: Field "type" must be of type String')
    kind = str(block["type"])
    built = _present(block)
    if kind in _TEXT_BLOCKS:
        _read_text(built, is_draft)
    elif kind in _NESTED:
        built["blocks"] = await build_blocks(block.get("blocks"), take_media, is_draft=is_draft)
    elif kind == "list":
        built["items"] = [
            await _item(item, number, take_media, is_draft) for number, item in enumerate(block.get("items") or [])
        ]
    elif kind == "table":
        built["cells"] = [[_cell(cell) for cell in row] for row in block.get("cells") or []]
    elif kind in _MEDIA:
        built[kind] = await take_media(block[kind])
    elif kind not in _PLAIN:
        raise bad_request(f"can't parse InputRichBlock: unsupported block type {kind}")
    return built | {name: rich_text(built[name]) for name in ("credit", "summary") if name in built}


def _present(source: Json) -> Json:
    """The fields that are set: the server leaves out what is absent or false."""
    return {name: value for name, value in source.items() if value is not None and value is not False}


def _read_text(block: Json, is_draft: bool) -> None:
    if block["type"] == "thinking" and not is_draft:
        raise bad_request("thinking blocks can be used only in message drafts")
    if "text" not in block:
        raise bad_request(f"can't parse InputRichBlock: block {block['type']} must have a text")
    block["text"] = rich_text(block["text"])
    if block["type"] == "heading" and not 1 <= int(block.get("size", 0)) <= 6:
        raise bad_request("heading size must be from 1 to 6")


async def _item(item: Json, index: int, take_media: TakeMedia, is_draft: bool) -> Json:
    built = _present(item)
    built["blocks"] = await build_blocks(item.get("blocks"), take_media, is_draft=is_draft)
    built["label"] = _label(item, index)
    return built


def _label(item: Json, index: int) -> str:
    kind = item.get("type")
    if not kind and item.get("value") is None:
        return "•"
    value = int(item.get("value") or index + 1)
    match kind:
        case "a" | "A":
            letter = chr(ord("a") + (value - 1) % 26)
            label = letter if kind == "a" else letter.upper()
        case "i" | "I":
            label = _roman(value) if kind == "i" else _roman(value).upper()
        case _:
            label = str(value)
    return f"{label}."


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (value // size)
        value %= size
    return text


def _cell(cell: Json) -> Json:
    built: Json = {"align": "left", "valign": "middle"}
    built |= _present(cell)
    if "text" in built:
        built["text"] = rich_text(built["text"])
    return built


def rich_text(value: Any) -> Any:
    """A checked RichText: a string, an array or an object of a known type."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [rich_text(item) for item in value]
    if isinstance(value, dict) and value.get("type") in _RICH_TEXTS:
        return {**value, "text": rich_text(value["text"])} if "text" in value else value
    raise bad_request("can't parse RichText: unsupported type")
