"""One's own Telegram, over HTTP: tied by a link, shown, untied."""

from datetime import datetime
from uuid import UUID

import segno
from fastapi import APIRouter
from pydantic import BaseModel

from kassa.core import access, channels, identity
from kassa.core.access import Actor, StaffActor
from kassa.kit.errors import NotFound
from kassa.kit.web import ERRORS, Tx

router = APIRouter(prefix="/api/v1/admin/me/telegram", tags=["admin"], responses=ERRORS)


class StaffBotOut(BaseModel):
    """A bot in which staff may work."""

    id: UUID
    username: str
    name: str


class StaffTelegramOut(BaseModel):
    """The Telegram account that is tied to one's own (null when there is none), and the bots to tie one in."""

    telegram_id: int | None
    name: str
    linked_at: datetime | None
    bots: list[StaffBotOut]


class StaffLinkIn(BaseModel):
    """In which bot; the first one when left out."""

    bot_id: UUID | None = None


class StaffLinkOut(BaseModel):
    """A link that ties the Telegram which opens it: once, until it expires. The same as a picture (SVG)."""

    url: str
    qr_svg: str
    bot: StaffBotOut
    expires_at: datetime


@router.get("")
async def get_telegram(actor: StaffActor, session: Tx) -> StaffTelegramOut:
    """One's own Telegram."""
    found = await identity.telegram_of(session, actor)
    return StaffTelegramOut(
        telegram_id=found.telegram_id if found else None, name=found.name if found else "",
        linked_at=found.linked_at if found else None, bots=await _bots(session, actor),
    )  # fmt: skip


@router.post("", status_code=201)
async def post_telegram(body: StaffLinkIn, actor: StaffActor, session: Tx) -> StaffLinkOut:
    """Make a link; an earlier one works no longer."""
    bot = next((bot for bot in await _bots(session, actor) if body.bot_id in (None, bot.id)), None)
    if bot is None:
        raise NotFound("channels.bot_not_found", "No such bot, or it is switched off")
    secret, expires_at = await identity.begin_link(session, actor)
    url = f"https://t.me/{bot.username}?start=staff_{secret}"
    picture = segno.make(url, error="m").svg_inline(scale=4, border=2)
    return StaffLinkOut(url=url, qr_svg=picture, bot=bot, expires_at=expires_at)


@router.delete("", status_code=204)
async def delete_telegram(actor: StaffActor, session: Tx) -> None:
    """Untie one's own Telegram: from the next message on it is a customer's like any other."""
    await identity.unlink_staff(session, actor)


async def _bots(session: Tx, actor: Actor) -> list[StaffBotOut]:
    # Whoever works here may work in its bots, also who may not change them.
    ours = access.system_actor(actor.organization_id)
    found = await channels.list_bots(session, ours, channels.BotKind.TELEGRAM)
    return [StaffBotOut(id=bot.id, username=bot.username, name=bot.name) for bot in found if bot.enabled]
