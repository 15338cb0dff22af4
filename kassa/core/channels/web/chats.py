"""A customer's chat with a bot on the web: its number among chats, its stream, and who may read it."""

from uuid import UUID

from kassa.core import identity, live
from kassa.core.access import Actor, ActorKind
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, NotFound

from kassa.core.channels.bots import Bots
from kassa.core.channels.types import BotProfile, web_chat_of

STREAM = "chat"
FIRST_WEB_CHAT = web_chat_of(0)


def stream_of(bot_id: UUID, chat_id: int) -> str:
    """The stream of a chat."""
    return f"{STREAM}:{bot_id}.{chat_id - FIRST_WEB_CHAT}"


async def chat_of_stream(app: App, found: str) -> tuple[BotProfile, int]:
    """The bot and the chat behind a stream's id. Raises NotFound `live.stream_not_found`."""
    bot_id, _, number = found.partition(".")
    try:
        profile = await app.get(Bots).profile(UUID(bot_id))
        return profile, web_chat_of(int(number))
    except (ValueError, AppError) as error:
        raise NotFound("live.stream_not_found", "There is no such stream") from error


async def may_follow(app: App, actor: Actor, found: str) -> bool:
    """Whether the stream is the customer's own chat."""
    if actor.kind is not ActorKind.CUSTOMER:
        return False
    try:
        profile, chat_id = await chat_of_stream(app, found)
        async with app.get(Database).transaction() as session:
            customer = await identity.get_customer(session, actor.organization_id, actor.id)
    except AppError:
        return False
    return profile.organization_id == actor.organization_id and chat_id == web_chat_of(customer.number)


async def tell(database: Database, bot_id: UUID, chat_id: int, kind: str, **facts: object) -> None:
    """Tell the page something that only matters now."""
    await live.tell(database, stream_of(bot_id, chat_id), kind, facts)
