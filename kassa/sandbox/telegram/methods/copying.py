"""Forwarding and copying messages."""

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.methods.media import MEDIA_FIELDS, read_caption

_COPIED = (
    "text", "entities", "rich_message", "caption", "caption_entities", "link_preview_options",
    "show_caption_above_media", "has_media_spoiler", *MEDIA_FIELDS,
)  # fmt: skip


def _original(emulator: Emulator, call: Call, message_id: int, verb: str) -> Json:
    source = emulator.world.resolve(call.bot, call.chat_id("from_chat_id"))
    message = emulator.world.messages[source.key].get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.get("has_protected_content") or not any(name in message for name in _COPIED):
        raise bad_request(f"message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return message


def _content(message: Json) -> Json:
    return {name: message[name] for name in _COPIED if name in message}


async def forward_message(emulator: Emulator, call: Call) -> Json:
    """The message with its origin."""
    chat = emulator.chat_of(call)
    message = _original(emulator, call, call.integer("message_id"), "forward")
    return emulator.send(call, chat, {**_content(message), "forward_origin": origin(message)})


def origin(message: Json) -> Json:
    """MessageOrigin of a message that is forwarded."""
    if "from" in message:
        return {"type": "user", "date": message["date"], "sender_user": message["from"]}
    facts = {"chat": message["chat"], "message_id": message["message_id"]}
    return {"type": "channel", "date": message["date"], **facts}


async def copy_message(emulator: Emulator, call: Call) -> Json:
    """The content without its origin."""
    chat = emulator.chat_of(call)
    content = _content(_original(emulator, call, call.integer("message_id"), "copy"))
    if "caption" in call.params:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= read_caption(call.params, call)
    return {"message_id": emulator.send(call, chat, content)["message_id"]}


async def forward_messages(emulator: Emulator, call: Call) -> list[Json]:
    """Several messages; those that cannot be forwarded are skipped."""
    return await _several(emulator, call, "forward")


async def copy_messages(emulator: Emulator, call: Call) -> list[Json]:
    """Several messages; those that cannot be copied are skipped."""
    return await _several(emulator, call, "copy")


async def _several(emulator: Emulator, call: Call, verb: str) -> list[Json]:
    chat = emulator.chat_of(call)
    source = emulator.world.resolve(call.bot, call.chat_id("from_chat_id"))
    ids = []
    for message_id in call.array("message_ids") or []:
        message = emulator.world.messages[source.key].get(int(message_id))
        if message is None or message.get("has_protected_content"):
            continue
        content = _content(message) | ({"forward_origin": origin(message)} if verb == "forward" else {})
        ids.append({"message_id": emulator.send(call, chat, content)["message_id"]})
    return ids


METHODS: dict[str, Method] = {
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
}
