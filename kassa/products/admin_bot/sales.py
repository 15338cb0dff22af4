"""Orders and payments in a chat: listed, shown, money given back."""

from kassa.core import billing, identity
from kassa.core.access import Actor, Permission
from kassa.core.billing import PaymentStatus
from kassa.core.channels import Button, Turn
from kassa.kit.errors import Invalid, NotFound
from kassa.kit.money import Money

from . import steps, words
from .models import AdminBotRefund
from .staff import id_of
from .steps import Facts

PAGE = 6
STATUSES = ("", "paid", "pending", "failed", "refunded", "review")
SIGNS = {
    "pending": "⏳", "paid": "✅", "succeeded": "✅", "failed": "✖️", "refunded": "↩️", "partially_refunded": "↩️",
    "review": "⚖️",
}  # fmt: skip
Sale = billing.sales.Sale


def sale_line(turn: Turn, sale: Sale) -> str:
    """An order in one line."""
    return turn.t(
        "admin-sale-line", sign=SIGNS[status_of(sale)], number=str(sale.number),
        amount=words.money(sale.amount, turn.locale), when=words.ago(turn, sale.paid_at or sale.created_at),
    )  # fmt: skip


def status_of(sale: Sale) -> str:
    """What an order is called: money that does not fit comes before everything else."""
    return "review" if sale.payment_status is PaymentStatus.REVIEW else sale.status.value


async def listed(turn: Turn, actor: Actor, argument: str) -> None:
    """The newest orders, of one status when one is chosen, from a number on."""
    status, _, before = argument.partition(":")
    chosen = status if status in STATUSES else ""
    found = await billing.sales.latest_sales(
        turn.session, actor, PAGE + 1, status=chosen, before=int(before) if before.isdigit() else None
    )
    filters = [
        Button(("● " if name == chosen else "") + turn.t(f"admin-sales-{name or 'all'}"), f"adm:orders:{name}")
        for name in STATUSES
    ]
    rows = [filters[:3], filters[3:], *_buttons(turn, found[:PAGE])]
    if len(found) > PAGE:
        rows.append([Button(turn.t("admin-button-further"), f"adm:orders:{chosen}:{found[PAGE - 1].number}")])
    text = turn.t("admin-sales") if found else turn.t("admin-sales-none")
    turn.show(text, [*rows, [Button(turn.t("admin-button-find-order"), "adm:findorder"), menu_button(turn)]])


async def bought(turn: Turn, actor: Actor, argument: str) -> None:
    """A customer's newest orders."""
    one = await identity.get_card(turn.session, actor, id_of(argument))
    found = await billing.sales.latest_sales(turn.session, actor, PAGE + 4, customer_id=one.id)
    key = "admin-sales-of" if found else "admin-sales-of-none"
    text = turn.t(key, name=one.name or "—", number=str(one.number))
    back = Button(turn.t("admin-button-customer"), f"adm:customer:{argument}")
    turn.show(text, [*_buttons(turn, found), [back]])


async def find(turn: Turn, actor: Actor, _argument: str) -> None:
    """Ask for an order's number."""
    actor.require(Permission.PAYMENTS_VIEW)
    steps.ask(turn, "order", turn.t("admin-sale-which"))


async def number_given(turn: Turn, actor: Actor, _step: Facts, text: str) -> None:
    """The number of an order: its card."""
    sale = await _by_number(turn, actor, text)
    steps.forget(turn)
    await _show(turn, actor, sale)


async def card(turn: Turn, actor: Actor, argument: str) -> None:
    """One order, and what can be done."""
    await _show(turn, actor, await _by_number(turn, actor, argument))


async def refund_command(turn: Turn, actor: Actor, argument: str) -> None:
    """/refund: of which order; then as the card's button does."""
    actor.require(Permission.REFUND)
    if argument:
        await refund(turn, actor, argument)
        return
    steps.ask(turn, "refund_order", turn.t("admin-refund-which"))


async def refund_order_given(turn: Turn, actor: Actor, _step: Facts, text: str) -> None:
    """The number of the order whose money goes back."""
    await refund(turn, actor, text)


async def refund(turn: Turn, actor: Actor, argument: str) -> None:
    """How much goes back: all that is left, or a part."""
    actor.require(Permission.REFUND)
    sale = await _by_number(turn, actor, argument)
    left, _tokens = await billing.foresee_refund(turn.session, actor, sale.payment_id, None)
    steps.forget(turn)
    amount = words.money(left, turn.locale)
    turn.say(
        turn.t("admin-refund", number=str(sale.number), name=sale.customer_name or "—", left=amount),
        [
            [Button(turn.t("admin-button-refund-all", amount=amount), f"adm:refundall:{sale.number}")],
            [Button(turn.t("admin-button-refund-part"), f"adm:refundpart:{sale.number}")],
            [steps.cancel_button(turn)],
        ],
    )


async def refund_all(turn: Turn, actor: Actor, argument: str) -> None:
    """All that is left goes back: why."""
    sale = await _by_number(turn, actor, argument)
    left, _tokens = await billing.foresee_refund(turn.session, actor, sale.payment_id, None)
    _ask_why(turn, sale, left)


async def refund_part(turn: Turn, actor: Actor, argument: str) -> None:
    """A part goes back: how much."""
    sale = await _by_number(turn, actor, argument)
    left, _tokens = await billing.foresee_refund(turn.session, actor, sale.payment_id, None)
    steps.ask(turn, "refund_part", turn.t("admin-refund-part", left=words.money(left, turn.locale)), order=sale.number)


