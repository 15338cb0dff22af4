"""The models of a bot over HTTP: what a page lets choose from."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kassa.core.channels import WebChat
from kassa.kit.lists import ListOut
from kassa.kit.web import ERRORS, Tx
from kassa.products.ai_access import offers

router = APIRouter(prefix="/api/v1/models", tags=["dialogs"], responses=ERRORS)


class ModelOut(BaseModel):
    """A model that answers. `price_tokens` is for one answer: all of it when it is fixed, else of an ordinary one."""

    slug: str
    name: str
    family: str
    description: str
    price_tokens: int
    is_price_fixed: bool
    sees_pictures: bool


@router.get("")
async def list_models(
    chat: WebChat, session: Tx, locale: Annotated[str, Query(max_length=16)] = ""
) -> ListOut[ModelOut]:
    """The models that a bot offers, in the order it tells them. `locale` is the page's, or the bot's own."""
    language = locale.partition("-")[0].lower() or chat.bot.default_locale
    items = [
        ModelOut(
            slug=card.slug, name=card.title.get(language) or card.title.get("en") or card.slug,
            family=card.family.value, description=card.description.get(language) or card.description.get("en") or "",
            price_tokens=offers.price(card), is_price_fixed=card.price.is_fixed,
            sees_pictures=offers.sees_pictures(card),
        )
        for card in await offers.text_models(session, chat.app, chat.bot)
    ]  # fmt: skip
    return ListOut(items=items, next_cursor=None)
