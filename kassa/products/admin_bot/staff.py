"""Who in a chat is staff: asked anew for every step, so that a role that changed counts at once."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from kassa.core import identity
from kassa.core.access import Actor
from kassa.core.channels import Turn, is_web
from kassa.kit import db, jobs
from kassa.kit.errors import NotFound

Page = Callable[[Turn, Actor, str], Awaitable[None]]
"""What answers a command or a pressed button of a member of staff."""

_NOTE = """
insert into admin_bot_chat as c (bot_id, telegram_id, organization_id, locale, used_at)
values ($1, $2, $3, $4, now())
on conflict (bot_id, telegram_id) do update set locale = excluded.locale, used_at = now()
returning (xmax = 0) as is_new
"""


async def acting(turn: Turn) -> Actor | None:
    """The member of staff who speaks, with what they may do now; None for everybody else, and outside private chats."""
    person = turn.incoming.person
    if person is None or not turn.is_private or is_web(turn.chat_id):
        return None
    return await identity.staff_in_telegram(turn.session, turn.bot.organization_id, person.telegram_id)


async def note_chat(turn: Turn) -> None:
    """Remember where the member was last: alerts go there. A chat that is new gets the commands for staff."""
    rows = await db.fetch(turn.session, _NOTE, turn.bot.id, turn.chat_id, turn.bot.organization_id, turn.locale)
    if rows[0]["is_new"]:
        await jobs.enqueue(turn.session, "admin_bot.set_menu", bot_id=str(turn.bot.id), telegram_id=turn.chat_id)


def id_of(argument: str) -> UUID:
    """The id in a button. Raises NotFound `admin_bot.button_outdated` for what no button of ours says."""
    try:
        return UUID(argument)
    except ValueError as error:
        raise NotFound("admin_bot.button_outdated", "This button is not one of ours") from error
