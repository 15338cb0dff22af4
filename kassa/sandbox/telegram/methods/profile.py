"""What a bot says about itself: commands, name, descriptions, the menu button."""

import re

from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.keyboards import check_app_url

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat", "chat_administrators",
    "chat_member",
}  # fmt: skip


def commands_key(scope: Json | None, language: str) -> str:
    """Where a list of commands is kept."""
    scope = scope or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return "/".join(str(scope.get(name, "")) for name in ("type", "chat_id", "user_id")) + f"/{language}"


async def set_my_commands(emulator: Emulator, call: Call) -> bool:
    """Commands of a scope in a language."""
    commands = call.array("commands")
    if commands is None:
        raise bad_request("commands are not specified")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).lstrip("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    key = commands_key(call.object("scope"), call.text("language_code"))
    call.bot.commands[key] = [
        {"command": item["command"].lstrip("/"), "description": item["description"]} for item in commands
    ]
    _changed(emulator, call)
    return True


async def get_my_commands(emulator: Emulator, call: Call) -> list[Json]:
    """Commands of exactly this scope and language."""
    found: list[Json] = call.bot.commands.get(commands_key(call.object("scope"), call.text("language_code")), [])
    return found


async def delete_my_commands(emulator: Emulator, call: Call) -> bool:
    """Back to the commands of the wider scope."""
    call.bot.commands.pop(commands_key(call.object("scope"), call.text("language_code")), None)
    _changed(emulator, call)
    return True


def _changed(emulator: Emulator, call: Call) -> None:
    emulator.world.save(call.bot)
    emulator.hub.publish("bot", bot=call.bot.id)


def _setter(name: str, limit: int) -> Method:
    async def set_text(emulator: Emulator, call: Call) -> bool:
        value = call.text(name)
        if len(value) > limit:
            raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
        language = call.text("language_code")
        call.bot.texts[f"{name}/{language}"] = value
        if name == "name" and not language and value:
            call.bot.name = value
        _changed(emulator, call)
        return True

    return set_text


def _getter(name: str) -> Method:
    async def get_text(emulator: Emulator, call: Call) -> Json:
        texts = call.bot.texts
        value = texts.get(f"{name}/{call.text('language_code')}") or texts.get(f"{name}/") or ""
        return {name: value or (call.bot.name if name == "name" else "")}

    return get_text


async def set_chat_menu_button(emulator: Emulator, call: Call) -> bool:
    """The button left of the input field, for one chat or for all."""
    button = call.object("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse MenuButton: Unsupported type specified")
    if button["type"] == "web_app":
        if not str(button.get("text") or "").strip():
            raise bad_request('can\'t parse MenuButton: Field "text" must be of type String')
        check_app_url(str((button.get("web_app") or {}).get("url", "")), "menu button Web App URL")
    call.bot.menu_buttons[call.text("chat_id")] = button
    _changed(emulator, call)
    return True


async def get_chat_menu_button(emulator: Emulator, call: Call) -> Json:
    """The button that a chat has."""
    buttons = call.bot.menu_buttons
    button: Json = buttons.get(call.text("chat_id")) or buttons.get("") or {"type": "commands"}
    return button


async def set_default_rights(emulator: Emulator, call: Call) -> bool:
    """Rights that are proposed when the bot becomes an administrator."""
    call.bot.administrator_rights["channel" if call.flag("for_channels") else "group"] = call.object("rights") or {}
    _changed(emulator, call)
    return True


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setMyDefaultAdministratorRights": set_default_rights,
}
