"""What came in from channels, as staff look at it: what failed, and handling it once more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import ids, jobs
from kassa.kit.errors import Conflict, NotFound
from kassa.kit.listing import Page, fetch_page

from .models import ChannelBot, ChannelUpdate


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update as it stands: new, done, or failed after all its attempts."""

    bot_id: UUID
    update_id: int
    chat_id: int
    state: str
    attempts: int
    error: str | None
    received_at: datetime
    handled_at: datetime | None


async def inbox_page(
    session: AsyncSession, actor: Actor, state: str, page: Page
) -> tuple[list[StoredUpdate], str | None]:
    """A page of updates of the organization's bots, the newest first. Raises Denied."""
    actor.require(Permission.OPERATIONS_VIEW)
    ours = select(ChannelBot.id).where(ChannelBot.organization_id == actor.organization_id)
    wanted = select(ChannelUpdate).where(ChannelUpdate.bot_id.in_(ours))
    if state:
        wanted = wanted.where(ChannelUpdate.state == state)
    rows, after = await fetch_page(
        session, wanted, page, ChannelUpdate.received_at, ChannelUpdate.bot_id, ChannelUpdate.update_id
    )
    return [
        StoredUpdate(r.bot_id, r.update_id, r.chat_id, r.state, r.attempts, r.error, r.received_at, r.handled_at)
        for r in rows
    ], after


async def replay_update(session: AsyncSession, actor: Actor, bot_id: UUID, update_id: int) -> None:
    """Handle a failed update once more. Raises Denied, NotFound `channels.update_not_found`,
    Conflict `channels.update_not_failed`."""
    actor.require(Permission.OPERATIONS_REPLAY)
    row = await session.get(ChannelUpdate, (bot_id, update_id), with_for_update=True)
    bot = await session.get(ChannelBot, bot_id)
    if row is None or bot is None or bot.organization_id != actor.organization_id:
        raise NotFound("channels.update_not_found", "No such update")
    if row.state != "failed":
        raise Conflict("channels.update_not_failed", "Only a failed update is handled once more", state=row.state)
    row.state, row.attempts, row.handled_at = "new", 0, None
    await audit.record(session, actor, "update.replayed", "update", f"{bot_id}/{update_id}")
    await session.flush()
    await jobs.enqueue(session, "channels.handle_updates", bot_id=str(bot_id), chat_id=row.chat_id, lane=str(ids.new()))
