"""What identity wants from outside: a way to send mail, and every module's part in a person's data."""

from dataclasses import dataclass
from typing import Protocol


class Mailer(Protocol):
    """Sends mail. Raises Unavailable `mail.unavailable` to be tried again, Invalid `mail.refused` when it is final."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is a server to send through."""
        ...

    async def send(self, to: str, subject: str, text: str, message_id: str) -> None:
        """Send one message; `message_id` is the same for every attempt."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """Where people reach this installation, for links in mail."""

    base_url: str
