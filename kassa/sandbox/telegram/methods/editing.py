"""Changing and deleting messages."""

from kassa.kit import clock
from kassa.sandbox.telegram import rich
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.keyboards import inline_keyboard
from kassa.sandbox.telegram.methods.media import MEDIA_FIELDS, input_media, media_taker, read_caption
from kassa.sandbox.telegram.methods.sending import read_text
from kassa.sandbox.telegram.state import Chat

# Fields that an edit replaces; the rest of the message stays.
_CONTENT = {"text", "entities", "link_preview_options", "rich_message"}


def _target(emulator: Emulator, call: Call) -> tuple[Chat, Json]:
    if call.text("inline_message_id"):
        raise bad_request("message to edit not found")
    chat = emulator.chat_of(call)
    message = emulator.world.messages[chat.key].get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if (message.get("from") or {}).get("id") != call.bot.id and chat.type != "channel":
        raise bad_request("message can't be edited")
    return chat, message


def _apply(emulator: Emulator, call: Call, chat: Chat, message: Json, replaced: set[str], content: Json) -> Json:
    new = {name: value for name, value in message.items() if name not in replaced | {"reply_markup"}} | content
    inline = inline_keyboard(call.object("reply_markup"), chat)
    if inline:
        new["reply_markup"] = inline
    new.pop("edit_date", None)
    if new == {name: value for name, value in message.items() if name != "edit_date"}:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same"
            " as a current content and reply markup of the message"
        )
    emulator.limits.check_edit(call.bot, chat)
    new["edit_date"] = int(clock.now().timestamp())
    if not call.is_lost:
        message.clear()
        message.update(new)
        emulator.changed(chat, message)
    return new


async def edit_message_text(emulator: Emulator, call: Call) -> Json:
    """New text or rich content of a message."""
    chat, message = _target(emulator, call)
    if call.params.get("rich_message"):
        built = await rich.build(call.object("rich_message"), media_taker(emulator, call))
        content: Json = {"rich_message": built}
    else:
        content = read_text(call)
    if not ("text" in message or "rich_message" in message):
        raise bad_request("there is no text in the message to edit")
    return _apply(emulator, call, chat, message, _CONTENT, content)


async def edit_message_caption(emulator: Emulator, call: Call) -> Json:
    """New caption of a photo, a document, ..."""
    chat, message = _target(emulator, call)
    if not any(name in message for name in MEDIA_FIELDS):
        raise bad_request("there is no caption in the message to edit")
    return _apply(emulator, call, chat, message, {"caption", "caption_entities"}, read_caption(call.params, call))


async def edit_message_media(emulator: Emulator, call: Call) -> Json:
    """Another photo, document, ... in its place."""
    chat, message = _target(emulator, call)
    media = call.object("media")
    if media is None:
        raise bad_request("input media is empty")
    content = await input_media(emulator, call, media)
    replaced = _CONTENT | set(MEDIA_FIELDS) | {"caption", "caption_entities"}
    return _apply(emulator, call, chat, message, replaced, content)


async def edit_message_reply_markup(emulator: Emulator, call: Call) -> Json:
    """Another inline keyboard, or none."""
    chat, message = _target(emulator, call)
    return _apply(emulator, call, chat, message, set(), {})


async def delete_message(emulator: Emulator, call: Call) -> bool:
    """One message."""
    chat = emulator.chat_of(call)
    message_id = call.integer("message_id")
    message = emulator.world.messages[chat.key].get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    is_own = (message.get("from") or {}).get("id") == call.bot.id
    if not (is_own or chat.is_private or chat.members.get(call.bot.id) in ("administrator", "creator")):
        raise bad_request("message can't be deleted")
    _delete(emulator, chat, [message_id])
    return True


async def delete_messages(emulator: Emulator, call: Call) -> bool:
    """Up to 100 messages; those that do not exist are skipped."""
    chat = emulator.chat_of(call)
    ids = [int(item) for item in call.array("message_ids") or []]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    _delete(emulator, chat, [item for item in ids if item in emulator.world.messages[chat.key]])
    return True


def _delete(emulator: Emulator, chat: Chat, ids: list[int]) -> None:
    for message_id in ids:
        emulator.world.remove_message(chat, message_id)
    if chat.keyboard and chat.keyboard.get("message_id") in ids:
        chat.keyboard = None
        emulator.world.save(chat)
    emulator.hub.publish("delete", chat=chat.key, message_ids=ids, keyboard=chat.keyboard)


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
