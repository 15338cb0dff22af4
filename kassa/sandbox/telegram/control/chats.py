"""Private chats, groups, channels, deep links."""

from typing import Literal
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from kassa.sandbox.telegram import mini_apps
from kassa.sandbox.telegram.actions import say
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.groups import add_member, follow_invite, remove_member
from kassa.sandbox.telegram.members import block, migrate
from kassa.sandbox.telegram.state import Chat

from .shapes import Emu, bot_or_404, chat_or_404, chat_shape, person_or_404


class NewGroup(BaseModel):
    """A group, supergroup or channel with its people and bots."""

    title: str = Field(min_length=1, max_length=128)
    owner: int
    type: Literal["group", "supergroup", "channel"] = "group"
    username: str = ""
    people: list[int] = []
    bots: list[int | str] = []
    bots_are_administrators: bool = False


class NewMember(BaseModel):
    """Somebody to add: a person's or a bot's id."""

    id: int
    as_administrator: bool = False


class Blocking(BaseModel):
    """Who blocks or unblocks a bot."""

    person: int


class DeepLink(BaseModel):
    """A link that a person opens; `press` also presses START."""

    person: int
    url: str
    press: bool = True


routes = APIRouter()


@routes.get("/chats")
async def list_chats(emulator: Emu, person: int | None = None, bot: int | None = None) -> list[Json]:
    return [chat_shape(emulator, chat) for chat in list(emulator.world.chats.values()) if _concerns(chat, person, bot)]


@routes.get("/chats/{key}")
async def one_chat(emulator: Emu, key: str) -> Json:
    return chat_shape(emulator, chat_or_404(emulator, key))


@routes.post("/groups", status_code=201)
async def create_group(emulator: Emu, new: NewGroup) -> Json:
    owner = person_or_404(emulator, new.owner)
    chat = emulator.world.add_group(new.title, owner, new.type)
    chat.username = new.username.lstrip("@")
    for bot in new.bots:
        found = bot_or_404(emulator, bot)
        add_member(emulator, chat, found.id, owner, as_administrator=new.bots_are_administrators)
    for person in new.people:
        if person != owner.id:
            add_member(emulator, chat, person_or_404(emulator, person).id, owner)
    emulator.world.save(chat)
    emulator.hub.publish("chat", chat=chat.key)
    return chat_shape(emulator, chat)


@routes.post("/groups/{key}/members", status_code=201)
async def add(emulator: Emu, key: str, new: NewMember) -> Json:
    chat = _group(emulator, key)
    add_member(emulator, chat, new.id, emulator.world.people[chat.owner_id], as_administrator=new.as_administrator)
    return chat_shape(emulator, chat)


@routes.delete("/groups/{key}/members/{user_id}")
async def remove(emulator: Emu, key: str, user_id: int, by_owner: bool = False) -> Json:
    chat = _group(emulator, key)
    leaver = emulator.world.people.get(user_id)
    by = emulator.world.people[chat.owner_id] if by_owner or leaver is None else leaver
    remove_member(emulator, chat, user_id, by.user())
    return chat_shape(emulator, chat)


@routes.post("/groups/{key}/migrate")
async def migrate_group(emulator: Emu, key: str) -> Json:
    return chat_shape(emulator, migrate(emulator, _group(emulator, key)))


@routes.post("/bots/{bot}/block")
async def block_bot(emulator: Emu, bot: str, who: Blocking) -> Json:
    return _block(emulator, bot, who, is_blocked=True)


@routes.post("/bots/{bot}/unblock")
async def unblock_bot(emulator: Emu, bot: str, who: Blocking) -> Json:
    return _block(emulator, bot, who, is_blocked=False)


def _block(emulator: Emulator, bot: str, who: Blocking, *, is_blocked: bool) -> Json:
    found = bot_or_404(emulator, bot)
    chat = emulator.world.private_chat(found, person_or_404(emulator, who.person))
    block(emulator, chat, found, is_blocked=is_blocked)
    return chat_shape(emulator, chat)


@routes.post("/deep-links")
async def open_link(emulator: Emu, link: DeepLink) -> Json:
    person = person_or_404(emulator, link.person)
    parts = urlsplit(link.url if "://" in link.url else f"https://{link.url}")
    name = parts.path.strip("/")
    app = mini_apps.read_link(emulator, link.url)
    if app is not None:
        shown = chat_shape(emulator, emulator.world.private_chat(app.bot, person))
        outcome = "app" if app.address else "no_app"
        return {"chat": shown, "outcome": outcome, "payload": app.start_param, "message": None}
    if name.startswith("+"):
        chat, outcome = follow_invite(emulator, person, link.url)
        return {"chat": chat_shape(emulator, chat), "outcome": outcome, "payload": "", "message": None}
    if name.startswith("$"):
        return {"chat": None, "outcome": "invoice", "payload": name[1:], "message": None}
    if parts.scheme == "tg":
        name = parse_qs(parts.query).get("domain", [""])[0]
    bot = emulator.world.bot_by_username(name)
    if bot is None:
        raise HTTPException(404, "no such bot")
    payload = parse_qs(parts.query).get("start", [""])[0]
    chat = emulator.world.private_chat(bot, person)
    message = say(emulator, person, chat, f"/start {payload}".strip()) if link.press else None
    return {"chat": chat_shape(emulator, chat), "outcome": "bot", "payload": payload, "message": message}


def _concerns(chat: Chat, person: int | None, bot: int | None) -> bool:
    if person is not None and not (chat.id == person or chat.members.get(person, "left") not in ("left", "kicked")):
        return False
    return bot is None or chat.bot_id == bot or bot in chat.members


def _group(emulator: Emulator, key: str) -> Chat:
    chat = chat_or_404(emulator, key)
    if chat.is_private:
        raise HTTPException(422, "this is a private chat")
    return chat
