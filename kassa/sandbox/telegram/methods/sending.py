"""Messages with text or rich content, and the "typing" status."""

from kassa.sandbox.telegram import rich, text
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.methods.media import media_taker

MAX_TEXT = 4096
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def read_text(call: Call) -> Json:
    """`text` with its entities, checked."""
    source = call.text("text")
    if not source:
        raise bad_request("message text is empty")
    parsed, entities = text.parse(source, call.text("parse_mode"), call.array("entities"))
    if not parsed:
        raise bad_request("text must be non-empty")
    if len(parsed) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": parsed}
    if entities:
        content["entities"] = entities
    options = call.object("link_preview_options")
    if options:
        content["link_preview_options"] = options
    return content


async def send_message(emulator: Emulator, call: Call) -> Json:
    """A text message."""
    chat = emulator.chat_of(call)
    return emulator.send(call, chat, read_text(call))


async def send_rich_message(emulator: Emulator, call: Call) -> Json:
    """A rich message."""
    chat = emulator.chat_of(call)
    content = await rich.build(call.object("rich_message"), media_taker(emulator, call))
    return emulator.send(call, chat, {"rich_message": content})


async def send_chat_action(emulator: Emulator, call: Call) -> bool:
    """ "typing" and the like; shown for five seconds."""
    chat = emulator.chat_of(call)
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    if not call.is_lost:
        emulator.hub.publish("action", chat=chat.key, bot=call.bot.id, action=action)
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendRichMessage": send_rich_message,
    "sendChatAction": send_chat_action,
}
