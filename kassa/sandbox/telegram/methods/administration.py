"""Managing groups and channels: bans, invite links, join requests, titles."""

import secrets

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.members import change, user_of
from kassa.sandbox.telegram.state import Chat


def _managed(emulator: Emulator, call: Call) -> Chat:
    chat = emulator.chat_of(call)
    if chat.is_private:
        raise bad_request("method is available only for groups and channels")
    if chat.members.get(call.bot.id) not in ("administrator", "creator"):
        raise bad_request("not enough rights")
    return chat


async def ban_chat_member(emulator: Emulator, call: Call) -> bool:
    """Remove somebody for good."""
    chat = _managed(emulator, call)
    user_id = call.integer("user_id")
    user = user_of(emulator, user_id)
    if chat.members.get(user_id) == "creator":
        raise bad_request("can't remove chat owner")
    if chat.members.get(user_id) == "administrator":
        raise bad_request("user is an administrator of the chat")
    if chat.members.get(user_id) in ("member", "restricted") and chat.type != "channel":
        emulator.service_message(chat, call.bot.user(), {"left_chat_member": user})
    change(emulator, chat, user_id, "kicked", call.bot.user())
    return True


async def unban_chat_member(emulator: Emulator, call: Call) -> bool:
    """Allow somebody back; a present member is removed unless only_if_banned."""
    chat = _managed(emulator, call)
    user_id = call.integer("user_id")
    status = chat.members.get(user_id)
    if status == "kicked" or (status == "member" and not call.flag("only_if_banned")):
        change(emulator, chat, user_id, "left", call.bot.user())
    return True


async def promote_chat_member(emulator: Emulator, call: Call) -> bool:
    """Make somebody an administrator, or a member again when every right is off."""
    chat = _managed(emulator, call)
    is_administrator = any(call.flag(name) for name in call.params if name.startswith("can_"))
    change(emulator, chat, call.integer("user_id"), "administrator" if is_administrator else "member", call.bot.user())
    return True


async def create_invite_link(emulator: Emulator, call: Call) -> Json:
    """A new invite link."""
    chat = _managed(emulator, call)
    joins = call.flag("creates_join_request")
    if joins and call.integer("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    link: Json = {
        "invite_link": f"https://t.me/+{secrets.token_urlsafe(12)}",
        "creator": call.bot.user(),
        "creates_join_request": joins,
        "is_primary": False,
        "is_revoked": False,
    }
    for name in ("name", "expire_date", "member_limit", "subscription_period", "subscription_price"):
        if call.params.get(name):
            link[name] = call.text(name) if name == "name" else call.integer(name)
    chat.invite_links[link["invite_link"]] = link
    emulator.world.save(chat)
    return link


async def export_invite_link(emulator: Emulator, call: Call) -> str:
    """A new primary link; the old one stops working."""
    chat = _managed(emulator, call)
    for link in chat.invite_links.values():
        if link["is_primary"]:
            link["is_revoked"] = True
    link = await create_invite_link(emulator, call)
    link["is_primary"] = True
    return str(link["invite_link"])


def _link(chat: Chat, call: Call) -> Json:
    link: Json | None = chat.invite_links.get(call.text("invite_link"))
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    return link


async def edit_invite_link(emulator: Emulator, call: Call) -> Json:
    """Another name, limit or date of a link."""
    chat = _managed(emulator, call)
    link = _link(chat, call)
    for name in ("name", "expire_date", "member_limit"):
        if name in call.params:
            link[name] = call.text(name) if name == "name" else call.integer(name)
    emulator.world.save(chat)
    return link


async def revoke_invite_link(emulator: Emulator, call: Call) -> Json:
    """The link stops working."""
    chat = _managed(emulator, call)
    link = _link(chat, call)
    link["is_revoked"] = True
    emulator.world.save(chat)
    return link


async def approve_join_request(emulator: Emulator, call: Call) -> bool:
    """Let somebody in who asked."""
    chat = _managed(emulator, call)
    request = _take_request(emulator, chat, call)
    facts = {"invite_link": request["invite_link"]} if request.get("invite_link") else {"via_join_request": True}
    change(emulator, chat, call.integer("user_id"), "member", call.bot.user(), **facts)
    return True


async def decline_join_request(emulator: Emulator, call: Call) -> bool:
    """Refuse somebody who asked."""
    _take_request(emulator, _managed(emulator, call), call)
    return True


def _take_request(emulator: Emulator, chat: Chat, call: Call) -> Json:
    user_id = call.integer("user_id")
    if chat.members.get(user_id) in ("member", "administrator", "creator"):
        raise bad_request("USER_ALREADY_PARTICIPANT")
    request: Json | None = chat.join_requests.pop(str(user_id), None)
    if request is None:
        raise bad_request("HIDE_REQUESTER_MISSING")
    emulator.world.save(chat)
    emulator.hub.publish("members", chat=chat.key)
    return request


async def set_chat_title(emulator: Emulator, call: Call) -> bool:
    """Another title; the chat gets a service message."""
    chat = _managed(emulator, call)
    title = call.text("title").strip()
    if not 1 <= len(title) <= 128:
        raise bad_request("chat title is invalid")
    chat.title = title
    emulator.world.save(chat)
    emulator.service_message(chat, call.bot.user(), {"new_chat_title": title})
    return True


async def set_chat_description(emulator: Emulator, call: Call) -> bool:
    """Another description."""
    chat = _managed(emulator, call)
    chat.description = call.text("description")
    emulator.world.save(chat)
    return True


METHODS: dict[str, Method] = {
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "promoteChatMember": promote_chat_member,
    "createChatInviteLink": create_invite_link,
    "createChatSubscriptionInviteLink": create_invite_link,
    "exportChatInviteLink": export_invite_link,
    "editChatInviteLink": edit_invite_link,
    "revokeChatInviteLink": revoke_invite_link,
    "approveChatJoinRequest": approve_join_request,
    "declineChatJoinRequest": decline_join_request,
    "setChatTitle": set_chat_title,
    "setChatDescription": set_chat_description,
}
