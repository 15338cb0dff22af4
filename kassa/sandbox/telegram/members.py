"""Who is in a chat, and the updates that a change of it makes."""

from kassa.kit import clock
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.state import Bot, Chat

_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_pin_messages", "can_send_welcome_messages",
)  # fmt: skip


def user_of(emulator: Emulator, user_id: int) -> Json:
    """The User with this id, a person or a bot; refuses unknown ids."""
    known = emulator.world.people.get(user_id) or emulator.world.bots.get(user_id)
    if known is None:
        raise bad_request("user not found")
    return known.user()


def member(emulator: Emulator, user_id: int, status: str) -> Json:
    """The ChatMember for a status."""
    facts: Json = {"status": status, "user": user_of(emulator, user_id)}
    match status:
        case "creator":
            facts["is_anonymous"] = False
        case "administrator":
            facts |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_RIGHTS, True)
        case "kicked":
            facts["until_date"] = 0
    return facts


def change(emulator: Emulator, chat: Chat, user_id: int, status: str, by: Json, **facts: object) -> None:
    """Give somebody another status in a group or a channel, and tell the bots about it."""
    old = chat.members.get(user_id, "left")
    if old == status:
        return
    chat.members[user_id] = status
    emulator.world.save(chat)
    body: Json = {
        "chat": emulator.world.chat_object(chat),
        "from": by,
        "date": int(clock.now().timestamp()),
        "old_chat_member": member(emulator, user_id, old),
        "new_chat_member": member(emulator, user_id, status),
        **facts,
    }
    if user_id in emulator.world.bots:
        emulator.inboxes.push(emulator.world.bots[user_id], "my_chat_member", body, chat.key)
    for bot in emulator.bots_in(chat):
        if bot.id != user_id and chat.members.get(bot.id) == "administrator":
            emulator.inboxes.push(bot, "chat_member", body, chat.key)
    emulator.hub.publish("members", chat=chat.key)


def block(emulator: Emulator, chat: Chat, bot: Bot, *, is_blocked: bool) -> None:
    """A person blocks the bot or unblocks it; the bot gets my_chat_member."""
    if chat.blocked == is_blocked:
        return
    chat.blocked = is_blocked
    emulator.world.save(chat)
    old, new = ("member", "kicked") if is_blocked else ("kicked", "member")
    body = {
        "chat": emulator.world.chat_object(chat),
        "from": emulator.world.people[chat.id].user(),
        "date": int(clock.now().timestamp()),
        "old_chat_member": member(emulator, bot.id, old),
        "new_chat_member": member(emulator, bot.id, new),
    }
    emulator.inboxes.push(bot, "my_chat_member", body, chat.key)
    emulator.hub.publish("chat", chat=chat.key)


def migrate(emulator: Emulator, chat: Chat) -> Chat:
    """The group becomes a supergroup with another id; both get their service message."""
    if chat.type != "group" or chat.migrated_to:
        raise bad_request("only a group that was not upgraded can become a supergroup")
    owner = emulator.world.people[chat.owner_id]
    new = emulator.world.add_group(chat.title, owner, "supergroup")
    new.members = dict(chat.members)
    emulator.service_message(chat, owner.user(), {"migrate_to_chat_id": new.id})
    chat.migrated_to = new.id
    emulator.service_message(new, owner.user(), {"migrate_from_chat_id": chat.id})
    emulator.world.save(chat)
    emulator.world.save(new)
    emulator.hub.publish("chat", chat=chat.key)
    emulator.hub.publish("chat", chat=new.key)
    return new
