"""Mini Apps: where they are opened from, and what they are started with."""

import re
import secrets
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

import orjson

from kassa.sandbox.telegram.actions import hash_of
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.init_data import query_id, web_app_user
from kassa.sandbox.telegram.state import Bot, Chat, Person
from kassa.sandbox.telegram.themes import THEMES

VERSION = "9.6"
_KEPT = 1000
_START_PARAM = re.compile(r"[A-Za-z0-9_-]{0,512}")

Place = Literal["menu", "inline", "keyboard", "link"]
"""What a person pressed: the bot's menu button, a button under a message, one of the reply keyboard, a t.me link."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One opened Mini App. `chat` is the chat that it was opened from, "" for none."""

    id: str
    bot: int
    person: int
    place: Place
    chat: str
    address: str
    start_param: str = ""
    button: str = ""
    mode: str = "compact"


@dataclass(frozen=True, slots=True)
class Link:
    """A t.me link that opens a Mini App; `name` is empty for the bot's main one."""

    bot: Bot
    name: str
    start_param: str
    mode: str

    @property
    def address(self) -> str:
        """Where the app is; empty when @BotFather was not told of it."""
        return str(self.bot.apps.get(self.name, "")) if self.name else self.bot.main_app


def read_link(emulator: Emulator, url: str) -> Link | None:
    """The Mini App that a link opens: t.me/<bot>/<app>, or t.me/<bot>?startapp; None for other links."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    asked = parse_qs(parts.query, keep_blank_values=True)
    words = [word for word in parts.path.split("/") if word]
    if parts.scheme == "tg":
        words = [asked.get("domain", [""])[0], *asked.get("appname", [])]
    if not words or words[0].startswith(("+", "$")) or (len(words) == 1 and "startapp" not in asked):
        return None
    bot = emulator.world.bot_by_username(words[0])
    if bot is None:
        return None
    mode = "compact" if asked.get("mode") == ["compact"] else "full"
    return Link(bot, words[1] if len(words) > 1 else "", asked.get("startapp", [""])[0], mode)


def from_menu(emulator: Emulator, bot: Bot, person: Person) -> Launch:
    """Press the button beside the input field."""
    buttons = bot.menu_buttons
    button = buttons.get(str(person.id)) or buttons.get("") or {}
    if button.get("type") != "web_app":
        raise bad_request("the bot has no menu button with a Mini App")
    chat = emulator.world.private_chat(bot, person)
    return Launch(_id(), bot.id, person.id, "menu", chat.key, button["web_app"]["url"], button=button["text"])


def from_button(emulator: Emulator, chat: Chat, person: Person, message_id: int, address: str) -> Launch:
    """Press a button with a Mini App: of a message, or (without a message's number) of the reply keyboard."""
    place: Place = "inline" if message_id else "keyboard"
    holder = emulator.world.messages[chat.key].get(message_id) if message_id else chat.keyboard
    found = _apps_in(holder)
    if address not in found:
        raise bad_request("there is no such button")
    return Launch(_id(), chat.bot_id, person.id, place, chat.key, address, button=found[address])


def _apps_in(value: Any) -> dict[str, str]:
    """Every Mini App inside a message or a keyboard, buttons in rich blocks included: the button's text by address."""
    if isinstance(value, list):
        return {address: text for item in value for address, text in _apps_in(item).items()}
    if not isinstance(value, dict):
        return {}
    app = value.get("web_app")
    own = {str(app["url"]): str(value.get("text", ""))} if isinstance(app, dict) and "url" in app else {}
    return own | {address: text for item in value.values() for address, text in _apps_in(item).items()}


def from_link(link: Link, person: Person, chat: Chat | None) -> Launch:
    """Follow a link."""
    if not link.address:
        raise bad_request("the bot has no such Mini App")
    if not _START_PARAM.fullmatch(link.start_param):
        raise bad_request("START_PARAM_INVALID")
    key = chat.key if chat else ""
    return Launch(_id(), link.bot.id, person.id, "link", key, link.address, link.start_param, mode=link.mode)


def open_app(emulator: Emulator, launch: Launch, theme: str, platform: str, photo_url: str) -> Json:
    """Remember a launch, and say what the phone needs to show it."""
    while len(emulator.launches) >= _KEPT:
        del emulator.launches[next(iter(emulator.launches))]
    emulator.launches[launch.id] = launch
    bot = emulator.world.bots[launch.bot]
    data = _init_data(emulator, launch, photo_url)
    params = {"tgWebAppData": data} if data else {}
    params |= {
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": platform,
        "tgWebAppThemeParams": orjson.dumps(THEMES[theme]).decode(),
    }
    return {
        "id": launch.id,
        "bot": bot.id,
        "title": bot.name,
        "place": launch.place,
        "mode": launch.mode,
        "url": _with_params(launch, params),
        "init_data": data,
        "start_param": launch.start_param,
        "version": VERSION,
        "platform": platform,
        "themes": THEMES,
    }


def _init_data(emulator: Emulator, launch: Launch, photo_url: str) -> str:
    """Apps of the reply keyboard get none: they answer with data instead (core.telegram.org/bots/webapps)."""
    if launch.place == "keyboard":
        return ""
    bot, person = emulator.world.bots[launch.bot], emulator.world.people[launch.person]
    private = emulator.world.chats.get(f"{bot.id}:{person.id}")
    user = web_app_user(person, photo_url, may_write=private is not None and not private.blocked)
    if launch.place != "link":
        return emulator.signer.init_data(bot, user, {"query_id": query_id()})
    chat = emulator.world.chats.get(launch.chat)
    extra = {
        "chat_instance": str(hash_of(f"{bot.id}{launch.chat}")),
        "chat_type": "sender" if chat is None or chat.is_private else chat.type,
    }
    if launch.start_param:
        extra["start_param"] = launch.start_param
    return emulator.signer.init_data(bot, user, extra)


def _with_params(launch: Launch, params: dict[str, str]) -> str:
    parts = urlsplit(launch.address)
    query = parts.query
    if launch.start_param:
        query += ("&" if query else "") + urlencode({"tgWebAppStartParam": launch.start_param})
    fragment = parts.fragment
    if fragment:
        fragment += "&" if "=" in fragment or "?" in fragment else "?"
    return urlunsplit(parts._replace(query=query, fragment=fragment + urlencode(params, quote_via=quote)))


def allow_writing(emulator: Emulator, launch: Launch) -> None:
    """The person lets the bot write: the chat is there, and the bot is told."""
    bot, person = emulator.world.bots[launch.bot], emulator.world.people[launch.person]
    chat = emulator.world.private_chat(bot, person)
    emulator.service_message(chat, person.user(), {"write_access_allowed": {"from_request": True}})


def send_data(emulator: Emulator, launch: Launch, data: str) -> Json:
    """What an app of the reply keyboard answers with; it closes after that."""
    if launch.place != "keyboard":
        raise bad_request("only an app that was opened from the reply keyboard sends data")
    if not data or len(data.encode()) > 4096:
        raise bad_request("WEB_APP_DATA_INVALID")
    person = emulator.world.people[launch.person]
    content = {"web_app_data": {"data": data, "button_text": launch.button}}
    return emulator.service_message(emulator.world.chats[launch.chat], person.user(), content)


def _id() -> str:
    return secrets.token_urlsafe(9)
