"""Entities that the server finds by itself: links, mentions, hashtags, commands, e-mail addresses."""

import re

from kassa.sandbox.telegram.errors import Json

from .units import entity, utf16

_TOP_LEVEL = "com|org|net|ru|io|me|dev|app|ai|info|biz|co|su|xyz|pro|shop|online|store|site|tech|uk|de|fr|us|xn--p1ai"
_PATTERN = re.compile(
    r"(?P<email>(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}\b)"
    r"|(?P<url>(?:https?://|tg://|ton://)[^\s<>\"'«»]+[^\s<>\"'«».,:;!?)\]]"
    rf"|(?<![\w@./-])(?:(?:[^\W_]|-)+\.)+(?:{_TOP_LEVEL})\b(?:/[^\s<>\"'«»]*[^\s<>\"'«».,:;!?)\]])?)"
    r"|(?P<mention>(?<![\w@/])@[a-zA-Z]\w{2,31}\b)"
    r"|(?P<bot_command>(?<![\w/@<])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z]\w{2,31})?(?![\w/]))"
    r"|(?P<hashtag>(?<![\w#])\#\w*[^\W\d]\w*)"
    r"|(?P<cashtag>(?<![\w$])\$[A-Z]{1,8}(?![\w$]))",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[@/#$.]")
_CLOSED = {"code", "pre", "text_link", "text_mention", "url"}


def detect(text: str, entities: list[Json]) -> list[Json]:
    """Entities found in plain text, outside code and links."""
    if not _SIGNS.search(text):
        return []
    closed = [(item["offset"], item["offset"] + item["length"]) for item in entities if item["type"] in _CLOSED]
    found = []
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or "url"
        if kind == "cashtag" and not match.group()[1:].isupper():
            continue
        start = utf16(text[: match.start()])
        end = start + utf16(match.group())
        if not any(start < right and left < end for left, right in closed):
            found.append(entity(kind, start, end))
    return found