async def part_given(turn: Turn, actor: Actor, step: Facts, text: str) -> None:
    """How much goes back; then why."""
    sale = await billing.sales.find_sale(turn.session, actor, step["order"])
    typed = "".join(text.replace(",", ".").split()).removesuffix("₽").removesuffix("р.")
    try:
        units = billing.read_amount(typed, sale.amount.asset)
    except Invalid as error:
        raise Invalid("admin_bot.amount_invalid", "An amount in figures, please") from error
    amount, _tokens = await billing.foresee_refund(turn.session, actor, sale.payment_id, units)
    _ask_why(turn, sale, amount)


async def reason_given(turn: Turn, actor: Actor, step: Facts, text: str) -> None:
    """Why; then what goes back and what is taken, and a button that does it."""
    sale = await billing.sales.find_sale(turn.session, actor, step["order"])
    reason = steps.reason_of(text)
    amount, tokens = await billing.foresee_refund(turn.session, actor, sale.payment_id, step["units"])
    what = turn.t(
        "admin-refund-confirm", number=str(sale.number), name=sale.customer_name or "—", reason=reason,
        amount=words.money(amount, turn.locale), tokens=words.number(tokens, turn.locale),
    )  # fmt: skip
    steps.confirm(
        turn, "refund", what, turn.t("admin-refund-do", amount=words.money(amount, turn.locale)), reason=reason,
        order=sale.number, units=amount.units,
    )  # fmt: skip


async def refunded(turn: Turn, actor: Actor, pending: Facts) -> None:
    """Write the refund; the provider is asked after the commit, and its answer is told here."""
    sale = await billing.sales.find_sale(turn.session, actor, pending["order"])
    made, is_new = await billing.request_refund(
        turn.session, actor, sale.payment_id, pending["units"], pending["reason"], pending["key"]
    )
    if is_new:
        turn.session.add(
            AdminBotRefund(refund_id=made.id, bot_id=turn.bot.id, chat_id=turn.chat_id, locale=turn.locale)
        )
    turn.show(turn.t("admin-refund-sent", number=str(sale.number), amount=words.money(made.amount, turn.locale)))


def provider_of(turn: Turn, name: str) -> str:
    """What a provider is called."""
    key = f"admin-provider-{name}"
    told = turn.t(key)
    return name if told == key else told


def menu_button(turn: Turn) -> Button:
    """Back to everything."""
    return Button(turn.t("admin-button-menu"), "adm:menu")


def _buttons(turn: Turn, found: list[Sale]) -> list[list[Button]]:
    return [
        [
            Button(
                f"{SIGNS[status_of(sale)]} № {sale.number} · {words.money(sale.amount, turn.locale)} · "
                f"{sale.customer_name or sale.customer_number}",
                f"adm:order:{sale.number}",
            )
        ]
        for sale in found
    ]


async def _by_number(turn: Turn, actor: Actor, text: str) -> Sale:
    wanted = text.strip().lstrip("#№ ").strip()
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        raise NotFound("billing.order_not_found", "No such order")
    return await billing.sales.find_sale(turn.session, actor, int(wanted))


def _ask_why(turn: Turn, sale: Sale, amount: Money) -> None:
    text = turn.t("admin-refund-why", number=str(sale.number), amount=words.money(amount, turn.locale))
    steps.ask(turn, "refund_reason", text, order=sale.number, units=amount.units)


async def _plan(turn: Turn, sale: Sale) -> str:
    """What was bought, by its name now; by its short name when it is sold no more."""
    try:
        plan = await billing.get_plan(turn.session, turn.bot.organization_id, sale.plan)
    except NotFound:
        return sale.plan
    return plan.terms.name(turn.locale)


async def _show(turn: Turn, actor: Actor, sale: Sale) -> None:
    status = turn.t(f"admin-sale-{status_of(sale).replace('_', '-')}")
    lines = [
        turn.t("admin-sale", sign=SIGNS[status_of(sale)], number=str(sale.number), status=status),
        "",
        turn.t(
            "admin-sale-facts", plan=await _plan(turn, sale), amount=words.money(sale.amount, turn.locale),
            provider=provider_of(turn, sale.provider),
            name=sale.customer_name or "—", customer=str(sale.customer_number),
            placed=words.ago(turn, sale.created_at), paid=words.ago(turn, sale.paid_at),
        ),
    ]  # fmt: skip
    if sale.is_test:
        lines.append(turn.t("admin-sale-test"))
    lines += [
        turn.t(
            f"admin-sale-refund-{made.status.value}", amount=words.money(made.amount, turn.locale),
            tokens=words.number(made.tokens_taken, turn.locale), reason=made.reason or "—",
        )
        for made in await billing.sales.refunds_of(turn.session, sale)
    ]  # fmt: skip
    rows = []
    is_paid = sale.payment_status in (PaymentStatus.SUCCEEDED, PaymentStatus.PARTIALLY_REFUNDED)
    if actor.may(Permission.REFUND) and is_paid:
        rows.append([Button(turn.t("admin-button-refund"), f"adm:refund:{sale.number}")])
    if actor.may(Permission.CUSTOMERS_VIEW):
        rows.append([Button(turn.t("admin-button-customer"), f"adm:customer:{sale.customer_id.hex}")])
    turn.show("\n".join(lines), [*rows, [Button(turn.t("admin-button-orders"), "adm:orders:"), menu_button(turn)]])
