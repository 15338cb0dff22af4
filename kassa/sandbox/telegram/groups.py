"""People in groups and channels: joining by a link, by a request, being added, leaving."""

from kassa.kit import clock
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.members import change, user_of
from kassa.sandbox.telegram.state import Chat, Person


def add_member(emulator: Emulator, chat: Chat, user_id: int, by: Person, *, as_administrator: bool = False) -> None:
    """Add a person or a bot; groups show it with a service message."""
    user = user_of(emulator, user_id)
    change(emulator, chat, user_id, "administrator" if as_administrator else "member", by.user())
    if chat.type != "channel":
        emulator.service_message(chat, by.user(), {"new_chat_members": [user]})


def remove_member(emulator: Emulator, chat: Chat, user_id: int, by: Json) -> None:
    """Somebody leaves by themselves or is removed by the owner."""
    if chat.type != "channel":
        emulator.service_message(chat, by, {"left_chat_member": user_of(emulator, user_id)})
    change(emulator, chat, user_id, "left" if by["id"] == user_id else "kicked", by)


def follow_invite(emulator: Emulator, person: Person, url: str) -> tuple[Chat, str]:
    """Open an invite link: the chat and what came of it ("joined", "requested" or "member")."""
    for chat in emulator.world.chats.values():
        link = chat.invite_links.get(url)
        if link is not None:
            return chat, _follow(emulator, person, chat, link)
    raise bad_request("the invite link is invalid or has expired")


def _follow(emulator: Emulator, person: Person, chat: Chat, link: Json) -> str:
    status = chat.members.get(person.id)
    if status in ("member", "administrator", "creator"):
        return "member"
    if status == "kicked" or not _is_usable(link, chat):
        raise bad_request("the invite link is invalid or has expired")
    if link["creates_join_request"]:
        _request(emulator, person, chat, link)
        return "requested"
    change(emulator, chat, person.id, "member", person.user(), invite_link=link)
    if chat.type != "channel":
        emulator.service_message(chat, person.user(), {"new_chat_members": [person.user()]})
    return "joined"


def _is_usable(link: Json, chat: Chat) -> bool:
    if link["is_revoked"] or 0 < int(link.get("expire_date", 0)) < clock.now().timestamp():
        return False
    limit = int(link.get("member_limit", 0))
    return not limit or sum(status == "member" for status in chat.members.values()) < limit


def _request(emulator: Emulator, person: Person, chat: Chat, link: Json | None) -> None:
    body: Json = {
        "chat": emulator.world.chat_object(chat),
        "from": person.user(),
        "user_chat_id": person.id,
        "date": int(clock.now().timestamp()),
    }
    if link is not None:
        body["invite_link"] = link
    chat.join_requests[str(person.id)] = body
    emulator.world.save(chat)
    for bot in emulator.bots_in(chat):
        if chat.members.get(bot.id) == "administrator":
            # A bot may write to somebody who asks to join, though they never wrote to it.
            emulator.world.private_chat(bot, person)
            emulator.inboxes.push(bot, "chat_join_request", body, chat.key)
    emulator.hub.publish("members", chat=chat.key)
