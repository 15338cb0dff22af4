"""What clients may send: each frame is checked before anything is done with it."""

from dataclasses import dataclass
from typing import Any

import orjson

from kassa.kit.errors import Invalid

from .limits import ID_LENGTH, KIND_LENGTH, STREAM_LENGTH

TYPES = ("hello", "subscribe", "unsubscribe", "post", "signal", "ping")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; fields that its type has no use for are empty."""

    type: str
    stream: str = ""
    after_seq: int | None = None
    id: str = ""
    kind: str = ""
    token: str = ""
    payload: dict[str, Any] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """What was sent along."""
        return self.payload or {}


def parse(text: str | None) -> Frame:
    """Understand a frame. Raises Invalid `live.malformed`."""
    if text is None:
        raise _malformed("Frames are text")
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _malformed("The frame is not valid JSON") from error
    if not isinstance(value, dict) or value.get("type") not in TYPES:
        raise _malformed(f"A frame is an object whose type is one of {', '.join(TYPES)}")
    payload, after = value.get("payload"), value.get("after_seq")
    if payload is not None and (not isinstance(payload, dict) or text.count("{") + text.count("[") > 1000):
        raise _malformed("payload is an object")
    if after is not None and (not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 1 << 53):
        raise _malformed("after_seq is a whole number")
    return Frame(
        value["type"], _text(value, "stream", STREAM_LENGTH), after, _text(value, "id", ID_LENGTH),
        _text(value, "kind", KIND_LENGTH), _text(value, "token", 4096), payload,
    )  # fmt: skip


def _text(value: dict[str, Any], name: str, longest: int) -> str:
    found = value.get(name, "")
    if not isinstance(found, str) or len(found) > longest or "\0" in found or "\n" in found:
        raise _malformed(f"{name} is a text of at most {longest} characters")
    return found


def _malformed(message: str) -> Invalid:
    return Invalid("live.malformed", message)
