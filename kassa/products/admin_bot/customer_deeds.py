"""What staff do to a customer in a chat: each asks for a reason and a confirmation, and calls the panel's verb."""

import re
from datetime import timedelta
from typing import Any

from kassa.core import identity, ledger, policies
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Turn
from kassa.kit import clock
from kassa.kit.errors import Invalid

from . import customers, steps, words
from .staff import id_of
from .steps import Facts

_TOKENS = re.compile(r"(\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,13})(?:\s+(?:на|for)\s+(\d{1,4})(?:\s+\S+)?)?", re.IGNORECASE)
MAX_DAYS = 3650
BAN_DAYS = (1, 7, 30, 0)
"""For how long a ban is offered; 0 has no end."""


async def ban_command(turn: Turn, actor: Actor, argument: str) -> None:
    """/ban: whom; then as the card's button does."""
    actor.require(Permission.CUSTOMERS_BAN)
    if argument:
        await ban_found(turn, actor, {}, argument)
        return
    steps.ask(turn, "ban_search", turn.t("admin-ban-whom"))


async def ban_found(turn: Turn, actor: Actor, _step: Facts, text: str) -> None:
    """Whom the words mean: ask why, or show who is meant."""
    one = await customers.pick(turn, actor, text, "ban_search", "ban")
    if one is not None:
        await ban(turn, actor, one.id.hex)


async def ban(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask why a customer gets no more service."""
    actor.require(Permission.CUSTOMERS_BAN)
    await _ask_reason(turn, actor, "ban", argument)


async def unban(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask why a customer is served again."""
    actor.require(Permission.CUSTOMERS_BAN)
    await _ask_reason(turn, actor, "unban", argument)


async def sign_out(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask why a customer is signed out everywhere."""
    actor.require(Permission.CUSTOMERS_EDIT)
    await _ask_reason(turn, actor, "signout", argument)


async def give(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask how many tokens a customer gets."""
    await _ask_tokens(turn, actor, "give", argument)


async def take(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask how many tokens are taken from a customer."""
    await _ask_tokens(turn, actor, "take", argument)


async def tokens_given(turn: Turn, actor: Actor, step: Facts, text: str) -> None:
    """How many, and for how long; then why."""
    units, days = read_tokens(text)
    one = await identity.get_card(turn.session, actor, id_of(step["who"]))
    if step["verb"] == "take":
        available = (await ledger.balance(turn.session, actor.organization_id, one.id)).available
        if units > available:
            raise ledger.InsufficientFunds(available, 0, units)
    facts = {"who": step["who"], "verb": step["verb"], "units": units, "days": days or 0}
    steps.ask(turn, "reason", turn.t(f"admin-{step['verb']}-why", tokens=words.number(units, turn.locale)), **facts)


async def reason_given(turn: Turn, actor: Actor, step: Facts, text: str) -> None:
    """Why; then everything once more, and a button that does it."""
    verb, reason = step["verb"], steps.reason_of(text)
    one = await identity.get_card(turn.session, actor, id_of(step["who"]))
    facts = {name: step[name] for name in ("who", "verb", "units", "days") if name in step}
    what = turn.t(
        f"admin-{verb}-confirm", name=one.name or "—", number=str(one.number), reason=reason,
        tokens=words.number(step.get("units", 0), turn.locale), days=step.get("days", 0),
    )  # fmt: skip
    steps.confirm(turn, "customer", what, _ways(turn, verb), reason=reason, **facts)


async def done(turn: Turn, actor: Actor, pending: Facts) -> None:
    """Do what was confirmed, and say what became of it."""
    who, reason, verb = id_of(pending["who"]), pending["reason"], pending["verb"]
    session = turn.session
    facts: dict[str, Any] = {}
    match verb:
        case "ban":
            days = int(pending["way"])
            until = clock.now() + timedelta(days=days) if days else None
            await policies.block(session, actor, reason=reason, customer_id=who, until=until)
            facts["until"] = words.until(turn, until)
        case "unban":
            actor.require(Permission.CUSTOMERS_BAN)
            await policies.unblock_customer(session, actor, who, reason)
        case "signout":
            await identity.close_customer_sessions(session, actor, who, reason)
        case _:
            units = pending["units"] if verb == "give" else -pending["units"]
            left = await ledger.adjust(session, actor, who, units, reason, pending["key"], pending["days"] or None)
            facts["tokens"] = words.number(left.available, turn.locale)
    one = await identity.get_card(session, actor, who)
    turn.show(
        turn.t(f"admin-{verb}-done", name=one.name or "—", number=str(one.number), reason=reason, **facts),
        [[Button(turn.t("admin-button-customer"), f"adm:customer:{who.hex}")]],
    )


def read_tokens(text: str) -> tuple[int, int | None]:
    """ "10 000", "10000 на 30 дней": how many, and for how many days. Raises Invalid `admin_bot.tokens_invalid`."""
    found = _TOKENS.fullmatch(text.strip())
    if found is None:
        raise Invalid("admin_bot.tokens_invalid", "A number of tokens, and days when they shall lapse")
    units, days = int(re.sub(r"\D", "", found[1])), int(found[2]) if found[2] else None
    if not units or (days is not None and not 0 < days <= MAX_DAYS):
        raise Invalid("admin_bot.tokens_invalid", "A number of tokens, and days when they shall lapse")
    return units, days


def _ways(turn: Turn, verb: str) -> str | dict[str, str]:
    """The buttons that do it: a ban has one for each time that it may last."""
    if verb == "ban":
        return {str(days): turn.t("admin-ban-do", days=days) for days in BAN_DAYS}
    return turn.t(f"admin-{verb}-do")


async def _ask_tokens(turn: Turn, actor: Actor, verb: str, argument: str) -> None:
    actor.require(Permission.TOKENS_ADJUST)
    one = await identity.get_card(turn.session, actor, id_of(argument))
    balance = await ledger.balance(turn.session, actor.organization_id, one.id)
    text = turn.t(
        f"admin-{verb}", name=one.name or "—", number=str(one.number),
        tokens=words.number(balance.available, turn.locale),
    )  # fmt: skip
    steps.ask(turn, "tokens", text, verb=verb, who=argument)


async def _ask_reason(turn: Turn, actor: Actor, verb: str, argument: str) -> None:
    one = await identity.get_card(turn.session, actor, id_of(argument))
    text = turn.t(f"admin-{verb}", name=one.name or "—", number=str(one.number))
    steps.ask(turn, "reason", text, verb=verb, who=argument)
