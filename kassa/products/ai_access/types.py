"""A question's states and what pays for it."""

from dataclasses import dataclass
from enum import StrEnum


class RequestStatus(StrEnum):
    """Where a question stands. Everything but QUEUED and RUNNING is final."""

    QUEUED = "queued"
    RUNNING = "running"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"


OPEN = (RequestStatus.QUEUED.value, RequestStatus.RUNNING.value)


class Funding(StrEnum):
    """What pays for an answer."""

    TOKENS = "tokens"
    UNLIMITED = "unlimited"
    """A plan without token spending on text."""
    LIGHT_MODEL = "light_model"
    """The subscription's light model, free when its tokens are spent (BIL-4)."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a customer starts with (config/user_config.json)."""

    model: str = "chatgpt-4-omni-mini"
    has_history: bool = True
