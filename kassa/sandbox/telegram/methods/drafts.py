"""Drafts: a message that is shown while it is being generated. Private chats only, 30 seconds."""

import asyncio

from kassa.sandbox.telegram import rich, text
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.methods.media import known_media_taker
from kassa.sandbox.telegram.methods.sending import MAX_TEXT
from kassa.sandbox.telegram.state import Chat, Draft

LIFETIME_S = 30.0


async def send_message_draft(emulator: Emulator, call: Call) -> bool:
    """A draft of text; empty text shows the "Thinking…" placeholder."""
    chat = _private_chat(emulator, call)
    source = call.text("text")
    content: Json = {"text": ""}
    if source:
        parsed, entities = text.parse(source, call.text("parse_mode"), call.array("entities"))
        if len(parsed) > MAX_TEXT:
            raise bad_request("message is too long")
        content = {"text": parsed, "entities": entities}
    return _show(emulator, call, chat, content)


async def send_rich_message_draft(emulator: Emulator, call: Call) -> bool:
    """A draft of a rich message."""
    chat = _private_chat(emulator, call)
    content = await rich.build(call.object("rich_message"), known_media_taker(emulator), is_draft=True)
    return _show(emulator, call, chat, {"rich_message": content})


def _private_chat(emulator: Emulator, call: Call) -> Chat:
    chat = emulator.chat_of(call)
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not call.integer("draft_id"):
        raise bad_request("TEXTDRAFT_RANDOM_ID_INVALID")
    return chat


def _show(emulator: Emulator, call: Call, chat: Chat, content: Json) -> bool:
    emulator.limits.check_draft(call.bot, chat)
    number = call.integer("draft_id")
    previous = emulator.drafts.get(chat.key)
    if call.is_lost or (previous is not None and previous.id == number and previous.is_stopped):
        # The person has pressed Stop: the rest of this draft is not shown.
        return True
    loop = asyncio.get_running_loop()
    expires_at = loop.time() + LIFETIME_S
    draft = Draft(number, content, call.flag("can_stop"), call.flag("keep_on_stop"), expires_at)
    emulator.drafts[chat.key] = draft
    loop.call_later(LIFETIME_S, _vanish, emulator, chat.key, draft)
    emulator.hub.publish("draft", chat=chat.key, draft=draft.shown())
    return True


def _vanish(emulator: Emulator, key: str, draft: Draft) -> None:
    if emulator.drafts.get(key) is draft:
        del emulator.drafts[key]
        emulator.hub.publish("draft", chat=key, draft=None)


METHODS: dict[str, Method] = {
    "sendMessageDraft": send_message_draft,
    "sendRichMessageDraft": send_rich_message_draft,
}
