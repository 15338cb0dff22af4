"""A refusal in people's words: what happened, and when to come back."""

from typing import Protocol

from kassa.core import i18n
from kassa.kit.errors import AppError


class Say(Protocol):
    """A text in the reader's language."""

    def __call__(self, key: str, **facts: object) -> str:
        """The text of a key."""
        ...


def is_refusal(error: AppError) -> bool:
    """Whether an error is an answer of ours."""
    return error.code.startswith("policies.")


def words(error: AppError, say: Say, locale: str) -> str | None:
    """What a chat answers to a refusal; None when it has answered in this window already and stays silent."""
    if error.facts.get("is_first") is False:
        return None
    reason = str(error.facts.get("reason", ""))
    facts: dict[str, object] = {}
    name = error.code.partition(".")[2]
    if name == "blocked":
        facts["reason"] = reason or say("policies-reason-by-rule")
        name = "blocked" if error.facts.get("retry_after_s") else "blocked_for_ever"
    elif name in ("denied", "words_found"):
        facts["reason"] = reason or say("policies-reason-unknown")
    elif name == "limit_reached" and error.facts.get("action") == "bot.command":
        name = "slow_down"
    if error.facts.get("retry_after_s"):
        facts["when"] = i18n.wait(int(error.facts["retry_after_s"]), locale)
    return say(f"policies-{name}", **facts)
