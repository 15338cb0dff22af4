"""Telegram's webhook, sign-in from a Mini App, and the owner's bots and texts over HTTP."""

import hmac
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from kassa.core import access, i18n, identity
from kassa.core.access import StaffActor
from kassa.kit import metrics
from kassa.kit.db import Database
from kassa.kit.errors import Denied, NotFound
from kassa.kit.web import Problem, Tx, app_of, read_json

from . import bots
from .intake import accept_update
from .types import BotKind

router = APIRouter(prefix="/api/v1", tags=["channels"])


@router.post("/webhooks/telegram/{path}", include_in_schema=False)
async def telegram_webhook(request: Request, path: str) -> Response:
    """Take one update: stored and committed before the answer, so that Telegram may forget it."""
    app = request.app.state.kassa
    found = await app.get(bots.Bots).by_path(path)
    given = request.headers.get("x-telegram-bot-api-secret-token", "")
    if found is None or not hmac.compare_digest(found[1].encode(), given.encode("utf-8", "surrogateescape")):
        metrics.updates_received.labels("webhook", "refused").inc()
        raise Denied("channels.webhook_refused", "Unknown address or wrong secret")
    body = await request.body()
    update = read_json(body)
    if not isinstance(update, dict):
        raise Problem(400, "channels.malformed_update", "An update is a JSON object")
    is_new = await accept_update(app.get(Database), found[0], update, body)
    metrics.updates_received.labels("webhook", "new" if is_new else "repeated").inc()
    return Response(b'{"ok":true}', media_type="application/json")


class TelegramLogin(BaseModel):
    """What a Mini App was started with, and which bot started it."""

    init_data: str = Field(max_length=8192)
    bot_id: str = Field(description="The bot's id here, or its Telegram id")


@router.post("/auth/telegram", tags=["auth"])
async def login_telegram(request: Request, body: TelegramLogin, session: Tx) -> dict[str, Any]:
    """Sign a customer in by Mini App initData."""
    app = app_of(request)
    bot = await app.get(bots.Bots).profile(await _bot_id(session, body.bot_id))
    pair, customer = await identity.login_telegram(
        session, app.get(access.TokenSigner), bot.organization_id, bot.token, body.init_data, access.origin_of(request)
    )
    return {
        "access_token": pair.access_token, "refresh_token": pair.refresh_token, "expires_in": pair.expires_in,
        "token_type": "Bearer", "customer": {"id": str(customer.id), "number": customer.number, "name": customer.name},
    }  # fmt: skip


class BotOut(BaseModel):
    """A bot without its token; the site has no Telegram id."""

    id: UUID
    kind: BotKind
    telegram_id: int | None
    username: str
    name: str
    default_locale: str
    locales: list[str]
    plans: list[str] | None
    models: list[str] | None
    enabled: bool
    is_connected: bool
    problem: str | None


class BotChange(BaseModel):
    """What to change; what is left out stays."""

    default_locale: str | None = None
    locales: list[str] | None = Field(default=None, min_length=1)
    plans: list[str] | None = None
    models: list[str] | None = None
    enabled: bool | None = None


@router.get("/admin/bots", tags=["admin"])
async def list_bots(actor: StaffActor, session: Tx) -> dict[str, Any]:
    """The organization's bots."""
    return {"items": [_out(bot) for bot in await bots.list_bots(session, actor)], "next_cursor": None}


@router.put("/admin/bots/{bot_id}", tags=["admin"])
async def change_bot(request: Request, bot_id: UUID, body: BotChange, actor: StaffActor, session: Tx) -> BotOut:
    """Change a bot's languages, plans and models."""
    changed = await bots.change_bot(session, actor, bot_id, **body.model_dump())
    app_of(request).get(bots.Bots).forget()
    return _out(changed)


class TextIn(BaseModel):
    """A text as the owner wants it (Fluent, Markdown), and facts for a preview."""

    text: str = Field(max_length=4000)
    facts: dict[str, str | int] = Field(default_factory=dict)


@router.get("/admin/bots/{bot_id}/texts", tags=["admin"])
async def list_texts(
    request: Request, bot_id: UUID, actor: StaffActor, session: Tx, locale: str = "ru"
) -> dict[str, Any]:
    """Every text of a bot in a language: the default, the owner's own, and the facts it may use."""
    await _own_bot(session, actor, bot_id)
    texts = app_of(request).get(i18n.Texts)
    own = await i18n.load_overrides(session, bot_id)
    items = [
        {"key": key, "default": texts.source(key, locale), "own": own.get(f"{locale}/{key}"),
         "facts": sorted(texts.variables(key, locale))}
        for key in texts.keys(locale)
    ]  # fmt: skip
    return {"items": items, "next_cursor": None}


@router.post("/admin/bots/{bot_id}/texts/{locale}/{key}/preview", tags=["admin"])
async def preview_text(
    request: Request, bot_id: UUID, locale: str, key: str, body: TextIn, actor: StaffActor, session: Tx
) -> dict[str, str]:
    """How a text would read, checked but not saved."""
    await _own_bot(session, actor, bot_id)
    return {"text": app_of(request).get(i18n.Texts).preview(key, locale, body.text, body.facts)}


@router.put("/admin/bots/{bot_id}/texts/{locale}/{key}", tags=["admin"])
async def save_text(
    request: Request, bot_id: UUID, locale: str, key: str, body: TextIn, actor: StaffActor, session: Tx
) -> dict[str, str]:
    """Use the owner's version of a text from now on."""
    await _own_bot(session, actor, bot_id)
    app = app_of(request)
    await i18n.save_override(session, app.get(i18n.Texts), actor.organization_id, bot_id, locale, key, body.text)
    app.get(bots.Bots).forget()
    return {"text": body.text}


@router.delete("/admin/bots/{bot_id}/texts/{locale}/{key}", tags=["admin"], status_code=204)
async def reset_text(request: Request, bot_id: UUID, locale: str, key: str, actor: StaffActor, session: Tx) -> None:
    """Go back to the default text."""
    await _own_bot(session, actor, bot_id)
    await i18n.reset_override(session, actor.organization_id, bot_id, locale, key)
    app_of(request).get(bots.Bots).forget()


async def _own_bot(session: Any, actor: access.Actor, bot_id: UUID) -> None:
    actor.require(access.Permission.TEXTS_EDIT)
    if bot_id not in {bot.id for bot in await bots.list_bots(session, actor)}:
        raise NotFound("channels.bot_not_found", "No such bot")


async def _bot_id(session: Any, given: str) -> UUID:
    found = await bots.find_bot(session, given)
    if found is None:
        raise NotFound("channels.bot_not_found", "No such bot")
    return found


def _out(bot: bots.BotInfo) -> BotOut:
    return BotOut(
        id=bot.id, kind=bot.kind, telegram_id=bot.telegram_id, username=bot.username, name=bot.name,
        default_locale=bot.default_locale, locales=list(bot.locales),
        plans=list(bot.plans) if bot.plans is not None else None,
        models=list(bot.models) if bot.models is not None else None,
        enabled=bot.enabled, is_connected=bot.connected_at is not None, problem=bot.problem,
    )  # fmt: skip
