"""What people do with their phones: write, press, stop, pay; each becomes updates for bots."""

import secrets
import time
from typing import Any

from kassa.kit import clock
from kassa.sandbox.telegram import text
from kassa.sandbox.telegram.emulator import Emulator, without_nesting
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.members import block
from kassa.sandbox.telegram.methods.media import MEDIA_FIELDS, media_object
from kassa.sandbox.telegram.state import Bot, Chat, Person

_SHOWN_QUERIES = 10_000


def say(emulator: Emulator, person: Person, chat: Chat, words: str, reply_to: int = 0) -> Json:
    """Write a text; a command gets its entity by itself."""
    parsed, entities = text.parse(words, None, None)
    if not parsed:
        raise bad_request("message text is empty")
    if len(parsed) > 4096:
        raise bad_request("message is too long")
    content: Json = {"text": parsed}
    if entities:
        content["entities"] = entities
    return post(emulator, person, chat, content, reply_to)


def attach(
    emulator: Emulator, person: Person, chat: Chat, kind: str, file: tuple[str, str, bytes], caption: str,
    album: str = "",
) -> Json:  # fmt: skip
    """Send a photo, a document, a voice note, a video or a piece of music; those of one album one after another."""
    if kind not in MEDIA_FIELDS:
        raise bad_request(f"unknown kind of file {kind}")
    name, content_type, body = file
    folder = {"photo": "photos", "document": "documents", "voice": "voice", "video": "videos", "audio": "music"}
    facts = emulator.files.add(name, content_type, body, folder.get(kind, "documents"))
    content: Json = {kind: media_object(emulator, kind, facts, {})} | ({"media_group_id": album} if album else {})
    if caption:
        parsed, entities = text.parse(caption, None, None)
        content |= {"caption": parsed} | ({"caption_entities": entities} if entities else {})
    return post(emulator, person, chat, content)


def post(emulator: Emulator, person: Person, chat: Chat, content: Json, reply_to: int = 0) -> Json:
    """Put a person's message into a chat and tell the bots that may see it."""
    _check_may_write(emulator, person, chat, content)
    original = emulator.world.messages[chat.key].get(reply_to) if reply_to else None
    if original is not None:
        content = {"reply_to_message": without_nesting(original), **content}
    message = emulator.world.new_message(chat, person.user(), content)
    _use_up_keyboard(emulator, chat, message)
    emulator.hub.publish("message", chat=chat.key, message=message, keyboard=chat.keyboard)
    kind = "channel_post" if chat.type == "channel" else "message"
    for bot in emulator.bots_in(chat):
        if _sees(bot, chat, message):
            emulator.inboxes.push(bot, kind, message, chat.key)
    return message


def _check_may_write(emulator: Emulator, person: Person, chat: Chat, content: Json) -> None:
    if chat.is_private:
        if chat.blocked and str(content.get("text", "")).startswith("/start"):
            # Pressing "Restart" unblocks, as on a phone.
            block(emulator, chat, emulator.world.bots[chat.bot_id], is_blocked=False)
        elif chat.blocked:
            raise bad_request("you have blocked this bot")
    elif chat.migrated_to:
        raise bad_request("the group was upgraded to a supergroup")
    elif chat.members.get(person.id) not in ("creator", "administrator", "member", "restricted"):
        raise bad_request("you are not a member of this chat")
    elif chat.type == "channel" and chat.members.get(person.id) not in ("creator", "administrator"):
        raise bad_request("only administrators write to a channel")


def _use_up_keyboard(emulator: Emulator, chat: Chat, message: Json) -> None:
    keyboard = chat.keyboard
    if keyboard and (keyboard.get("one_time_keyboard") or keyboard.get("force_reply")) and "text" in message:
        chat.keyboard = None
        emulator.world.save(chat)


def _sees(bot: Bot, chat: Chat, message: Json) -> bool:
    """Privacy mode: in groups a bot sees commands, mentions of it and replies to it."""
    if chat.is_private or not bot.privacy or chat.members.get(bot.id) == "administrator":
        return True
    if (message.get("reply_to_message") or {}).get("from", {}).get("id") == bot.id:
        return True
    words = str(message.get("text") or message.get("caption") or "")
    name = f"@{bot.username.lower()}"
    for item in message.get("entities") or message.get("caption_entities") or []:
        piece = _piece(words, item).lower()
        if item["type"] == "mention" and piece == name:
            return True
        if item["type"] == "bot_command" and ("@" not in piece or piece.endswith(name)):
            return True
    return False


