"""Organizations, people and customers as they leave the module."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kassa.kit.events import Event


@dataclass(frozen=True, slots=True)
class Organization:
    """The business that owns bots and customers."""

    id: UUID
    slug: str
    name: str
    default_locale: str


@dataclass(frozen=True, slots=True)
class Person:
    """What a channel tells about a person."""

    telegram_id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    photo_url: str = ""


@dataclass(frozen=True, slots=True)
class PhotoChanged(Event):
    """Telegram has told where a customer's picture is."""

    name: ClassVar[str] = "identity.photo_changed"

    organization_id: str
    customer_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who buys. `locale` is their own choice; None follows their Telegram's language."""

    id: UUID
    number: int
    organization_id: UUID
    telegram_id: int | None
    name: str
    locale: str | None
    language: str
    created_at: datetime
    is_guest: bool = False
    """A visitor of a web page who has not told who they are."""
