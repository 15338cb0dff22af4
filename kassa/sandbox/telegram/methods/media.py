"""Photos, documents, voice notes, video and audio."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kassa.sandbox.telegram import text
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.images import size_of

MAX_CAPTION = 1024
# The field of a message for each kind, and the folder its files lie in.
_FOLDERS = {
    "photo": "photos", "document": "documents", "voice": "voice", "video": "videos", "audio": "music",
    "animation": "animations", "video_note": "video_notes", "sticker": "stickers", "voice_note": "voice",
}  # fmt: skip
MEDIA_FIELDS = ("photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker")


def read_caption(source: Mapping[str, Any], call: Call) -> Json:
    """`caption` with its entities, checked; nothing when there is none."""
    caption = str(source.get("caption") or "")
    if not caption:
        return {}
    entities = source.get("caption_entities")
    if isinstance(entities, str):
        entities = call.array("caption_entities")
    parsed, found = text.parse(caption, source.get("parse_mode"), entities)
    if len(parsed) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": parsed} if parsed else {}
    if found:
        content["caption_entities"] = found
    return content


def media_object(emulator: Emulator, kind: str, facts: Json, given: Mapping[str, Any]) -> Any:
    """What a message carries for a file: PhotoSizes, Document, Voice, Video or Audio."""
    base = {name: facts[name] for name in ("file_id", "file_unique_id", "file_size")}
    named = {"file_name": facts["file_name"], "mime_type": facts["mime_type"]}
    numbers = {name: _whole(given.get(name), default) for name, default in (("duration", 1),)}
    match kind:
        case "photo":
            width, height = size_of(emulator.files.body(facts["file_id"]))
            return [{**base, "width": width, "height": height}]
        case "voice" | "voice_note":
            return {**base, **numbers, "mime_type": facts["mime_type"]}
        case "audio":
            titles = {name: given[name] for name in ("performer", "title") if given.get(name)}
            return {**base, **numbers, **named, **titles}
        case "video" | "animation":
            size = {"width": _whole(given.get("width"), 640), "height": _whole(given.get("height"), 360)}
            return {**base, **numbers, **named, **size}
        case "video_note":
            return {**base, **numbers, "length": _whole(given.get("length"), 240)}
        case "sticker":
            flags = {"type": "regular", "is_animated": False, "is_video": False}
            return {**base, **flags, "width": 512, "height": 512}
    return {**base, **named}


def _whole(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


async def send_media(emulator: Emulator, call: Call, kind: str) -> Json:
    """A message with one file."""
    chat = emulator.chat_of(call)
    caption = read_caption(call.params, call)
    value = call.text(kind) or (kind if kind in call.uploads else "")
    facts = await emulator.files.take(call, value, _FOLDERS[kind])
    content: Json = {kind: media_object(emulator, kind, facts, call.params), **caption}
    if kind == "animation":
        content["document"] = media_object(emulator, "document", facts, call.params)
    for name in ("show_caption_above_media", "has_spoiler"):
        if call.flag(name):
            content["has_media_spoiler" if name == "has_spoiler" else name] = True
    return emulator.send(call, chat, content)


def _sender(kind: str) -> Method:
    async def send(emulator: Emulator, call: Call) -> Json:
        return await send_media(emulator, call, kind)

    return send


async def input_media(emulator: Emulator, call: Call, media: Json) -> Json:
    """Message fields of an InputMedia."""
    kind = str(media.get("type", ""))
    if kind not in _FOLDERS:
        raise bad_request(f"can't parse InputMedia: unsupported media type {kind}")
    facts = await emulator.files.take(call, str(media.get("media", "")), _FOLDERS[kind])
    return {kind: media_object(emulator, kind, facts, media), **read_caption(media, call)}


async def send_media_group(emulator: Emulator, call: Call) -> list[Json]:
    """An album of 2 to 10."""
    chat = emulator.chat_of(call)
    items = call.array("media") or []
    if not 2 <= len(items) <= 10:
        raise bad_request("media group must include 2-10 items")
    contents = [await input_media(emulator, call, item) for item in items]
    group = f"{chat.key}-{emulator.world.bots[call.bot.id].next_message_id}"
    return [emulator.send(call, chat, {**content, "media_group_id": group}) for content in contents]


def media_taker(emulator: Emulator, call: Call) -> Callable[[Json], Awaitable[Any]]:
    """Media of rich blocks: uploads, URLs and known files."""

    async def take(media: Json) -> Any:
        kind = str(media.get("type", "document"))
        facts = await emulator.files.take(call, str(media.get("media", "")), _FOLDERS.get(kind, "documents"))
        return media_object(emulator, kind, facts, media)

    return take


def known_media_taker(emulator: Emulator) -> Callable[[Json], Awaitable[Any]]:
    """Media of drafts: known files only."""

    async def take(media: Json) -> Any:
        facts = emulator.files.get(str(media.get("media", "")))
        if facts is None:
            raise bad_request("wrong file identifier specified")
        return media_object(emulator, str(media.get("type", "document")), facts, media)

    return take


async def get_file(emulator: Emulator, call: Call) -> Json:
    """Where to download a file."""
    facts = emulator.files.get(call.text("file_id"))
    if facts is None:
        raise bad_request("invalid file_id")
    if facts["file_size"] > emulator.files.download_limit:
        raise bad_request("file is too big")
    return {name: facts[name] for name in ("file_id", "file_unique_id", "file_size", "file_path")}


METHODS: dict[str, Method] = {
    "sendPhoto": _sender("photo"),
    "sendDocument": _sender("document"),
    "sendVoice": _sender("voice"),
    "sendVideo": _sender("video"),
    "sendAudio": _sender("audio"),
    "sendAnimation": _sender("animation"),
    "sendVideoNote": _sender("video_note"),
    "sendSticker": _sender("sticker"),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
