"""An update in our own words.

Read from the raw JSON: a full model of every update costs more than handling a command does, and an update with a
field that nobody knew yet must not be lost.
"""

from typing import Any

from kassa.core.channels import (
    BotProfile,
    ChatKind,
    ChatStatus,
    Command,
    Incoming,
    Media,
    Migration,
    Other,
    Press,
    Reachability,
    Stop,
    Text,
    chat_of,
)
from kassa.core.identity import Person

MEDIA = ("photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation")


def parse(bot: BotProfile, update: dict[str, Any]) -> Incoming:
    """Understand one update of the Bot API 10.3."""
    update_id = int(update["update_id"])
    chat_id = chat_of(update)
    kind, body = next(((k, v) for k, v in update.items() if k != "update_id" and isinstance(v, dict)), ("", {}))
    message = body if kind == "message" else body.get("message") or {}
    chat = message.get("chat") or body.get("chat") or {}
    chat_kind = ChatKind.PRIVATE if chat.get("type", "private") == "private" else ChatKind.GROUP
    person = _person(body.get("from") or body.get("user"))
    match kind:
        case "message":
            event = _message(bot, body, chat_kind)
        case "callback_query":
            event = Press(
                str(body.get("data") or ""), str(body.get("id") or ""),
                message.get("message_id") if message.get("date") else None,
            )  # fmt: skip
        case "stopped_message_generation":
            event = Stop(int(body.get("draft_id") or 0))
            if person is None and chat_kind is ChatKind.PRIVATE:
                person = _person(chat)
        case "my_chat_member":
            event = _membership(body)
        case _:
            event = Other(kind)
    return Incoming(update_id, chat_id, chat_kind, person, event)


def _message(bot: BotProfile, message: dict[str, Any], chat_kind: ChatKind) -> Any:
    if isinstance(moved := message.get("migrate_to_chat_id"), int):
        return Migration(moved)
    text = message.get("text")
    message_id = int(message.get("message_id") or 0)
    if isinstance(text, str):
        return _text(bot, text, message, message_id, chat_kind)
    for kind in MEDIA:
        body = message.get(kind)
        if body:
            # A photo comes in several sizes, the largest last.
            largest = body[-1] if isinstance(body, list) else body
            return Media(
                kind, str(largest.get("file_id") or ""), str(message.get("caption") or ""), message_id,
                str(largest.get("file_name") or ""), str(message.get("media_group_id") or ""),
            )  # fmt: skip
    return Other("message")


def _text(bot: BotProfile, text: str, message: dict[str, Any], message_id: int, chat_kind: ChatKind) -> Any:
    mention = f"@{bot.username}".lower()
    if text.startswith("/"):
        head, _, argument = text[1:].partition(" ")
        name, _, addressed = head.partition("@")
        if addressed and addressed.lower() != bot.username.lower():
            return Other("command_for_another_bot")
        return Command(name.lower(), argument.strip())
    if chat_kind is ChatKind.PRIVATE:
        return Text(text, message_id)
    # In a group the bot answers only when it is spoken to.
    replied = (message.get("reply_to_message") or {}).get("from") or {}
    if mention in text.lower():
        begin = text.lower().index(mention)
        return Text((text[:begin] + text[begin + len(mention) :]).strip(), message_id)
    if replied.get("id") == bot.telegram_id:
        return Text(text, message_id)
    return Other("talk_of_others")


def _membership(body: dict[str, Any]) -> Reachability:
    status = (body.get("new_chat_member") or {}).get("status")
    gone = status in ("kicked", "left")
    return Reachability(ChatStatus.BLOCKED if gone else ChatStatus.ACTIVE)


def _person(user: Any) -> Person | None:
    if not isinstance(user, dict) or not isinstance(user.get("id"), int):
        return None
    return Person(
        user["id"], str(user.get("first_name") or ""), str(user.get("last_name") or ""),
        str(user.get("username") or ""), str(user.get("language_code") or ""),
    )  # fmt: skip
