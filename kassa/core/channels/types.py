"""What comes in and goes out of a chat, in our own words: no channel's library is named here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from kassa.core.identity import Person

from .customer_app import PATH


class BotKind(StrEnum):
    """Where a bot lives: in Telegram and on the web, or on the web only."""

    TELEGRAM = "telegram"
    SITE = "site"


FIRST_WEB_CHAT = 1 << 60
"""A chat's number tells its channel: Telegram promises ids of at most 52 bits, so those from here on are the web's."""


def is_web(chat_id: int) -> bool:
    """Whether a chat is on the web."""
    return chat_id >= FIRST_WEB_CHAT


def web_chat_of(customer_number: int) -> int:
    """The web chat of a customer; they have one with each bot."""
    return FIRST_WEB_CHAT + customer_number


class ChatKind(StrEnum):
    """A conversation with one person, or with several."""

    PRIVATE = "private"
    GROUP = "group"


class ChatStatus(StrEnum):
    """Whether the bot can write there."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    MIGRATED = "migrated"


@dataclass(frozen=True, slots=True)
class Command:
    """/name with what followed it."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A plain message to the bot."""

    text: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: its action, and the message it stands under."""

    action: str
    press_id: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Stop:
    """The customer stopped a streamed answer."""

    draft_id: int


@dataclass(frozen=True, slots=True)
class Media:
    """A message with files. They are ours (`file_ids`), or the channel still has them under a handle of its own.

    `album` is the same for files that were sent together but come one by one.
    """

    kind: str
    file_ref: str
    caption: str
    message_id: int
    name: str = ""
    album: str = ""
    file_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Reachability:
    """The bot was blocked or unblocked, added or removed."""

    status: ChatStatus


@dataclass(frozen=True, slots=True)
class Migration:
    """A group became a supergroup with another id."""

    to_chat_id: int


@dataclass(frozen=True, slots=True)
class Other:
    """Something the products have no use for."""

    kind: str


Event = Command | Text | Press | Stop | Media | Reachability | Migration | Other


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, understood."""

    update_id: int
    chat_id: int
    chat_kind: ChatKind
    person: Person | None
    event: Event
    customer_id: UUID | None = None
    """Who it is, where the channel knows our customers by themselves."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: an action that comes back, a link, or a page of the customer's app ("/" is its first).

    Each channel opens the app in its own way, and leaves the button out where it cannot.
    """

    text: str
    action: str = ""
    url: str = ""
    app: str = ""

    def __post_init__(self) -> None:
        if not PATH.fullmatch(self.app):
            raise ValueError(f"a button's page of the app is words of letters, digits and dashes: {self.app}")


Buttons = Sequence[Sequence[Button]]


class Format(StrEnum):
    """How the text of a message is written."""

    MARKDOWN = "markdown"
    RICH = "rich"
    """Markdown with tables, formulas and headings, up to 32,768 characters where the channel can show it."""
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to a chat. With `edit_message_id` it replaces an earlier one."""

    text: str
    buttons: Buttons = ()
    format: Format = Format.MARKDOWN
    edit_message_id: int | None = None
    reply_to: int | None = None
    picture: str = ""
    """Where a picture lies in `files.Storage`. The text stands below it, in at most 1,024 characters; a channel that
    shows no pictures sends the text alone."""

    def to_json(self) -> dict[str, Any]:
        """As it is stored until it is sent."""
        return {
            "text": self.text,
            "buttons": [
                [{"text": b.text, "action": b.action, "url": b.url, "app": b.app} for b in row] for row in self.buttons
            ],
            "format": self.format.value,
            "edit_message_id": self.edit_message_id,
            "reply_to": self.reply_to,
            "picture": self.picture,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Outgoing":
        """Back from the store."""
        return cls(
            stored["text"],
            [[Button(b["text"], b["action"], b["url"], b.get("app", "")) for b in row] for row in stored["buttons"]],
            Format(stored["format"]),
            stored.get("edit_message_id"),
            stored.get("reply_to"),
            stored.get("picture", ""),
        )


@dataclass(frozen=True, slots=True)
class BotProfile:
    """A bot as handlers and senders see it: its token is decrypted, never logged (repr leaves it out).

    A site has no Telegram id (0) and a token that nobody knows.
    """

    id: UUID
    organization_id: UUID
    telegram_id: int
    username: str
    name: str
    token: str = field(repr=False)
    default_locale: str
    locales: tuple[str, ...]
    plans: tuple[str, ...] | None
    models: tuple[str, ...] | None
    overrides: dict[str, str] = field(repr=False)
    kind: BotKind = BotKind.TELEGRAM

    def sells(self, plan: str) -> bool:
        """Whether the bot offers this plan."""
        return self.plans is None or plan in self.plans

    def offers(self, model: str) -> bool:
        """Whether the bot offers this model."""
        return self.models is None or model in self.models


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that a channel had: a name as people see it, and its bytes."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Transport:
    """How updates come: by webhook to `public_url`, or by polling when that is False."""

    is_webhook: bool
    public_url: str
