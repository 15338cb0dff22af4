"""What staff are told without asking, once for each event: a red check, a dependency that is down, money that waits for
a person, a job that has failed for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access, billing, channels, i18n, identity
from kassa.core.access import Permission
from kassa.core.channels import Button, Outgoing
from kassa.kit import clock, db, job_queue
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.listing import Page

from . import words
from .ports import Operations

KINDS: Mapping[str, Permission] = {
    "ledger": Permission.LEDGER_CHECK,
    "health": Permission.OPERATIONS_VIEW,
    "review": Permission.REVIEWS_RESOLVE,
    "job": Permission.OPERATIONS_VIEW,
}
"""Kinds of alerts, and who is told."""
CHANGES = {"health": ("admin-alert-down", "admin-alert-up"), "ledger": ("admin-alert-red", "admin-alert-green")}
"""What is told when something breaks, and when it is whole again."""
NAMED = {"health": words.part, "ledger": words.check}
"""How the thing that an alert is about is called."""
LOOKED_AT = 50

_CHATS = """
select distinct on (c.telegram_id) c.telegram_id, c.bot_id, c.locale from admin_bot_chat c
where c.organization_id = $1 and c.bot_id = any($2::uuid[]) order by c.telegram_id, c.used_at desc
"""
_BEGIN = "insert into admin_bot_trouble (key, kind, since) values ($1, $2, $3) on conflict do nothing returning since"
_END = "delete from admin_bot_trouble where key = any($1::text[]) returning key, since"
_FORGET = "delete from admin_bot_trouble where kind = $1 and key <> all($2::text[])"


async def silenced(session: AsyncSession, member_id: UUID) -> set[str]:
    """The kinds that a member does not want."""
    rows = await db.fetch(session, "select kind from admin_bot_silence where member_id = $1", member_id)
    return {row["kind"] for row in rows}


async def watch(app: App) -> None:
    """Job, every half minute: what is down, what is up again, and jobs and updates that have failed for good."""
    findings = await app.get(Operations).dependencies()
    async with app.get(Database).transaction() as session:
        organization = (await identity.default_organization(session)).id
        broken = {item.name: {"detail": item.detail[:300]} for item in findings if item.state == "error"}
        whole = [item.name for item in findings if item.state != "error"]
        await _tell_changes(app, session, organization, "health", broken, whole)
        await _tell_failed(app, session, organization)


async def tell_ledger(app: App, red: list[str], green: list[str]) -> None:
    """Job after every check of the ledger: what has turned red, and what is green again."""
    async with app.get(Database).transaction() as session:
        organization = (await identity.default_organization(session)).id
        found: dict[str, dict[str, Any]] = {name: {} for name in red}
        await _tell_changes(app, session, organization, "ledger", found, green)


async def tell_review(app: App, review_id: str, organization_id: str) -> None:
    """Job: money came that does not fit."""
    async with app.get(Database).transaction() as session:
        actor = access.system_actor(UUID(organization_id))
        case = await billing.reviews.get_review(session, actor, UUID(review_id))
        facts = {"number": str(case.order_number), "about": f"admin-case-kind-{case.kind.replace('_', '-')}"}
        alert = Alert("review", "admin-alert-review", str(case.id), facts, f"adm:case:{case.id.hex}")
        await tell(app, session, actor.organization_id, alert)


@dataclass(frozen=True, slots=True)
class Alert:
    """One event: its kind, its text, what makes it this event and no other, and where its button leads. A fact named
    `about` is the key of a text."""

    kind: str
    key: str
    once: str
    facts: Mapping[str, Any]
    action: str = ""


async def tell(app: App, session: AsyncSession, organization_id: UUID, alert: Alert) -> None:
    """Store an alert for every member who may know and wants to, in the bot that they used last. Each gets it once,
    whatever runs twice."""
    texts, kind = app.get(i18n.Texts), alert.kind
    staff = dict(await identity.linked_staff(session, organization_id))
    bots = await channels.list_bots(session, access.system_actor(organization_id), channels.BotKind.TELEGRAM)
    chats = await db.fetch(session, _CHATS, organization_id, [bot.id for bot in bots if bot.enabled])
    for chat in chats:
        member = staff.get(chat["telegram_id"])
        if member is None or not member.may(KINDS[kind]) or kind in await silenced(session, member.id):
            continue
        locale, bot_id = chat["locale"], UUID(str(chat["bot_id"]))
        own = await i18n.load_overrides(session, bot_id)
        facts = dict(alert.facts)
        t = partial(texts.text, locale=locale, overrides=own)
        if "about" in facts:
            facts["about"] = t(facts["about"])
        if kind in NAMED:
            facts["name"] = NAMED[kind](t, facts["name"])
        look = [[Button(t("admin-button-look"), alert.action)]] if alert.action else []
        await channels.send_later(
            session, bot_id, chat["telegram_id"], Outgoing(t(alert.key, **facts), look),
            key=f"{alert.key}:{alert.once}:{chat['telegram_id']}",
        )  # fmt: skip


async def _tell_changes(
    app: App, session: AsyncSession, organization_id: UUID, kind: str, broken: Mapping[str, Mapping[str, Any]],
    whole: Iterable[str],
) -> None:  # fmt: skip
    """Tell what has broken since the last look, and what is whole again; what stays as it was is not told again."""
    begun, ended = CHANGES[kind]
    for name, facts in broken.items():
        since = await _begin(session, f"{kind}:{name}", kind)
        if since is not None:
            alert = Alert(kind, begun, f"{name}:{since.isoformat()}", {"name": name, **facts}, f"adm:{kind}")
            await tell(app, session, organization_id, alert)
    for row in await db.fetch(session, _END, [f"{kind}:{name}" for name in whole]):
        name = row["key"].partition(":")[2]
        await tell(
            app, session, organization_id, Alert(kind, ended, f"{name}:{row['since'].isoformat()}", {"name": name})
        )


async def _tell_failed(app: App, session: AsyncSession, organization_id: UUID) -> None:
    """Tell of jobs and updates that have failed for good since the last look, in one message: they come in storms."""
    failed = {
        f"job:{job.id}:{job.updated_at.isoformat()}": f"{job.name}: {job.error}"
        for job in await job_queue.list_jobs(session, "failed", "", LOOKED_AT, None)
    }
    updates, _ = await channels.inbox_page(
        session, access.system_actor(organization_id), "failed", Page(limit=LOOKED_AT)
    )
    for update in updates:
        moment = (update.handled_at or update.received_at).isoformat()
        failed[f"job:update:{update.bot_id}:{update.update_id}:{moment}"] = f"update: {update.error or ''}"
    new = [key for key in failed if await _begin(session, key, "job") is not None]
    await db.fetch(session, _FORGET, "job", list(failed))
    if new:
        alert = Alert(
            "job", "admin-alert-failed", new[0], {"count": len(new), "first": failed[new[0]][:300]}, "adm:errors"
        )
        await tell(app, session, organization_id, alert)


async def _begin(session: AsyncSession, key: str, kind: str) -> datetime | None:
    """Since when, if a trouble is new; None when it is known."""
    rows = await db.fetch(session, _BEGIN, key, kind, clock.now())
    return rows[0]["since"] if rows else None
