"""What the command line does, as functions of the App."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from kassa.core import access, ai, billing, channels, i18n, identity, policies
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database, plain_url
from kassa.kit.errors import AppError, Conflict, Invalid, NotFound, Unavailable
from kassa.kit.postgres import EmbeddedPostgres
from kassa.runtime import build, demo, doctor, http, process
from kassa.runtime.settings import Settings


async def seed(app: App) -> dict[str, Any]:
    """The catalogue is seeded at every start; in sandbox mode the demo bots come on top."""
    await demo.seed_demo(app)
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        plans = await billing.list_plans(session, actor.organization_id)
        models = await ai.list_models(session, actor.organization_id, app.get(ai.Gateway).drivers, only_sellable=False)
        bots = await channels.list_bots(session, actor, channels.BotKind.TELEGRAM)
    return {"plans": len(plans), "models": len(models), "bots": len(bots)}


async def diagnose(settings: Settings) -> dict[str, Any]:
    """The doctor's findings; a start that fails is a finding too."""
    shown = doctor.effective(settings)
    try:
        findings = await process.with_app(settings, doctor.examine)
    except AppError as error:
        findings = [doctor.Finding("start", "error", f"{error.code}: {error.message}")]
    except OSError as error:
        findings = [
            doctor.Finding("database", "error", repr(error), "Check KASSA_DATABASE_URL and that PostgreSQL runs")
        ]
    rows = [{"name": f.name, "state": f.state, "detail": f.detail, "advice": f.advice} for f in findings]
    return {"ok": all(row["state"] != "error" for row in rows), "findings": rows, "settings": shown}


async def rotate_keys(app: App) -> dict[str, Any]:
    """Encrypt every stored secret with the first key; all or nothing."""
    vault = app.get(Vault)
    async with app.get(Database).transaction() as session:
        bots = await channels.rotate_tokens(session, vault)
        keys = await ai.rotate_keys(session, vault)
        seeds = await identity.rotate_seeds(session, vault)
    return {"bots": bots, "ai_keys": keys, "second_factors": seeds}


async def refund(app: App, wanted: str, amount: str | None, reason: str) -> dict[str, Any]:
    """Give money back by payment id, order id or order number."""
    actor = await _system(app)
    payment_id = await _payment_id(app, wanted)
    made = await billing.give_back(app, actor, payment_id, billing.read_amount(amount), reason, None)
    return {
        "id": str(made.id), "payment_id": str(made.payment_id), "status": made.status.value,
        "amount": {"units": made.amount.units, "asset": made.amount.asset}, "tokens_taken": made.tokens_taken,
    }  # fmt: skip


async def openapi(app: App) -> dict[str, Any]:
    """The API's description."""
    return http.create_app(app).openapi()


async def add_bot(app: App, token: str, locale: str, locales: str, plans: str, models: str) -> dict[str, Any]:
    """Check a token with Telegram and store the bot; the running bot role connects it within seconds."""
    languages = _split(locales) or app.get(Settings).supported_locales
    known = app.get(i18n.Texts).locales
    for language in [*languages, locale]:
        if language not in known:
            raise Invalid(
                "channels.locale_unknown", f"There are no texts in {language!r}; there are {', '.join(known)}"
            )
    actor = await _system(app)
    described = await app.get(channels.BotConnector).describe(token)
    async with app.get(Database).transaction() as session:
        for slug in _split(plans):
            await billing.get_plan(session, actor.organization_id, slug)
        for slug in _split(models):
            await ai.get_model(session, actor.organization_id, slug, app.get(ai.Gateway).drivers)
        bot_id = await channels.add_bot(
            session, app.get(Vault), actor, token, described, default_locale=locale, locales=languages,
            plans=_split(plans) or None, models=_split(models) or None,
        )  # fmt: skip
    return {"id": str(bot_id), "telegram_id": described[0], "username": described[1], "name": described[2]}


async def list_bots(app: App) -> dict[str, Any]:
    """Every bot, without tokens."""
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        bots = await channels.list_bots(session, actor)
    return {
        "bots": [
            {"id": str(bot.id), "kind": bot.kind.value, "telegram_id": bot.telegram_id, "username": bot.username,
             "name": bot.name, "locales": bot.locales, "plans": bot.plans, "models": bot.models, "enabled": bot.enabled,
             "problem": bot.problem}
            for bot in bots
        ]
    }  # fmt: skip


async def remove_bot(app: App, wanted: str) -> dict[str, Any]:
    """Forget a bot's token; its history stays."""
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        username = await channels.remove_bot(session, actor, await _bot_id(session, wanted))
    return {"username": username}


async def set_text(app: App, bot: str, locale: str, key: str, text: str) -> dict[str, Any]:
    """Save an own version of a text, or go back to the default; the answer previews it."""
    actor, texts = await _system(app), app.get(i18n.Texts)
    async with app.get(Database).transaction() as session:
        bot_id = await _bot_id(session, bot)
        if text:
            await i18n.save_override(session, texts, actor.organization_id, bot_id, locale, key, text)
        else:
            await i18n.reset_override(session, actor.organization_id, bot_id, locale, key)
    shown = texts.preview(key, locale, text, {}) if text else texts.source(key, locale)
    return {"key": key, "locale": locale, "preview": shown}


