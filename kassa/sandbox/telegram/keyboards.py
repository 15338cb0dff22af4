"""Checks of reply_markup: what the server accepts as keyboards, and its errors."""

from urllib.parse import urlsplit

from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.state import Chat

_BUTTON_KINDS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
_SCHEMES = ("http", "https", "tg", "ton")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def inline_keyboard(markup: Json | None, chat: Chat) -> Json | None:
    """The inline keyboard of a markup as a message carries it, checked; None for other markups."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    checked = [[_inline_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > 100:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    _check_place(checked, chat)
    return {"inline_keyboard": checked} if checked else None


def _inline_button(button: Json) -> Json:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request(f'{prefix}Field "text" must be of type String')
    kinds = [kind for kind in _BUTTON_KINDS if button.get(kind) is not None and button.get(kind) is not False]
    if not kinds:
        raise bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard")
    if kinds[0] == "callback_data" and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if kinds[0] == "url":
        _check_url(str(button["url"]), "inline keyboard button URL")
    if kinds[0] == "web_app":
        check_app_url(str((button["web_app"] or {}).get("url", "")), "inline keyboard button Web App URL")
    return button


def _check_place(rows: list[list[Json]], chat: Chat) -> None:
    """Buttons with a Mini App are for private chats only."""
    if not chat.is_private and any("web_app" in button for row in rows for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")


def check_app_url(url: str, what: str) -> None:
    """The address of a Mini App: https; on this machine http too, for the sandbox alone."""
    _check_url(url, what)
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise bad_request(f"{what} '{url}' is invalid: Only HTTPS links are allowed")


def _check_url(url: str, what: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in _SCHEMES:
        raise bad_request(f"{what} '{url}' is invalid: Unsupported URL protocol")
    if not parts.netloc or " " in parts.netloc:
        raise bad_request(f"{what} '{url}' is invalid: Wrong HTTP URL")


def reply_keyboard(markup: Json | None, chat: Chat) -> Json | None:
    """A reply keyboard, its removal or a forced reply, checked; None for other markups."""
    if not markup or "inline_keyboard" in markup:
        return None
    if "keyboard" in markup:
        rows = [[_reply_button(button) for button in row] for row in markup["keyboard"] if row]
        if not rows:
            raise bad_request("reply keyboard is empty")
        _check_place(rows, chat)
        return {**markup, "keyboard": rows}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    if markup:
        raise bad_request("can't parse reply keyboard markup JSON object")
    return None


def _reply_button(button: Json | str) -> Json:
    if isinstance(button, str):
        return {"text": button}
    if not button.get("text"):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    if button.get("web_app"):
        check_app_url(str(button["web_app"].get("url", "")), "keyboard button Web App URL")
    return button
