"""The commands for staff and the buttons behind them. To everybody else they are commands that no bot knows."""

from collections.abc import Awaitable, Callable

from kassa.core import channels, identity
from kassa.core.access import Actor
from kassa.core.channels import Button, Turn
from kassa.core.i18n import Markup
from kassa.kit.errors import Invalid

from . import customer_deeds, customers, menu, operations, reviews, sales, stats, steps
from .staff import Page, acting, note_chat

DEEDS: dict[str, steps.Deed] = {
    "customer": customer_deeds.done,
    "refund": sales.refunded,
    "case": reviews.decided,
    "unlink": menu.unlinked,
}
ANSWERS: dict[str, steps.Answer] = {
    "search": customers.searched,
    "ban_search": customer_deeds.ban_found,
    "tokens": customer_deeds.tokens_given,
    "reason": customer_deeds.reason_given,
    "order": sales.number_given,
    "refund_order": sales.refund_order_given,
    "refund_part": sales.part_given,
    "refund_reason": sales.reason_given,
    "case_reason": reviews.reason_given,
}
DO = steps.doing(DEEDS)
PAGES: dict[str, Page] = {
    "menu": menu.menu, "role": menu.role, "alerts": menu.alerts, "unlink": menu.unlink, "cancel": steps.cancel,
    "search": customers.search, "customer": customers.card, "ban": customer_deeds.ban,
    "unban": customer_deeds.unban, "signout": customer_deeds.sign_out, "give": customer_deeds.give,
    "take": customer_deeds.take, "bought": sales.bought, "orders": sales.listed, "order": sales.card,
    "findorder": sales.find, "refund": sales.refund, "refundall": sales.refund_all, "refundpart": sales.refund_part,
    "cases": reviews.listed, "case": reviews.card, "decide": reviews.decide, "stats": stats.stats,
    "health": operations.health, "ledger": operations.ledger, "errors": operations.errors, "job": operations.job,
    "rejob": operations.replay_job, "upd": operations.update, "reupd": operations.replay_update,
}  # fmt: skip


async def link(turn: Turn, secret: str) -> None:
    """/start staff_…: tie this Telegram to the staff account that the link was made for."""
    person = turn.incoming.person
    if person is None or not turn.is_private:
        raise Invalid("identity.proof_invalid", "This link is for a private chat")
    actor = await identity.link_staff(turn.session, turn.bot.organization_id, secret, person)
    await note_chat(turn)
    own = await identity.own_account(turn.session, actor)
    turn.say(
        turn.t("admin-linked", email=own.email, role=Markup(turn.t(f"admin-role-{own.role.value.replace('_', '-')}"))),
        [[Button(turn.t("admin-button-menu"), "adm:menu")]],
    )


async def press(turn: Turn, argument: str) -> None:
    """A button of ours; for anybody but staff it leads nowhere."""
    actor = await acting(turn)
    name, _, rest = argument.partition(":")
    if actor is None or name not in {*PAGES, "do"}:
        turn.toast(turn.t("channels-button-outdated"))
        return
    await note_chat(turn)
    if name == "do":
        await DO(turn, actor, rest)
        return
    steps.forget(turn)
    await PAGES[name](turn, actor, rest)


def _command(page: Page) -> Callable[[Turn, str], Awaitable[bool]]:
    async def answer(turn: Turn, argument: str) -> bool:
        actor: Actor | None = await acting(turn)
        if actor is None:
            return False
        await note_chat(turn)
        steps.forget(turn)
        await page(turn, actor, argument)
        return True

    return answer


handlers = channels.Handlers(
    hidden={
        "admin": _command(menu.menu), "stats": _command(stats.stats), "role": _command(menu.role),
        "ban": _command(customer_deeds.ban_command), "refund": _command(sales.refund_command),
    },
    presses={"adm": press},
    awaiting={steps.ASKS: steps.taking(ANSWERS), steps.DOES: steps.remind},
    links={"staff": link},
)  # fmt: skip
