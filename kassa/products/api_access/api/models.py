"""`/v1/models`."""

from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from kassa.core import ai
from kassa.core.access import Caller
from kassa.kit.errors import NotFound
from kassa.kit.web import Tx, app_of
from kassa.products.api_access.calls import require_customer
from kassa.products.api_access.errors import DOCUMENTED

router = APIRouter(prefix="/v1", tags=["openai"], responses=DOCUMENTED)

OFFERED = (ai.Family.TEXT, ai.Family.IMAGE, ai.Family.AUDIO, ai.Family.EMBEDDING)


class ModelOut(BaseModel):
    """A model as OpenAI's clients expect it."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelsOut(BaseModel):
    """A list as OpenAI's clients expect it."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


@router.get("/models")
async def list_models(request: Request, actor: Caller, session: Tx) -> ModelsOut:
    """The models that can be asked by API."""
    require_customer(actor, "models")
    kinds = app_of(request).get(ai.Gateway).kinds
    found = await ai.list_models(session, actor.organization_id, kinds)
    return ModelsOut(data=[_model(card) for card in found if card.family in OFFERED])


@router.get("/models/{slug}")
async def get_model(request: Request, slug: str, actor: Caller, session: Tx) -> ModelOut:
    """One of them."""
    for model in (await list_models(request, actor, session)).data:
        if model.id == slug:
            return model
    raise NotFound("ai.model_not_found", f"The model `{slug}` does not exist", model=slug)


def _model(card: ai.ModelCard) -> ModelOut:
    day = card.released_on
    created = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else 0
    return ModelOut(id=card.slug, created=created, owned_by=card.family.value)
