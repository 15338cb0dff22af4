"""Buying and balance in a chat."""

from typing import Any

from kassa.core import channels, i18n, identity, ledger
from kassa.core.channels import Button, Press, Turn
from kassa.core.policies import Policies
from kassa.kit.money import Money

from . import orders, plans
from .jobs import Providers
from .levels import Levels, Perks, perks_of
from .types import OrderStatus, Plan, PlanKind

_ORDER = (PlanKind.SUBSCRIPTION, PlanKind.TOKENS, PlanKind.UNLIMITED, PlanKind.API)
_STATUS_SIGNS = {
    OrderStatus.PENDING: "⏳", OrderStatus.PAID: "✅", OrderStatus.FAILED: "✖️", OrderStatus.REFUNDED: "↩️",
    OrderStatus.PARTIALLY_REFUNDED: "↩️",
}  # fmt: skip


async def buy(turn: Turn, argument: str) -> None:
    """/buy: what is for sale here, a button each."""
    on_sale = [
        plan
        for plan in await plans.visible_plans(turn.session, turn.app.get(Policies), turn.subject())
        if turn.bot.sells(plan.slug) and plan.terms.kind in _ORDER and _ways(turn, plan)
    ]
    if not on_sale:
        turn.show(turn.t("billing-nothing-for-sale"))
        return
    on_sale.sort(key=lambda plan: _ORDER.index(plan.terms.kind))
    perks = await _perks(turn)
    buttons = [[Button(f"{_short(turn, plan)} — {_price(turn, plan, perks)}", f"plan:{plan.slug}")] for plan in on_sale]
    turn.show(turn.t("billing-buy"), buttons)


async def plan_card(turn: Turn, slug: str) -> None:
    """A plan before paying: what it gives, for how long, what it costs."""
    plan = await plans.get_plan(turn.session, turn.bot.organization_id, slug)
    ways = _ways(turn, plan)
    if not turn.bot.sells(slug) or not ways:
        turn.toast(turn.t("channels-button-outdated"))
        return
    terms, perks = plan.terms, await _perks(turn)
    facts: dict[str, Any] = {
        "name": terms.name(turn.locale), "price": _price(turn, plan, perks), "days": terms.days or 0,
        "tokens": i18n.number(terms.tokens, turn.locale), **_quota(turn, plan),
    }  # fmt: skip
    key = {
        PlanKind.SUBSCRIPTION: "billing-plan-subscription",
        PlanKind.TOKENS: "billing-plan-tokens",
        PlanKind.UNLIMITED: "billing-plan-unlimited",
        PlanKind.API: "billing-plan-api",
    }[terms.kind]
    buttons = []
    for provider, asset in ways:
        text = turn.t("billing-button-pay", price=i18n.Markup(_money(turn, plan, asset, perks)))
        buttons.append([Button(text, f"pay:{slug}:{provider}" if len(ways) > 1 else f"pay:{slug}")])
    text = turn.t(key, **facts)
    bonus = i18n.number(perks.bonus(terms.tokens), turn.locale)
    if perks.discount_percent:
        text += "\n\n" + turn.t("billing-level-discount", percent=perks.discount_percent)
    if perks.bonus(terms.tokens):
        text += "\n\n" + turn.t("billing-level-bonus", tokens=bonus)
    turn.show(text, [*buttons, [Button(turn.t("billing-button-back"), "buy:")]])


async def pay(turn: Turn, argument: str) -> None:
    """Place the order; the payment page's link replaces this message when the provider has opened it."""
    slug, _, provider = argument.partition(":")
    event = turn.incoming.event
    if not isinstance(event, Press) or not turn.bot.sells(slug):
        turn.toast(turn.t("channels-button-outdated"))
        return
    # With one way to pay the button does not name it.
    provider = provider or next(iter(turn.app.get(Providers).by_name), "")
    order, _ = await orders.place_order(
        turn.session, turn.actor, slug, provider, turn.app.get(Providers).assets_of(provider),
        # Telegram may deliver one press twice, and people press twice: one press, one order.
        idempotency_key=f"press:{event.press_id}", return_url=turn.return_url, locale=turn.locale,
        perks=await _perks(turn),
        bot_id=turn.bot.id, chat_id=turn.chat_id, message_id=event.message_id,
    )  # fmt: skip
    turn.show(turn.t("billing-opening", number=str(order.number)))


