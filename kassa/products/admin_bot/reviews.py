"""Money that does not fit, in a chat: what came, and what is done with it."""

from kassa.core import billing
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Turn
from kassa.kit.money import EXPONENTS, Money

from . import steps, words
from .sales import menu_button, provider_of
from .staff import id_of
from .steps import Facts

MOST = 8
Decision = billing.reviews.Decision
Review = billing.reviews.Review


async def listed(turn: Turn, actor: Actor, _argument: str) -> None:
    """The cases that wait, the oldest first."""
    found = await billing.reviews.open_reviews(turn.session, actor, MOST + 1)
    buttons = [
        [Button(f"№ {case.order_number} · {kind_of(turn, case.kind)}", f"adm:case:{case.id.hex}")]
        for case in found[:MOST]
    ]
    key = "admin-cases-many" if len(found) > MOST else "admin-cases" if found else "admin-cases-none"
    turn.show(turn.t(key, count=MOST), [*buttons, [menu_button(turn)]])


async def card(turn: Turn, actor: Actor, argument: str) -> None:
    """One case, and what can be decided."""
    case = await billing.reviews.get_review(turn.session, actor, id_of(argument))
    sale = await billing.sales.get_sale(turn.session, actor, case.order_id)
    text = turn.t(
        "admin-case", kind=kind_of(turn, case.kind), number=str(case.order_number),
        provider=provider_of(turn, case.provider), name=sale.customer_name or "—",
        customer=str(sale.customer_number), seen=_seen(turn, case),
        expected=words.money(sale.amount, turn.locale), when=words.ago(turn, case.created_at),
    )  # fmt: skip
    rows: list[list[Button]] = []
    if case.resolved_at is not None:
        text += "\n\n" + turn.t("admin-case-decided", by=str(case.facts.get("by", "—")))
    elif actor.may(Permission.REVIEWS_RESOLVE):
        text += "\n\n" + turn.t("admin-case-what")
        rows = [
            [Button(turn.t(f"admin-case-{one.value}"), f"adm:decide:{one.value}:{case.id.hex}")] for one in Decision
        ]
    order = Button(turn.t("admin-button-order", number=str(case.order_number)), f"adm:order:{case.order_number}")
    turn.show(text, [*rows, [order], [Button(turn.t("admin-button-cases"), "adm:cases"), menu_button(turn)]])


async def decide(turn: Turn, actor: Actor, argument: str) -> None:
    """A decision: why."""
    actor.require(Permission.REVIEWS_RESOLVE)
    verb, _, case_id = argument.partition(":")
    case = await billing.reviews.get_review(turn.session, actor, id_of(case_id))
    text = turn.t(f"admin-case-{Decision(verb).value}-why", number=str(case.order_number))
    steps.ask(turn, "case_reason", text, case=case_id, decision=verb)


async def reason_given(turn: Turn, actor: Actor, step: Facts, text: str) -> None:
    """Why; then what is done, and a button that does it."""
    case = await billing.reviews.get_review(turn.session, actor, id_of(step["case"]))
    reason = steps.reason_of(text)
    what = turn.t(
        f"admin-case-{step['decision']}-confirm", number=str(case.order_number), seen=_seen(turn, case), reason=reason
    )
    steps.confirm(
        turn, "case", what, turn.t("admin-case-do"), reason=reason, case=step["case"], decision=step["decision"]
    )


async def decided(turn: Turn, actor: Actor, pending: Facts) -> None:
    """Decide, and say so."""
    case = await billing.reviews.resolve(
        turn.session, actor, id_of(pending["case"]), Decision(pending["decision"]), pending["reason"]
    )
    turn.show(
        turn.t(f"admin-case-{pending['decision']}-done", number=str(case.order_number)),
        [[Button(turn.t("admin-button-cases"), "adm:cases"), menu_button(turn)]],
    )


def kind_of(turn: Turn, kind: str) -> str:
    """What a kind of case is called."""
    return turn.t(f"admin-case-kind-{kind.replace('_', '-')}")


def _seen(turn: Turn, case: Review) -> str:
    """The money that came, as people write it."""
    units, _, asset = str(case.facts.get("seen", "")).partition(" ")
    if units.isdigit() and asset in EXPONENTS:
        return words.money(Money(int(units), asset), turn.locale)
    return turn.t("admin-case-nothing")
