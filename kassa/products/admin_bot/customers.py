"""Customers in a chat: found and shown."""

from kassa.core import billing, channels, i18n, identity, ledger, policies, usage
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Turn
from kassa.core.i18n import Markup
from kassa.core.identity import CustomerCard

from . import steps, words
from .sales import sale_line
from .staff import id_of
from .steps import Facts

FOUND_MOST = 8
GRANTS_MOST = 5
ORDERS_MOST = 3


async def search(turn: Turn, actor: Actor, argument: str) -> None:
    """Ask for words, or look at once when there are some."""
    actor.require(Permission.CUSTOMERS_VIEW)
    if argument:
        await searched(turn, actor, {}, argument)
        return
    steps.ask(turn, "search", turn.t("admin-search"))


async def searched(turn: Turn, actor: Actor, _step: Facts, text: str) -> None:
    """What a search found: the card of the only one, or a list."""
    one = await pick(turn, actor, text, "search", "customer")
    if one is not None:
        await show_card(turn, actor, one)


async def pick(turn: Turn, actor: Actor, text: str, again: str, then: str) -> CustomerCard | None:
    """The only customer that the words find. Otherwise None: a list is shown whose buttons lead to `then`, or other
    words are asked for, which the answer `again` takes."""
    wanted = text.lstrip("#№ ")
    cards = await identity.find_customers(turn.session, actor, wanted, FOUND_MOST + 1)
    if not cards:
        steps.ask(turn, again, turn.t("admin-search-nothing", words=text[:60]))
        return None
    steps.forget(turn)
    exact = [card for card in cards if wanted in (str(card.number), str(card.telegram_id))]
    if len(cards) == 1 or len(exact) == 1:
        return (exact or cards)[0]
    buttons = [[Button(_line(card), f"adm:{then}:{card.id.hex}")] for card in cards[:FOUND_MOST]]
    key = "admin-search-found-many" if len(cards) > FOUND_MOST else "admin-search-found"
    turn.say(turn.t(key, words=text[:60], count=FOUND_MOST), [*buttons, [steps.cancel_button(turn)]])
    return None


async def card(turn: Turn, actor: Actor, argument: str) -> None:
    """Everything about one customer, and what can be done."""
    await show_card(turn, actor, await identity.get_card(turn.session, actor, id_of(argument)))


async def show_card(turn: Turn, actor: Actor, one: CustomerCard) -> None:
    """The card, with the buttons that the member's role has."""
    parts = [
        await _who(turn, actor, one),
        await _balance(turn, one),
        await _orders(turn, actor, one) if actor.may(Permission.PAYMENTS_VIEW) else "",
        await _facts(turn, actor, one),
        _panel(turn, one),
    ]
    blocks = await policies.live_blocks(turn.session, actor.organization_id, one.id)
    turn.show("\n\n".join(part for part in parts if part), _buttons(turn, actor, one, is_banned=bool(blocks)))


async def _who(turn: Turn, actor: Actor, one: CustomerCard) -> str:
    lines = [turn.t("admin-customer", name=one.name or "—", number=str(one.number))]
    known = [f"@{one.username}" if one.username else "", str(one.telegram_id or ""), one.email or ""]
    contacts = " · ".join(part for part in known if part)
    if contacts:
        lines.append(turn.t("admin-customer-contacts", contacts=contacts))
    if one.erased_at:
        lines.append(turn.t("admin-customer-erased"))
    for block in await policies.live_blocks(turn.session, actor.organization_id, one.id):
        until = words.until(turn, block.until)
        lines.append(turn.t("admin-customer-banned", reason=block.reason or block.rule, until=until))
    if one.note:
        lines.append(turn.t("admin-customer-note", note=one.note[:300]))
    return "\n".join(lines)


async def _balance(turn: Turn, one: CustomerCard) -> str:
    found = await ledger.balance(turn.session, turn.bot.organization_id, one.id)
    lines = [turn.t("admin-customer-balance", tokens=words.number(found.available, turn.locale))]
    if found.held:
        lines.append(turn.t("admin-customer-held", tokens=words.number(found.held, turn.locale)))
    for grant in found.grants[:GRANTS_MOST]:
        left, until = words.number(grant.remaining, turn.locale), words.until(turn, grant.expires_at)
        lines.append(turn.t("admin-customer-grant", tokens=left, until=until))
    if len(found.grants) > GRANTS_MOST:
        lines.append(turn.t("admin-customer-grants-more", count=len(found.grants) - GRANTS_MOST))
    return "\n".join(lines)


async def _orders(turn: Turn, actor: Actor, one: CustomerCard) -> str:
    spent = {money.asset: money.units for money in await billing.sales.spent_by(turn.session, one.id)}
    lines = [turn.t("admin-customer-spent", amount=words.sums(spent, turn.locale))]
    found = await billing.sales.latest_sales(turn.session, actor, ORDERS_MOST, customer_id=one.id)
    lines += [f"• {sale_line(turn, sale)}" for sale in found]
    return "\n".join(lines)


async def _facts(turn: Turn, actor: Actor, one: CustomerCard) -> str:
    level = turn.app.get(billing.Levels).find(one.level)
    asked = await usage.last_request_at(turn.session, one.id)
    seen = max((moment for moment in (asked, one.seen_at) if moment), default=None)
    bots = (
        await channels.bots_with_chat(turn.session, actor.organization_id, one.telegram_id) if one.telegram_id else []
    )
    return turn.t(
        "admin-customer-facts", level=level.name(turn.locale) if level else "—", seen=words.ago(turn, seen),
        since=Markup(i18n.date(one.created_at, turn.locale)), language=words.language(one.locale, turn.locale),
        bots=", ".join(f"@{name}" for name in bots) or "—",
    )  # fmt: skip


def _panel(turn: Turn, one: CustomerCard) -> str:
    base = turn.app.get(identity.Site).base_url
    return turn.t(
        "admin-customer-panel", card=Markup(f"{base}/admin/customers/{one.id}"),
        dialogs=Markup(f"{base}/admin/customers/{one.id}?tab=dialogs"),
    )  # fmt: skip


def _buttons(turn: Turn, actor: Actor, one: CustomerCard, *, is_banned: bool) -> list[list[Button]]:
    who = one.id.hex
    rows: list[list[Button]] = []
    if one.erased_at is None:
        if actor.may(Permission.TOKENS_ADJUST):
            rows.append([
                Button(turn.t("admin-button-give-tokens"), f"adm:give:{who}"),
                Button(turn.t("admin-button-take-tokens"), f"adm:take:{who}"),
            ])  # fmt: skip
        if actor.may(Permission.CUSTOMERS_BAN):
            key, page = ("admin-button-unban", "unban") if is_banned else ("admin-button-ban", "ban")
            rows.append([Button(turn.t(key), f"adm:{page}:{who}")])
        if actor.may(Permission.CUSTOMERS_EDIT):
            rows.append([Button(turn.t("admin-button-sign-out"), f"adm:signout:{who}")])
    if actor.may(Permission.PAYMENTS_VIEW):
        rows.append([Button(turn.t("admin-button-orders"), f"adm:bought:{who}")])
    return [
        *rows,
        [Button(turn.t("admin-button-search"), "adm:search"), Button(turn.t("admin-button-menu"), "adm:menu")],
    ]


def _line(card: CustomerCard) -> str:
    known = f"@{card.username}" if card.username else card.email or str(card.telegram_id or "")
    return " · ".join(part for part in (card.name or "—", f"№ {card.number}", known) if part)