async def balance(turn: Turn, argument: str) -> None:
    """/balance: what can be spent, until when, and what is only held."""
    found = await ledger.balance(turn.session, turn.bot.organization_id, turn.customer.id)
    lines = [turn.t("billing-balance", tokens=i18n.number(found.available, turn.locale))]
    level = turn.app.get(Levels).find(await identity.level_of(turn.session, turn.customer.id))
    if level is not None:
        lines.append(turn.t("billing-level", name=level.name(turn.locale)))
    if found.held:
        lines.append(turn.t("billing-balance-held", tokens=i18n.number(found.held, turn.locale)))
    for grant in found.grants[:8]:
        left = i18n.number(grant.remaining, turn.locale)
        if grant.expires_at:
            lines.append(turn.t("billing-grant-until", tokens=left, date=i18n.date(grant.expires_at, turn.locale)))
        else:
            lines.append(turn.t("billing-grant-for-ever", tokens=left))
    for item in await orders.entitlements(turn.session, turn.customer.id):
        if item.kind in ("unlimited", "light_model"):
            key = f"billing-entitlement-{item.kind.replace('_', '-')}"
            lines.append(turn.t(key, date=i18n.date(item.ends_at, turn.locale)))
    turn.show("\n".join(lines), [[Button(turn.t("billing-button-buy"), "buy:")]])


async def status(turn: Turn, argument: str) -> None:
    """/status: the last orders."""
    found = await orders.list_orders(turn.session, turn.actor, 10)
    if not found:
        turn.show(turn.t("billing-no-orders"), [[Button(turn.t("billing-button-buy"), "buy:")]])
        return
    lines = [
        turn.t(
            "billing-order-line", sign=_STATUS_SIGNS[order.status], number=str(order.number),
            plan=order.terms.name(turn.locale), amount=i18n.money(order.amount, turn.locale),
            status=turn.t(f"billing-order-{order.status.value.replace('_', '-')}"),
        )
        for order in found
    ]  # fmt: skip
    turn.show("\n".join([turn.t("billing-orders"), *lines]))


async def paysupport(turn: Turn, argument: str) -> None:
    """/paysupport: what to do about a payment (Telegram asks every selling bot for it)."""
    found = await orders.list_orders(turn.session, turn.actor, 1)
    number = str(found[0].number) if found else "—"
    turn.say(turn.t("billing-paysupport", number=number, customer=str(turn.customer.number)))


def _short(turn: Turn, plan: Plan) -> str:
    return turn.t(
        f"billing-short-{plan.terms.kind.value}", tokens=i18n.Markup(i18n.number(plan.terms.tokens, turn.locale)),
        days=plan.terms.days or 0, **_quota(turn, plan),
    )  # fmt: skip


def _quota(turn: Turn, plan: Plan) -> dict[str, Any]:
    """What an API plan allows."""
    quota = plan.terms.api
    if quota is None:
        return {}
    return {"requests": i18n.Markup(i18n.number(quota.requests, turn.locale)), "period": quota.period}


def _ways(turn: Turn, plan: Plan) -> list[tuple[str, str]]:
    """How a plan can be paid here: providers that are set up, each with the asset it would be paid in."""
    found = []
    for name, provider in turn.app.get(Providers).by_name.items():
        asset = orders.price_asset(plan.terms, provider.assets)
        if asset is not None:
            found.append((name, asset))
    return found


async def _perks(turn: Turn) -> Perks:
    """What the customer's level brings."""
    return await perks_of(turn.session, turn.app.get(Levels), turn.customer.id)


def _price(turn: Turn, plan: Plan, perks: Perks) -> str:
    """The price by the first way to pay."""
    return _money(turn, plan, _ways(turn, plan)[0][1], perks)


def _money(turn: Turn, plan: Plan, asset: str, perks: Perks) -> str:
    full = plan.terms.prices[asset]
    return i18n.money(Money(full - perks.discount(full), asset), turn.locale)


handlers = channels.Handlers(
    commands={"buy": buy, "balance": balance, "status": status, "paysupport": paysupport},
    presses={"buy": buy, "plan": plan_card, "pay": pay, "balance": balance, "status": status},
    links={"plan": plan_card},
    menu=((20, "billing-button-buy", "buy:"), (30, "billing-button-balance", "balance:")),
)
