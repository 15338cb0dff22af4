"""One call of a bot: its parameters in whichever of Telegram's encodings they came."""

from dataclasses import dataclass, field
from typing import Any, cast

import orjson

from kassa.sandbox.telegram.errors import Json, bad_request
from kassa.sandbox.telegram.state import Bot


@dataclass(slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class Call:
    """A bot, a method and its parameters."""

    bot: Bot
    method: str
    params: Json
    uploads: dict[str, Upload] = field(default_factory=dict)
    is_lost: bool = False

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers become strings as on the real server."""
        value = self.params.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """An integer, 0 when it is not one (that is what the server does)."""
        value = self.params.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A boolean in any of the spellings that the server takes."""
        value = self.params.get(name)
        return value is True or str(value).lower() in ("true", "yes", "1")

    def json(self, name: str) -> Any:
        """A value that may be JSON in a string; None when it is absent."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def object(self, name: str) -> Json | None:
        """A JSON object or None."""
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return cast("Json | None", value)

    def array(self, name: str) -> list[Any] | None:
        """A JSON array or None."""
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"{name} must be an Array")
        return value

    def chat_id(self, name: str = "chat_id") -> int | str:
        """A chat's id or @username."""
        value = self.params.get(name)
        if value is None or value == "":
            raise bad_request(f"{name} is empty")
        if isinstance(value, int):
            return value
        value = str(value).strip()
        return int(value) if value.lstrip("-").isdigit() else value
