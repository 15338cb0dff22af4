"""Telegram's webhook, and signing in by what Telegram signs."""

import hmac
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import identity
from kassa.core.access import CustomerActor, TokenPair, TokenSigner, TokensOut, origin_of
from kassa.core.channels.bots import Bots, find_bot
from kassa.core.channels.intake import accept_update
from kassa.kit import metrics
from kassa.kit.db import Database
from kassa.kit.errors import Denied, Invalid, NotFound
from kassa.kit.personal import Holders
from kassa.kit.web import ERRORS, Problem, Tx, app_of, read_json

router = APIRouter(prefix="/api/v1", tags=["channels"], responses=ERRORS)


@router.post("/webhooks/telegram/{path}", include_in_schema=False)
async def telegram_webhook(request: Request, path: str) -> Response:
    """Take one update: stored and committed before the answer, so that Telegram may forget it."""
    app = request.app.state.kassa
    found = await app.get(Bots).by_path(path)
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
    bot_id: str = Field(max_length=60, description="The bot's id here, or its Telegram id")


class WidgetLogin(BaseModel):
    """What Telegram's Login Widget gave the page, and for which bot."""

    facts: dict[str, str | int] = Field(max_length=20)
    bot_id: str = Field(max_length=60)


class TelegramProof(BaseModel):
    """What Telegram signed: a Mini App's initData, or the facts of the Login Widget; and for which bot."""

    init_data: str | None = Field(None, max_length=8192)
    facts: dict[str, str | int] | None = Field(None, max_length=20)
    bot_id: str = Field(max_length=60)


class EnteredOut(TokensOut):
    """A pair of tokens, and who came in."""

    customer: "CustomerOut"


class CustomerOut(BaseModel):
    """The customer who came in."""

    id: UUID
    number: int
    name: str


@router.post("/auth/telegram", tags=["auth"])
async def login_telegram(request: Request, body: TelegramLogin, session: Tx) -> EnteredOut:
    """Sign a customer in by Mini App initData."""
    app = app_of(request)
    bot = await app.get(Bots).profile(await _bot_id(session, body.bot_id))
    pair, customer = await identity.login_telegram(
        session, app.get(TokenSigner), bot.organization_id, bot.token, body.init_data, origin_of(request)
    )
    return _entered(pair, customer)


@router.post("/auth/telegram/widget", tags=["auth"])
async def login_widget(request: Request, body: WidgetLogin, session: Tx) -> EnteredOut:
    """Sign a customer in by Telegram's Login Widget."""
    app = app_of(request)
    bot = await app.get(Bots).profile(await _bot_id(session, body.bot_id))
    pair, customer = await identity.login_widget(
        session, app.get(TokenSigner), bot.organization_id, bot.token, dict(body.facts), origin_of(request)
    )
    return _entered(pair, customer)


@router.post("/auth/link/telegram", status_code=204, tags=["auth"])
async def link_telegram(request: Request, body: TelegramProof, actor: CustomerActor, session: Tx) -> None:
    """Add a Telegram account to one's own; what it has here already becomes one with it."""
    app = app_of(request)
    bot = await app.get(Bots).profile(await _bot_id(session, body.bot_id))
    if bot.organization_id != actor.organization_id:
        raise NotFound("channels.bot_not_found", "No such bot")
    if (body.init_data is None) is (body.facts is None):
        raise Invalid("channels.proof_missing", "Give init_data or facts, one of them")
    if body.init_data is not None:
        person = identity.check_init_data(body.init_data, bot.token)
    else:
        person = identity.check_login_widget(dict(body.facts or {}), bot.token)
    await identity.link_telegram(session, app.get(Holders), actor, person)


def _entered(pair: TokenPair, customer: identity.Customer) -> EnteredOut:
    who = CustomerOut(id=customer.id, number=customer.number, name=customer.name)
    return EnteredOut(**TokensOut.of(pair).model_dump(), customer=who)


async def _bot_id(session: AsyncSession, given: str) -> UUID:
    found = await find_bot(session, given)
    if found is None:
        raise NotFound("channels.bot_not_found", "No such bot")
    return found
