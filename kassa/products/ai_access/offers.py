"""What a bot offers: its models for texts, what an answer costs as it is told, and which of them see pictures."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ai
from kassa.core.channels import BotProfile
from kassa.kit.app import App
from kassa.kit.errors import NotFound

from .types import Defaults


async def text_models(session: AsyncSession, app: App, bot: BotProfile) -> list[ai.ModelCard]:
    """The models that answer in this bot, in the catalogue's order."""
    drivers = app.get(ai.Gateway).drivers
    cards = await ai.list_models(session, bot.organization_id, drivers, family=ai.Family.TEXT)
    return [card for card in cards if bot.offers(card.slug)]


async def chosen_model(session: AsyncSession, app: App, bot: BotProfile, context: Mapping[str, Any]) -> str:
    """The model that answers in a chat: the one its customer chose, else the usual one, else the bot's first.

    Raises NotFound `ai.model_not_found`.
    """
    for slug in (context.get("model"), app.get(Defaults).model):
        if slug and bot.offers(str(slug)):
            return str(slug)
    cards = await text_models(session, app, bot)
    if not cards:
        raise NotFound("ai.model_not_found", "This bot offers no model")
    return cards[0].slug


def price(card: ai.ModelCard) -> int:
    """The price on a button: fixed, or what a short question with a page of answer costs at most."""
    return ai.quote(card.price, {} if card.price.is_fixed else ai.upper_bound(200, 500)).tokens


def sees_pictures(model: ai.ModelCard | ai.ModelView) -> bool:
    """Whether pictures may come with a question."""
    return model.abilities.get("vision") is True
