"""Input in several steps: what the bot waits for, and what it will do once that is confirmed.

Both live in the chat's context. A command or another button ends what was begun; a confirmation works once.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kassa.core.access import Actor
from kassa.core.channels import Button, Conversation, Text, Turn
from kassa.kit.errors import Invalid

from .staff import acting

Facts = dict[str, Any]
Answer = Callable[[Turn, Actor, Facts, str], Awaitable[None]]
"""Takes what a member has written."""
Deed = Callable[[Turn, Actor, Facts], Awaitable[None]]
"""Does what was confirmed; `key` among the facts is the same for every try."""

ASKS, DOES = "admin_asks", "admin_does"
MAX_REASON = 250


def forget(turn: Turn) -> None:
    """Drop what was begun, here or by another module."""
    turn.app.get(Conversation).wait_no_more(turn)


def ask(turn: Turn, name: str, text: str, **facts: Any) -> None:
    """Wait for words; the answer of this name takes them, with the facts."""
    forget(turn)
    turn.remember(**{ASKS: {"name": name, **facts}})
    turn.say(text, [[cancel_button(turn)]])


def confirm(turn: Turn, name: str, text: str, ways: str | Mapping[str, str], **facts: Any) -> None:
    """Show what will be done and wait for the one press that does it.

    One button, or several by the `way` that the deed finds among its facts.
    """
    update = turn.incoming.update_id
    # The key is the question's, not the press's: two presses of one button are one deed.
    key = f"telegram:{turn.bot.id.hex}:{update}"
    named = {"": ways} if isinstance(ways, str) else ways
    forget(turn)
    turn.remember(**{DOES: {"name": name, "update": update, "key": key, "ways": list(named), **facts}})
    buttons = [Button(label, f"adm:do:{update}:{way}") for way, label in named.items()]
    turn.say(text, [*(buttons[at : at + 2] for at in range(0, len(buttons), 2)), [cancel_button(turn)]])


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises Invalid `admin_bot.reason_missing`, `admin_bot.reason_long`."""
    found = " ".join(text.split())
    if not found:
        raise Invalid("admin_bot.reason_missing", "A reason, please")
    if len(found) > MAX_REASON:
        raise Invalid("admin_bot.reason_long", "Shorter, please", limit=MAX_REASON)
    return found


def cancel_button(turn: Turn) -> Button:
    """The way out of every step."""
    return Button(turn.t("admin-button-cancel"), "adm:cancel")


def taking(answers: Mapping[str, Answer]) -> Callable[[Turn, Text], Awaitable[None]]:
    """The handler of words that were waited for."""

    async def take(turn: Turn, event: Text) -> None:
        step, actor = turn.context[ASKS], await acting(turn)
        if actor is None:
            turn.remember(**{ASKS: None})
            turn.say(turn.t("admin-no-access"))
            return
        await answers[step["name"]](turn, actor, step, event.text.strip())

    return take


async def remind(turn: Turn, _event: Text) -> None:
    """Words instead of the press: nothing is done, and the question stands."""
    turn.say(turn.t("admin-press-or-cancel"), [[cancel_button(turn)]])


def doing(deeds: Mapping[str, Deed]) -> Callable[[Turn, Actor, str], Awaitable[None]]:
    """The page behind a confirmation."""

    async def do(turn: Turn, actor: Actor, argument: str) -> None:
        pending, (update, _, way) = turn.context.get(DOES), argument.partition(":")
        if not pending or str(pending["update"]) != update or way not in pending["ways"]:
            turn.toast(turn.t("admin-not-again"))
            return
        turn.remember(**{DOES: None})
        await deeds[pending["name"]](turn, actor, {**pending, "way": way})

    return do


async def cancel(turn: Turn, _actor: Actor, _argument: str) -> None:
    """Drop what was begun and say so."""
    forget(turn)
    turn.show(turn.t("admin-cancelled"), [[Button(turn.t("admin-button-menu"), "adm:menu")]])
