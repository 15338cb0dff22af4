"""`kassa doctor`: what is set, what answers, and what to do about what does not."""

import platform
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text

from kassa import __version__
from kassa.adapters.http_calls import server_time
from kassa.core import access, ai, billing, channels, files, identity, ledger, policies
from kassa.kit import clock, ids, migrate
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.errors import AppError
from kassa.runtime import health
from kassa.runtime.settings import Settings

MAX_SKEW_S = 30.0
"""initData and webhooks carry times; a clock further off than this refuses honest people."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ok, warning or error, and what to do."""

    name: str
    state: str
    detail: str
    advice: str = ""


def effective(settings: Settings) -> dict[str, Any]:
    """The settings in force, with secrets told only as set or not."""
    shown: dict[str, Any] = {}
    for name, value in settings.model_dump(mode="json").items():
        is_secret = any(word in name for word in ("secret", "password", "key", "token", "dsn", "s3", "smtp"))
        if name == "ai_keys":
            shown[name] = dict.fromkeys(value, "set")
        elif is_secret:
            shown[name] = "set" if value else "not set"
        elif name.startswith("database") and isinstance(value, str):
            shown[name] = value.rsplit("@", 1)[-1] if value else ""
        else:
            shown[name] = value
    return shown


async def examine(app: App) -> list[Finding]:
    """Look at everything; one failed look does not hide the others."""
    looks: list[tuple[str, Callable[[App], Awaitable[list[Finding]]]]] = [
        ("database", _database), ("schema", _schema), ("secrets", _secrets), ("ledger", _ledger),
        ("telegram", _telegram), ("payments", _payments), ("ai", _ai), ("files", _files),
        ("mail", _mail), ("redis", _counters), ("addresses", _addresses), ("machine", _machine),
    ]  # fmt: skip
    findings: list[Finding] = []
    for name, look in looks:
        try:
            findings += await look(app)
        except (AppError, OSError, asyncpg.PostgresError, TimeoutError) as error:
            findings.append(Finding(name, "error", f"{type(error).__name__}: {error}"))
    return findings


async def _database(app: App) -> list[Finding]:
    state = await health.database_state(app)
    if state["status"] != "ok":
        return [Finding("database", "error", state["problem"], "Check KASSA_DATABASE_URL and that PostgreSQL runs")]
    version = await app.get(Database).ping()
    findings = [Finding("database", "ok", f"PostgreSQL {version}, answers in {state['latency_ms']} ms")]
    if int(version.split(".")[0]) < 15:
        findings.append(Finding("database_version", "error", version, "PostgreSQL 15 or newer is needed"))
    return findings


async def _schema(app: App) -> list[Finding]:
    async with app.get(Database).transaction() as session:
        try:
            found = await session.scalar(text("select version_num from alembic_version"))
        except Exception as error:  # noqa: BLE001 - whatever the reason, the advice is the same
            return [Finding("schema", "error", type(error).__name__, "Run `kassa migrate`")]
    wanted = migrate.head()
    if found != wanted:
        return [Finding("schema", "error", f"at {found}, this program needs {wanted}", "Run `kassa migrate`")]
    return [Finding("schema", "ok", f"at {found}")]


class _NotKept(Exception):
    """Ends a transaction that must leave nothing behind."""


async def _secrets(app: App) -> list[Finding]:
    """Whether every stored secret opens: by encrypting all anew and keeping nothing of it."""
    vault, count = app.get(Vault), 0
    try:
        async with app.get(Database).transaction() as session:
            count = await channels.rotate_tokens(session, vault) + await ai.rotate_keys(session, vault)
            raise _NotKept
    except _NotKept:
        return [Finding("secrets", "ok", f"{count} stored secrets open")]
    except AppError as error:
        advice = "Put the key they were encrypted with at the end of KASSA_SECRET_KEYS, then run kassa rotate-keys"
        return [Finding("secrets", "error", error.message, advice)]


async def _ledger(app: App) -> list[Finding]:
    red = [check for check in await check_ledger(app) if not check["ok"]]
    if red:
        names = ", ".join(check["name"] for check in red)
        return [
            Finding("ledger", "error", f"red: {names}", "Run `kassa ledger check` and stop selling until it is green")
        ]
    return [Finding("ledger", "ok", "all checks green")]


async def check_ledger(app: App) -> list[dict[str, Any]]:
    """Every check of ledger and money, with the rows that break it."""
    async with app.get(Database).transaction() as session:
        found = await ledger.run_checks(session)
        found += await ledger.run_checks(session, billing.BILLING_CHECKS)
    found += await billing.compare_statements(app)
    async with app.get(Database).transaction() as session:
        await billing.tell_checked(session, found)
    return [{"name": c.name, "ok": c.is_ok, "examples": [dict(row) for row in c.examples]} for c in found]