async def show_rules(app: App) -> dict[str, Any]:
    """The rules in force."""
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        found = await policies.current_rules(session, actor)
    return {"number": found.number, "note": found.note, "source": found.source}


def check_rules(path: Path) -> dict[str, Any]:
    """What is wrong with a file of rules."""
    try:
        document = policies.read_rules(path.read_text("utf-8"))
    except Invalid as error:
        told = [f"line {p['line']}, {p['where'] or 'the file'}: {p['problem']}" for p in error.facts["problems"]]
        return {"ok": False, "problems": told, "rules": 0}
    except (OSError, UnicodeDecodeError) as error:
        return {"ok": False, "problems": [f"{path}: {error}"], "rules": 0}
    return {"ok": True, "problems": [], "rules": len(document.rules)}


async def save_rules(app: App, source: str, note: str) -> dict[str, Any]:
    """Put rules in force."""
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        saved = await policies.save_rules(session, actor, source, note)
    return {"number": saved.number, "note": saved.note}


async def add_organization(app: App, slug: str, name: str, email: str, password: str) -> dict[str, Any]:
    """Make another business on this installation, with the seed's plans and models and an owner of its own."""
    async with app.get(Database).transaction() as session:
        made = await identity.create_organization(session, slug, name, app.get(Settings).default_locale)
        await identity.create_staff(session, made.id, email, password, access.Role.OWNER)
    await build.seed_organization(app, made.id)
    return {"id": str(made.id), "slug": made.slug, "name": made.name, "owner": email}


async def create_staff(app: App, email: str, password: str, role: str) -> dict[str, Any]:
    """Add a member of staff."""
    if role not in list(access.Role):
        raise Invalid("access.role_unknown", f"No role {role!r}; there are {', '.join(access.Role)}")
    actor = await _system(app)
    async with app.get(Database).transaction() as session:
        staff_id = await identity.create_staff(session, actor.organization_id, email, password, access.Role(role))
    return {"id": str(staff_id), "email": email, "role": role}


async def check_ledger(app: App) -> dict[str, Any]:
    """Every check with its outcome."""
    checks = await doctor.check_ledger(app)
    return {"ok": all(check["ok"] for check in checks), "checks": checks}


def backup(settings: Settings, path: Path) -> int:
    """Dump the database; the size in bytes. Raises Unavailable `backup.failed`."""
    partial = path.with_name(path.name + ".part")
    with _postgres(settings) as (url, program):
        _run_tool([program("pg_dump"), "--format=custom", "--file", str(partial), plain_url(url)])
    # A backup that was cut off must not look like one.
    partial.replace(path)
    return path.stat().st_size


def restore(settings: Settings, path: Path, *, is_sure: bool) -> None:
    """Replace the database. Raises Conflict `backup.not_confirmed`, NotFound, Unavailable `backup.failed`."""
    if not path.exists():
        raise NotFound("backup.not_found", f"{path}: no such file")
    if not is_sure:
        raise Conflict("backup.not_confirmed", "This replaces the present database: add --yes")
    with _postgres(settings) as (url, program):
        _run_tool([program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--single-transaction",
                   "--exit-on-error", "--dbname", plain_url(url), str(path)])  # fmt: skip


def bench(arguments: list[str]) -> int:
    """Run the measurements of the folder bench/, which needs a checkout."""
    root = Path(__file__).parents[2]
    if not (root / "bench" / "run.py").exists():
        raise NotFound("bench.not_installed", "Measurements need a checkout of the source")
    command = [sys.executable, "-m", "bench.run", *arguments]
    return subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False).returncode


class _postgres:  # noqa: N801 - reads as a with-statement
    """The database's address and its tools: the embedded ones, or those on the PATH for a server of the operator's."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.database_url
        self._embedded = None if settings.database_url else EmbeddedPostgres(settings.data_dir / "postgres")

    def __enter__(self) -> tuple[str, Any]:
        if self._embedded is None:
            return self._url, lambda name: name
        embedded = self._embedded
        return embedded.start(), lambda name: str(embedded.program(name))

    def __exit__(self, *_: object) -> None:
        if self._embedded is not None:
            self._embedded.stop()


def _run_tool(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Unavailable("backup.failed", f"{command[0]} is not installed") from error
    if done.returncode != 0:
        raise Unavailable("backup.failed", done.stderr.strip()[:2000])


async def _system(app: App) -> access.Actor:
    async with app.get(Database).transaction() as session:
        organization = await identity.default_organization(session)
    return access.system_actor(organization.id)


async def _bot_id(session: Any, wanted: str) -> UUID:
    found = await channels.find_bot(session, wanted)
    if found is None:
        raise NotFound("channels.bot_not_found", f"No bot {wanted}")
    return found


async def _payment_id(app: App, wanted: str) -> UUID:
    if wanted.isdigit():
        rows = await app.get(Database).call("select id from billing_order where number = $1", int(wanted))
        if rows:
            return UUID(str(rows[0]["id"]))
    try:
        return UUID(wanted)
    except ValueError as error:
        raise NotFound("billing.payment_not_found", f"No payment or order {wanted}") from error


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]
