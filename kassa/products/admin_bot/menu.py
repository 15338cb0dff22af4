"""The menu for staff, one's own role, what one wants to be told, and leaving."""

from kassa.core import billing, identity
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Turn
from kassa.core.i18n import Markup
from kassa.kit import db

from . import steps
from .alerts import KINDS, silenced
from .sales import menu_button

_PAGES: tuple[tuple[str, str, Permission], ...] = (
    ("admin-button-search", "adm:search", Permission.CUSTOMERS_VIEW),
    ("admin-button-orders", "adm:orders:", Permission.PAYMENTS_VIEW),
    ("admin-button-stats", "adm:stats:7", Permission.DASHBOARD_VIEW),
    ("admin-button-cases", "adm:cases", Permission.PAYMENTS_VIEW),
    ("admin-button-health", "adm:health", Permission.OPERATIONS_VIEW),
    ("admin-button-errors", "adm:errors", Permission.OPERATIONS_VIEW),
)
_SILENCE = "insert into admin_bot_silence (member_id, kind) values ($1, $2) on conflict do nothing"
_LISTEN = "delete from admin_bot_silence where member_id = $1 and kind = $2"


async def menu(turn: Turn, actor: Actor, _argument: str) -> None:
    """/admin: everything that the member's role has, by a button."""
    own = await identity.own_account(turn.session, actor)
    here = await identity.get_organization(turn.session, actor.organization_id)
    waiting = (
        len(await billing.reviews.open_reviews(turn.session, actor, 100)) if actor.may(Permission.PAYMENTS_VIEW) else 0
    )
    buttons = [
        Button(turn.t(key) + (f" · {waiting}" if key == "admin-button-cases" and waiting else ""), action)
        for key, action, permission in _PAGES
        if actor.may(permission)
    ]
    if _kinds(actor):
        buttons.append(Button(turn.t("admin-button-alerts"), "adm:alerts"))
    buttons.append(Button(turn.t("admin-button-role"), "adm:role"))
    turn.show(
        turn.t("admin-menu", organization=here.name, name=own.name or own.email, role=_role(turn, own.role.value)),
        [buttons[start : start + 2] for start in range(0, len(buttons), 2)],
    )


async def role(turn: Turn, actor: Actor, _argument: str) -> None:
    """/role: who the member is here, and what they may do."""
    own = await identity.own_account(turn.session, actor)
    allowed = [
        f"• {turn.t('admin-permission-' + item.value.replace('.', '-'))}" for item in Permission if actor.may(item)
    ]
    head = turn.t("admin-role", role=_role(turn, own.role.value), email=own.email)
    rows = [[Button(turn.t("admin-button-unlink"), "adm:unlink")], [menu_button(turn)]]
    turn.show("\n".join([head, *(allowed or [turn.t("admin-role-nothing")])]), rows)


async def unlink(turn: Turn, _actor: Actor, _argument: str) -> None:
    """Ask once more before this Telegram is no member's."""
    steps.confirm(turn, "unlink", turn.t("admin-unlink"), turn.t("admin-unlink-do"))


async def unlinked(turn: Turn, actor: Actor, _pending: steps.Facts) -> None:
    """From now on this Telegram is a customer's like any other."""
    await identity.unlink_staff(turn.session, actor)
    turn.show(turn.t("admin-unlink-done"))


async def alerts(turn: Turn, actor: Actor, argument: str) -> None:
    """What the member is told of by itself; a press switches a kind on or off."""
    kinds = _kinds(actor)
    if argument in kinds:
        is_silent = argument in await silenced(turn.session, actor.id)
        await db.fetch(turn.session, _LISTEN if is_silent else _SILENCE, actor.id, argument)
    silent = await silenced(turn.session, actor.id)
    buttons = [
        [Button(("🔕 " if kind in silent else "🔔 ") + turn.t(f"admin-alerts-{kind}"), f"adm:alerts:{kind}")]
        for kind in kinds
    ]
    turn.show(turn.t("admin-alerts" if kinds else "admin-alerts-none"), [*buttons, [menu_button(turn)]])


def _kinds(actor: Actor) -> list[str]:
    return [kind for kind, permission in KINDS.items() if actor.may(permission)]


def _role(turn: Turn, name: str) -> Markup:
    return Markup(turn.t(f"admin-role-{name.replace('_', '-')}"))