async def _telegram(app: App) -> list[Finding]:
    settings, findings = app.get(Settings), []
    skew = await _skew(settings.telegram_url)
    if isinstance(skew, str):
        return [
            Finding(
                "telegram", "error", f"{settings.telegram_url}: {skew}", "Check KASSA_TELEGRAM_API_URL and the network"
            )
        ]
    findings.append(Finding("telegram", "ok", f"{settings.telegram_url} answers"))
    state = "ok" if abs(skew) <= MAX_SKEW_S else "error"
    findings.append(
        Finding("clock", state, f"{skew:+.1f} s off", "" if state == "ok" else "Switch time synchronization (NTP) on")
    )
    async with app.get(Database).transaction() as session:
        organization = await identity.default_organization(session)
        bots = await channels.list_bots(session, access.system_actor(organization.id), channels.BotKind.TELEGRAM)
    enabled = [bot for bot in bots if bot.enabled]
    if not enabled:
        findings.append(Finding("bots", "warning", "none: only the site", "Add one: kassa bot add --token TOKEN"))
    for bot in enabled:
        try:
            profile = await app.get(channels.Bots).profile(bot.id)
            await app.get(channels.BotConnector).describe(profile.token)
            state, detail = ("warning", bot.problem) if bot.problem else ("ok", "token works")
            findings.append(Finding(f"bot @{bot.username}", state, detail))
        except AppError as error:
            advice = {
                "crypto.cannot_decrypt": "Put the key it was encrypted with at the end of KASSA_SECRET_KEYS",
                "channels.token_refused": "Get a new token from @BotFather and add the bot again",
            }.get(error.code, "")
            findings.append(Finding(f"bot @{bot.username}", "error", error.message, advice))
    if settings.is_webhook and not settings.is_sandbox and not settings.base_url.startswith("https://"):
        findings.append(
            Finding(
                "webhook",
                "error",
                settings.base_url,
                "Telegram wants https: set KASSA_PUBLIC_URL, or KASSA_TELEGRAM_TRANSPORT=polling",
            )
        )
    return findings


async def _counters(app: App) -> list[Finding]:
    counters = app.get(policies.Policies).counters
    if counters is None:
        return []
    return [Finding("redis", "ok", await counters.ping())]


async def _files(app: App) -> list[Finding]:
    findings = [Finding("files", "ok", await app.get(files.Storage).check())]
    scanner = app.get(files.Scanner)
    if scanner.is_set_up:
        await scanner.scan(b"nothing bad")
        findings.append(Finding("virus_scanner", "ok", "answers"))
    return findings


async def _mail(app: App) -> list[Finding]:
    if app.get(identity.Mailer).is_set_up:
        return [Finding("mail", "ok", "a server is set up")]
    advice = "Set KASSA_SMTP_URL: without it nobody can confirm an address or set a forgotten password"
    return [Finding("mail", "warning", "no server is set up", advice)]


async def _payments(app: App) -> list[Finding]:
    settings, findings = app.get(Settings), []
    providers = app.get(billing.Providers).by_name
    if not providers:
        findings.append(
            Finding(
                "payments",
                "warning",
                "no provider is set up",
                "Set KASSA_YOOKASSA_SHOP_ID and KASSA_YOOKASSA_SECRET_KEY",
            )
        )
    for name, provider in providers.items():
        try:
            findings.append(Finding(name, "ok", await provider.check_access()))
        except AppError as error:
            findings.append(
                Finding(name, "error", error.message, f"Check KASSA_{name.upper()}_SHOP_ID, _SECRET_KEY and _API_URL")
            )
    if not settings.is_sandbox and settings.yookassa_secret_key.startswith("test_"):
        findings.append(
            Finding(
                "yookassa_key",
                "error",
                "a test shop's key in production mode",
                "Payments would be refused: use the live shop's key",
            )
        )
    waiting = await app.get(Database).call(
        "select kind, count(*) as n from billing_review where resolved_at is null group by kind order by kind"
    )
    for row in waiting:
        advice = "Look at the payment at the provider and refund or assign it by hand"
        findings.append(Finding("payments to review", "warning", f"{row['n']} × {row['kind']}", advice))
    return findings


async def _ai(app: App) -> list[Finding]:
    findings = []
    async with app.get(Database).transaction() as session:
        organization = await identity.default_organization(session)
        cards = await ai.list_models(session, organization.id, app.get(ai.Gateway).drivers, family=ai.Family.TEXT)
        keys = await ai.list_keys(session, organization.id)
    if not cards:
        findings.append(
            Finding("ai", "warning", "no text model can be sold", "Set a provider's key, e.g. KASSA_OPENAI_API_KEY")
        )
    else:
        findings.append(Finding("ai", "ok", f"{len(cards)} text models: {', '.join(card.slug for card in cards)}"))
    resting = [key for key in keys if key.state != ai.KeyState.ACTIVE.value]
    return findings + [Finding(f"ai key {key.hint}", "warning", f"{key.state}: {key.reason}") for key in resting]


async def _addresses(app: App) -> list[Finding]:
    settings = app.get(Settings)
    if settings.is_sandbox:
        return [Finding("mode", "warning", "sandbox: payments are play money", "Set KASSA_MODE=production to sell")]
    state = "ok" if settings.base_url.startswith("https://") else "warning"
    return [Finding("public_url", state, settings.base_url, "" if state == "ok" else "Serve customers over https")]


async def _machine(app: App) -> list[Finding]:
    settings = app.get(Settings)
    disk = health.disk_state(settings)
    findings = [
        Finding("version", "ok", f"Kassa {__version__}, Python {platform.python_version()} on {sys.platform}"),
        Finding("disk", "ok" if disk["status"] == "ok" else "warning", f"{disk['free_percent']} % free",
                "" if disk["status"] == "ok" else "Make room: PostgreSQL stops when the disk is full"),
    ]  # fmt: skip
    if settings.data_dir.exists() and not _is_writable(settings.data_dir):
        findings.append(Finding("data_dir", "error", str(settings.data_dir), "The process cannot write there"))
    return findings


async def _skew(url: str) -> float | str:
    """How far our clock is from an outside server's, or why it does not answer."""
    try:
        theirs = await server_time(url)
    except AppError as error:
        return error.message
    return (clock.now() - theirs).total_seconds() if theirs else 0.0


def _is_writable(path: Path) -> bool:
    probe = path / f".probe-{ids.new()}"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError:
        return False
    return True
