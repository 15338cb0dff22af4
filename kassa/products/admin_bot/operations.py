"""The running of the installation, in a chat: health, checks of the ledger, what has failed, and trying it again.

Looks ask outside services, so a job looks and its answer takes the place of the message that said it was looking.
"""

from uuid import UUID

from kassa.core import channels, i18n, usage
from kassa.core.access import Actor, Permission
from kassa.core.channels import Button, Outgoing, Press, Turn
from kassa.core.i18n import Markup
from kassa.kit import job_queue, jobs
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import NotFound
from kassa.kit.listing import Page

from . import words
from .ports import Operations
from .sales import menu_button
from .staff import id_of

SHOWN = 6
SIGNS = {"ok": "🟢", "warning": "🟡", "error": "🔴"}


async def health(turn: Turn, actor: Actor, argument: str) -> None:
    """Whether everything answers; `all` lets the doctor look at everything."""
    actor.require(Permission.OPERATIONS_VIEW)
    await _look(turn, "all" if argument == "all" else "health")


async def ledger(turn: Turn, actor: Actor, _argument: str) -> None:
    """Run every check of ledger and money now."""
    actor.require(Permission.LEDGER_CHECK)
    await _look(turn, "ledger")


async def look(
    app: App, what: str, bot_id: str, chat_id: int, update_id: int, message_id: int | None, locale: str
) -> None:
    """Job: look, and tell what was seen."""
    operations, texts = app.get(Operations), app.get(i18n.Texts)
    bot = await app.get(channels.Bots).profile(UUID(bot_id))

    def t(key: str, **facts: object) -> str:
        return texts.text(key, locale, bot.overrides, **facts)

    if what == "ledger":
        checks = await operations.check_ledger()
        red = [name for name, is_ok in checks if not is_ok]
        lines = [t("admin-ledger-red" if red else "admin-ledger-green", count=len(checks))]
        lines += [f"🔴 {words.check(t, name)}" for name in red]
    else:
        findings = await (operations.examine() if what == "all" else operations.dependencies())
        states = {item.state for item in findings}
        lines = [t("admin-health-down" if "error" in states else "admin-health-ok"), ""]
        for item in findings:
            measured = [t(f"admin-fact-{fact.replace('_', '-')}", value=value) for fact, value in item.facts.items()]
            detail = ", ".join(filter(None, [*measured, item.detail[:160]]))
            lines.append(t("admin-health-line", sign=SIGNS[item.state], name=words.part(t, item.name), detail=detail))
            if item.advice and item.state != "ok":
                lines.append(t("admin-health-advice", advice=item.advice))
    buttons = [
        [Button(t("admin-button-again"), f"adm:{'ledger' if what == 'ledger' else 'health'}")],
        [Button(t("admin-button-examine"), "adm:health:all"), Button(t("admin-button-ledger"), "adm:ledger")],
        [Button(t("admin-button-menu"), "adm:menu")],
    ]
    async with app.get(Database).transaction() as session:
        for number, part in enumerate(
            app.get(channels.Messengers)
            .of(chat_id)
            .split("\n".join(lines), Outgoing("", buttons, edit_message_id=message_id))
        ):
            await channels.send_later(session, bot.id, chat_id, part, key=f"admin-look:{bot_id}:{update_id}:{number}")


