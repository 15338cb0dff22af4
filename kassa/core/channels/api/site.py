"""What a page has to know before anybody signs in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from kassa.core import i18n, identity
from kassa.core.channels import bots
from kassa.core.channels.customer_app import CustomerApp
from kassa.core.channels.types import BotProfile
from kassa.core.channels.web.sites import site_of
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import NotFound
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)


class SignInBotOut(BaseModel):
    """A bot that people can sign in with."""

    id: UUID = Field(description="The bot's id here: `bot_id` of POST /auth/telegram and /auth/telegram/widget")
    telegram_id: int = Field(description="The bot's id in Telegram: `bot_id` of the page at `oauth_url`")
    username: str = Field(description="Its @username, without the @: https://t.me/<username> leads to it")
    name: str


class TelegramSignInOut(BaseModel):
    """How people sign in with Telegram outside of it."""

    oauth_url: str = Field(
        description="Send the browser to <oauth_url>/auth?bot_id=<telegram_id>&origin=<origin>&request_access=write"
        "&return_to=<address of the same origin>. It comes back with #tgAuthResult=, base64url of the JSON that POST "
        "/auth/telegram/widget takes as `facts`; or with #tgAuthResult=false"
    )
    bots: list[SignInBotOut] = Field(description="The oldest first; empty when the organization has none")


class SiteOut(BaseModel):
    """The organization as its visitors see it."""

    organization_id: UUID
    name: str
    default_locale: str
    locales: list[str]
    bot_id: UUID | None = Field(description="The bot of the web chat, for people who came by none; null: it is off")
    telegram: TelegramSignInOut


@router.get("/chat/site")
async def show_site(
    request: Request, session: Tx,
    organization: Annotated[str, Query(max_length=80, description="Its short name")] = identity.DEFAULT_SLUG,
) -> SiteOut:  # fmt: skip
    """What a page has to know before anybody signs in: names, languages, bots to sign in with. For everybody."""
    app = app_of(request)
    found = await identity.find_organization(session, organization)
    site = await _site(app, found.id)
    known = await bots.list_telegram_bots(session, found.id)
    return SiteOut(
        organization_id=found.id, name=found.name,
        default_locale=site.default_locale if site else found.default_locale,
        locales=list(site.locales) if site else app.get(i18n.Texts).locales,
        bot_id=site.id if site else None,
        telegram=TelegramSignInOut(
            oauth_url=app.get(CustomerApp).oauth_url,
            bots=[
                SignInBotOut(id=bot.id, telegram_id=bot.telegram_id, username=bot.username, name=bot.name)
                for bot in known
            ],
        ),
    )  # fmt: skip


async def _site(app: App, organization_id: UUID) -> BotProfile | None:
    site_id = await site_of(app.get(Database), organization_id, app.get(i18n.Texts).locales)
    try:
        return await app.get(bots.Bots).profile(site_id)
    except NotFound:
        return None
