"""What the emulated Telegram consists of: people, bots, chats and drafts."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from kassa.sandbox.telegram.errors import Json

DEFAULT_UPDATES_EXCEPT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class _Document:
    """A state object that is kept as one JSON document."""

    def document(self) -> Json:
        """The JSON to keep; its keys are strings."""
        fields: Json = asdict(self)  # type: ignore[call-overload]
        for name in _INTEGER_KEYS & fields.keys():
            fields[name] = {str(key): item for key, item in fields[name].items()}
        return fields

    @classmethod
    def load(cls, document: Json) -> Self:
        """The object that `document` was made from; unknown fields of older versions are dropped."""
        known: dict[str, Any] = cls.__dataclass_fields__  # type: ignore[attr-defined]
        values = {name: value for name, value in document.items() if name in known}
        for name, value in values.items():
            if name in _INTEGER_KEYS:
                values[name] = {int(key): item for key, item in value.items()}
        return cls(**values)


_INTEGER_KEYS = frozenset({"members"})


@dataclass(slots=True)
class Person(_Document):
    """Somebody with a phone."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    color: str = "#3390ec"
    is_premium: bool = False
    is_deactivated: bool = False
    stars: int = 1000
    has_photo: bool = False

    def user(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        user["language_code"] = self.language_code
        if self.is_premium:
            user["is_premium"] = True
        return user


@dataclass(slots=True)
class Bot(_Document):
    """A bot with its token, its webhook and its counters."""

    id: int
    token: str
    name: str
    username: str
    privacy: bool = True
    next_message_id: int = 1
    next_update_id: int = 1
    allowed_updates: list[str] | None = None
    webhook: Json = field(default_factory=dict)
    texts: Json = field(default_factory=dict)
    commands: Json = field(default_factory=dict)
    menu_buttons: Json = field(default_factory=dict)
    administrator_rights: Json = field(default_factory=dict)
    main_app: str = ""
    apps: Json = field(default_factory=dict)

    def user(self) -> Json:
        """The Bot API's User, as it is seen in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass(slots=True)
class Chat(_Document):
    """A private chat of a person with a bot, or a group, a supergroup, a channel.

    `key` names it everywhere in the emulator: "<bot>:<person>" or the chat's id.
    """

    key: str
    id: int
    type: str
    bot_id: int = 0
    title: str = ""
    username: str = ""
    description: str = ""
    owner_id: int = 0
    members: dict[int, str] = field(default_factory=dict)
    next_message_id: int = 1
    migrated_to: int = 0
    blocked: bool = False
    pinned: list[int] = field(default_factory=list)
    keyboard: Json | None = None
    invite_links: Json = field(default_factory=dict)
    join_requests: Json = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it is a chat of one person with a bot."""
        return self.type == "private"


@dataclass(slots=True)
class Draft:
    """A message that is being generated; lives for a moment and in memory only."""

    id: int
    content: Json
    can_stop: bool
    keep_on_stop: bool
    expires_at: float
    is_stopped: bool = False

    def shown(self) -> Json:
        """What the phone shows."""
        return {"draft_id": self.id, "can_stop": self.can_stop and not self.is_stopped, **self.content}