async def errors(turn: Turn, actor: Actor, _argument: str) -> None:
    """What goes wrong now: answers that failed today, jobs and updates that have failed for good."""
    actor.require(Permission.OPERATIONS_VIEW)
    failed = await job_queue.list_jobs(turn.session, "failed", "", SHOWN + 1, None)
    updates, more = await channels.inbox_page(turn.session, actor, "failed", Page(limit=SHOWN))
    lines = [turn.t("admin-errors" if failed or updates else "admin-errors-none")]
    if actor.may(Permission.DASHBOARD_VIEW):
        today = await usage.dashboard(turn.session, actor, 1)
        bad = [model for model in today.models if model.failed]
        if bad:
            lines += ["", turn.t("admin-errors-ai")]
        lines += [
            turn.t("admin-errors-model", model=model.model, failed=model.failed,
                   share=Markup(words.percent(model.failed / model.requests, turn.locale)))
            for model in bad[:SHOWN]
        ]  # fmt: skip
    if len(failed) > SHOWN or more:
        lines += ["", turn.t("admin-errors-more")]
    rows = [[Button(f"🧯 {job.name} · {job.id}", f"adm:job:{job.id}")] for job in failed[:SHOWN]]
    rows += [
        [
            Button(
                f"✉️ {turn.t('admin-update', number=str(item.update_id))}", f"adm:upd:{item.bot_id.hex}:{item.update_id}"
            )
        ]
        for item in updates
    ]
    turn.show("\n".join(lines), [*rows, [Button(turn.t("admin-button-again"), "adm:errors"), menu_button(turn)]])


async def job(turn: Turn, actor: Actor, argument: str) -> None:
    """A job that has failed for good."""
    actor.require(Permission.OPERATIONS_VIEW)
    wanted = int(argument) if argument.isdigit() and len(argument) < 19 else 0
    found = [item for item in await job_queue.list_jobs(turn.session, "failed", "", 1, wanted + 1) if item.id == wanted]
    if not found:
        turn.toast(turn.t("admin-job-gone"))
        return
    one = found[0]
    text = turn.t(
        "admin-job", name=one.name, number=str(one.id), attempts=one.attempts, error=one.error[:500] or "—",
        when=words.ago(turn, one.updated_at),
    )  # fmt: skip
    turn.show(text, _again(turn, actor, f"adm:rejob:{one.id}"))


async def replay_job(turn: Turn, actor: Actor, argument: str) -> None:
    """Try a failed job once more. It costs nothing to press twice: a job that waits is not a failed one."""
    wanted = int(argument) if argument.isdigit() and len(argument) < 19 else 0
    try:
        name = await turn.app.get(Operations).replay_job(turn.session, actor, wanted)
    except NotFound:
        turn.toast(turn.t("admin-job-gone"))
    else:
        turn.toast(turn.t("admin-replayed", name=name))
    await errors(turn, actor, "")


async def update(turn: Turn, actor: Actor, argument: str) -> None:
    """Something that came in and could not be handled."""
    bot_id, _, number = argument.partition(":")
    updates, _more = await channels.inbox_page(turn.session, actor, "failed", Page(limit=100))
    found = [item for item in updates if (item.bot_id.hex, str(item.update_id)) == (bot_id, number)]
    if not found:
        turn.toast(turn.t("admin-job-gone"))
        return
    one = found[0]
    text = turn.t(
        "admin-update-card", number=number, attempts=one.attempts, error=one.error or "—",
        when=words.ago(turn, one.received_at),
    )  # fmt: skip
    turn.show(text, _again(turn, actor, f"adm:reupd:{argument}"))


async def replay_update(turn: Turn, actor: Actor, argument: str) -> None:
    """Handle a failed update once more."""
    bot_id, _, number = argument.partition(":")
    await channels.replay_update(turn.session, actor, id_of(bot_id), int(number) if number.isdigit() else 0)
    turn.toast(turn.t("admin-replayed", name=turn.t("admin-update", number=number)))
    await errors(turn, actor, "")


def _again(turn: Turn, actor: Actor, action: str) -> list[list[Button]]:
    rows = []
    if actor.may(Permission.OPERATIONS_REPLAY):
        rows.append([Button(turn.t("admin-button-replay"), action)])
    return [*rows, [Button(turn.t("admin-button-errors"), "adm:errors"), menu_button(turn)]]


async def _look(turn: Turn, what: str) -> None:
    """Say that somebody looks, and let a job do it."""
    event = turn.incoming.event
    message_id = event.message_id if isinstance(event, Press) else None
    turn.show(turn.t("admin-looking"))
    await jobs.enqueue(
        turn.session, "admin_bot.look", what=what, bot_id=str(turn.bot.id), chat_id=turn.chat_id,
        update_id=turn.incoming.update_id, message_id=message_id, locale=turn.locale,
    )  # fmt: skip
