"""Questions about chats and their members, pins and reactions."""

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method, without_nesting
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.members import change, member

_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


async def get_chat(emulator: Emulator, call: Call) -> Json:
    """ChatFullInfo."""
    chat = emulator.chat_of(call)
    info: Json = {
        **emulator.world.chat_object(chat),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": _GIFTS,
    }
    if chat.username:
        info["active_usernames"] = [chat.username]
    if chat.description:
        info["description"] = chat.description
    if chat.pinned and chat.pinned[-1] in emulator.world.messages[chat.key]:
        info["pinned_message"] = without_nesting(emulator.world.messages[chat.key][chat.pinned[-1]])
    return info


async def get_chat_member(emulator: Emulator, call: Call) -> Json:
    """One member with the status."""
    chat = emulator.chat_of(call)
    user_id = call.integer("user_id")
    if chat.is_private:
        return member(emulator, user_id, "member")
    return member(emulator, user_id, chat.members.get(user_id, "left"))


async def get_chat_administrators(emulator: Emulator, call: Call) -> list[Json]:
    """Owner and administrators, other bots left out."""
    chat = emulator.chat_of(call)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    chosen = [(key, value) for key, value in chat.members.items() if value in ("creator", "administrator")]
    return [
        member(emulator, key, value) for key, value in chosen if key not in emulator.world.bots or key == call.bot.id
    ]


async def get_chat_member_count(emulator: Emulator, call: Call) -> int:
    """How many members."""
    chat = emulator.chat_of(call)
    return 2 if chat.is_private else sum(status not in ("left", "kicked") for status in chat.members.values())


async def leave_chat(emulator: Emulator, call: Call) -> bool:
    """The bot leaves a group."""
    chat = emulator.chat_of(call)
    if chat.is_private:
        raise bad_request("can't leave a private chat")
    emulator.service_message(chat, call.bot.user(), {"left_chat_member": call.bot.user()})
    change(emulator, chat, call.bot.id, "left", call.bot.user())
    return True


async def pin_chat_message(emulator: Emulator, call: Call) -> bool:
    """Pin a message; the chat gets a service message."""
    chat = emulator.chat_of(call)
    message = emulator.world.messages[chat.key].get(call.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    if message["message_id"] in chat.pinned:
        return True
    chat.pinned.append(message["message_id"])
    emulator.world.save(chat)
    emulator.service_message(chat, call.bot.user(), {"pinned_message": without_nesting(message)})
    return True


async def unpin_chat_message(emulator: Emulator, call: Call) -> bool:
    """Unpin one message, the last pinned when none is named."""
    chat = emulator.chat_of(call)
    wanted = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    emulator.world.save(chat)
    return True


async def unpin_all_chat_messages(emulator: Emulator, call: Call) -> bool:
    """Unpin everything."""
    chat = emulator.chat_of(call)
    chat.pinned.clear()
    emulator.world.save(chat)
    return True


async def set_message_reaction(emulator: Emulator, call: Call) -> bool:
    """The bot reacts to a message."""
    chat = emulator.chat_of(call)
    message_id = call.integer("message_id")
    if message_id not in emulator.world.messages[chat.key]:
        raise bad_request("message to react not found")
    reaction = call.array("reaction") or []
    emulator.hub.publish("reaction", chat=chat.key, message_id=message_id, by=call.bot.id, reaction=reaction)
    return True


async def get_user_profile_photos(emulator: Emulator, call: Call) -> Json:
    """People of the sandbox have no photos, only colours."""
    if call.integer("user_id") not in emulator.world.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
    "getUserProfilePhotos": get_user_profile_photos,
}
