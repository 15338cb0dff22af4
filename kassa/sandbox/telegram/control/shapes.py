"""How people, bots and chats look in the control API, and how they are found."""

from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request

from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.state import Bot, Chat, Person


def _emulator(request: Request) -> Emulator:
    return cast("Emulator", request.app.state.emulator)


Emu = Annotated[Emulator, Depends(_emulator)]


def person_or_404(emulator: Emulator, person_id: int) -> Person:
    """The person, or 404."""
    person = emulator.world.people.get(person_id)
    if person is None:
        raise HTTPException(404, "no such person")
    return person


def bot_or_404(emulator: Emulator, bot: int | str) -> Bot:
    """The bot with this id or username, or 404."""
    found = emulator.world.bots.get(int(bot)) if str(bot).isdigit() else emulator.world.bot_by_username(str(bot))
    if found is None:
        raise HTTPException(404, "no such bot")
    return found


def chat_or_404(emulator: Emulator, key: str) -> Chat:
    """The chat with this key; a private chat of a known bot and a known person is made. Or 404."""
    chat = emulator.world.chats.get(key)
    if chat is None and ":" in key:
        bot, _, person = key.partition(":")
        if bot.isdigit() and person.isdigit():
            chat = emulator.world.private_chat(bot_or_404(emulator, bot), person_or_404(emulator, int(person)))
    if chat is None:
        raise HTTPException(404, "no such chat")
    return chat


def person_shape(person: Person) -> Json:
    """A person."""
    return person.document()


def photo_url(request: Request, person: Person) -> str:
    """Where the picture of a person is; empty when they have none."""
    base = str(request.url).partition("/api/")[0]
    return f"{base}/api/people/{person.id}/photo.jpg" if person.has_photo else ""


def bot_shape(emulator: Emulator, bot: Bot) -> Json:
    """A bot with what its profile shows."""
    return {
        "id": bot.id,
        "token": bot.token,
        "name": bot.name,
        "username": bot.username,
        "privacy": bot.privacy,
        "texts": bot.texts,
        "commands": bot.commands,
        "menu_buttons": bot.menu_buttons,
        "main_app": bot.main_app,
        "apps": bot.apps,
        "webhook_url": bot.webhook.get("url", ""),
        "webhook_error": bot.webhook.get("last_error_message", ""),
        "pending_update_count": len(emulator.inboxes.of(bot.id).waiting),
    }


def chat_shape(emulator: Emulator, chat: Chat) -> Json:
    """A chat as a list shows it."""
    history = emulator.world.messages[chat.key]
    last = history[next(reversed(history))] if history else None
    return {
        "key": chat.key,
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "bot_id": chat.bot_id or None,
        "person_id": chat.id if chat.is_private else None,
        "blocked": chat.blocked,
        "members": [{"id": member, "status": status} for member, status in chat.members.items()],
        "join_requests": [int(person) for person in chat.join_requests],
        "invite_links": list(chat.invite_links),
        "migrated_to": chat.migrated_to or None,
        "pinned": chat.pinned,
        "keyboard": chat.keyboard,
        "last_message": last,
        "is_empty": last is None,
    }
