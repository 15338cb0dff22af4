"""Our messages as Telegram takes them: text with entities, rich messages, keyboards, and parts that fit."""

import dataclasses
from collections.abc import Callable
from typing import Any

from telegramify_markdown import convert, richify, utf16_len

from kassa.core.channels import Button, Buttons, Format, Outgoing

MESSAGE_LIMIT = 4096
"""UTF-16 units of a plain message after its entities are parsed (core.telegram.org/bots/api#sendmessage)."""
RICH_LIMIT = 30_000
"""Characters of Markdown in one rich message: under the Bot API's 32,768, with room for markup it counts in."""
ACTION_LIMIT = 64


def text_and_entities(text: str, format: Format) -> tuple[str, list[dict[str, Any]]]:
    """Markdown as text and entities: nothing is left that a parser could refuse."""
    if format is Format.PLAIN:
        return text, []
    plain, entities = convert(text)
    return plain, [entity.to_dict() for entity in entities]


def rich(text: str) -> dict[str, Any]:
    """Markdown as a rich message."""
    return {"html": richify(text).html}


def keyboard(buttons: Buttons, app: Callable[[str], dict[str, Any] | None]) -> dict[str, Any] | None:
    """Buttons under a message; None when there are none. `app` says how a page of the customer's app is opened."""
    rows = []
    for row in buttons:
        made = [_button(button, app) for button in row]
        rows.append([button for button in made if button is not None])
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button, app: Callable[[str], dict[str, Any] | None]) -> dict[str, Any] | None:
    if button.app:
        opening = app(button.app)
        return {"text": button.text, **opening} if opening else None
    if button.url:
        return {"text": button.text, "url": button.url}
    if len(button.action.encode()) > ACTION_LIMIT:
        raise ValueError(f"a button's action is longer than {ACTION_LIMIT} bytes: {button.action}")
    return {"text": button.text, "callback_data": button.action}


def split(text: str, message: Outgoing) -> list[Outgoing]:
    """A text of any length as messages that fit. Buttons stay under the last one, an edit or a reply on the first."""
    limit = RICH_LIMIT if message.format is Format.RICH else MESSAGE_LIMIT - 96
    parts = list(split_markdown(text, limit)) or [text]
    made = []
    for number, part in enumerate(parts):
        made.append(
            dataclasses.replace(
                message,
                text=part,
                buttons=message.buttons if number == len(parts) - 1 else (),
                edit_message_id=message.edit_message_id if number == 0 else None,
                reply_to=message.reply_to if number == 0 else None,
            )
        )
    return made


def split_markdown(text: str, limit: int) -> list[str]:
    """Cut Markdown between paragraphs if it can be, between lines if not; a code block that is cut is closed and
    opened again, so that each part stands by itself. Lengths are in UTF-16 units, as Telegram counts."""
    parts: list[str] = []
    lines: list[str] = []
    size = 0
    fence = ""
    for line in _short_lines(text, limit - 16):
        length = utf16_len(line) + 1
        if size + length + len(fence) + 4 > limit and lines:
            cut = len(lines) if fence else _last_break(lines)
            parts.append("\n".join(lines[:cut]) + ("\n```" if fence else ""))
            lines = ([fence] if fence else []) + lines[cut:]
            size = sum(utf16_len(kept) + 1 for kept in lines)
        stripped = line.lstrip()
        if stripped.startswith("```"):
            fence = "" if fence else stripped
        lines.append(line)
        size += length
    if any(line.strip() for line in lines):
        parts.append("\n".join(lines))
    return [part.strip("\n") for part in parts if part.strip()]


def _short_lines(text: str, limit: int) -> list[str]:
    """Lines of the text, the longer ones cut at spaces."""
    result: list[str] = []
    for line in text.split("\n"):
        while utf16_len(line) > limit:
            cut = limit
            while utf16_len(line[:cut]) > limit:
                cut -= max(1, (utf16_len(line[:cut]) - limit + 1) // 2)
            space = line.rfind(" ", cut // 2, cut)
            cut = space if space > 0 else cut
            result.append(line[:cut])
            line = line[cut:].lstrip(" ")
        result.append(line)
    return result


def _last_break(lines: list[str]) -> int:
    """Where to cut: after the last empty line of the second half, so that a table or a list stays whole."""
    for index in range(len(lines) - 1, len(lines) // 2, -1):
        if not lines[index].strip():
            return index
    return len(lines)