def _piece(words: str, item: Json) -> str:
    start, end = item["offset"] * 2, (item["offset"] + item["length"]) * 2
    return words.encode("utf-16-le")[start:end].decode("utf-16-le")


def press(emulator: Emulator, person: Person, chat: Chat, message_id: int, data: str) -> Json:
    """Press an inline button with callback_data; the query, whose answer comes later."""
    message = emulator.world.messages[chat.key].get(message_id)
    if message is None:
        raise bad_request("message not found")
    if data not in _callback_data(message):
        raise bad_request("the message has no such button")
    bot = emulator.world.bots[message["from"]["id"]]
    query = open_query(emulator, bot, person, chat)
    body = {
        "id": query["id"],
        "from": person.user(),
        "message": message,
        "chat_instance": str(abs(hash_of(chat.key))),
        "data": data,
    }
    emulator.inboxes.push(bot, "callback_query", body, chat.key)
    return query


def _callback_data(value: Any) -> set[str]:
    """Every callback_data inside a message: of its keyboard and of buttons in rich blocks."""
    if isinstance(value, list):
        return {found for item in value for found in _callback_data(item)}
    if isinstance(value, dict):
        own = {value["callback_data"]} if isinstance(value.get("callback_data"), str) else set()
        return own | {found for item in value.values() for found in _callback_data(item)}
    return set()


def hash_of(key: str) -> int:
    """A number that stays the same for a chat between starts."""
    return int.from_bytes(key.encode()[-8:].rjust(8, b"0"), "big")


def open_query(emulator: Emulator, bot: Bot, person: Person, chat: Chat) -> Json:
    """A question to the bot that waits for its answer."""
    while len(emulator.queries) >= _SHOWN_QUERIES:
        del emulator.queries[next(iter(emulator.queries))]
    query: Json = {
        "id": str(secrets.randbelow(10**18) + 10**17),
        "bot": bot.id,
        "person": person.id,
        "chat": chat.key,
        "at": time.monotonic(),
    }
    emulator.queries[query["id"]] = query
    return query


def stop_generation(emulator: Emulator, chat: Chat, draft_id: int) -> bool:
    """Press Stop under a draft; False when there is no such draft any more."""
    draft = emulator.drafts.get(chat.key)
    if draft is None or draft.id != draft_id or not draft.can_stop or draft.is_stopped:
        return False
    draft.is_stopped = True
    bot = emulator.world.bots[chat.bot_id]
    body = {"chat": emulator.world.chat_object(chat), "draft_id": draft_id}
    emulator.inboxes.push(bot, "stopped_message_generation", body, chat.key)
    emulator.hub.publish("draft", chat=chat.key, draft=draft.shown() if draft.keep_on_stop else None)
    return True


def react(emulator: Emulator, person: Person, chat: Chat, message_id: int, emoji: str) -> None:
    """Put a reaction on a message, or take it off with an empty emoji."""
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    for bot in emulator.bots_in(chat):
        body = {
            "chat": emulator.world.chat_object(chat),
            "message_id": message_id,
            "user": person.user(),
            "date": int(clock.now().timestamp()),
            "old_reaction": [],
            "new_reaction": new,
        }
        emulator.inboxes.push(bot, "message_reaction", body, chat.key)
    emulator.hub.publish("reaction", chat=chat.key, message_id=message_id, by=person.id, reaction=new)


def pay(emulator: Emulator, person: Person, bot: Bot, key: str) -> Json:
    """Press Pay: the bot gets pre_checkout_query and has ten seconds to answer."""
    invoice = emulator.payments.get(key)
    if invoice is None or invoice["kind"] != "invoice" or invoice["bot"] != bot.id:
        raise bad_request("the invoice does not exist")
    if person.stars < invoice["amount"]:
        raise bad_request("not enough Stars")
    chat = emulator.world.private_chat(bot, person)
    query = open_query(emulator, bot, person, chat)
    query["invoice"] = invoice
    body = {
        "id": query["id"],
        "from": person.user(),
        "currency": "XTR",
        "total_amount": invoice["amount"],
        "invoice_payload": invoice["payload"],
    }
    emulator.inboxes.push(bot, "pre_checkout_query", body, chat.key)
    return query
