"""The catalogue of models, where they are bought, keys and prices for staff, over HTTP."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission, StaffActor
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.kit.listing import Page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.outgoing import Outgoing
from kassa.kit.web import ERRORS, Tx, app_of

from . import changes, queries
from .gateway import Gateway
from .pool import KeyPool
from .types import Family

router = APIRouter(prefix="/api/v1/admin/ai", tags=["admin"], responses=ERRORS)


class ModelOut(BaseModel):
    """A model as staff see it. `price` and the routes' `cost` are data in the catalogue's format."""

    id: UUID
    slug: str
    family: Family
    title: dict[str, str]
    description: dict[str, str]
    badges: list[str]
    price: dict[str, Any]
    price_version: int
    visible: bool
    enabled: bool
    is_sellable: bool
    released_on: date | None
    deprecated_on: date | None
    shutdown_on: date | None
    successor: str


class ModelChange(BaseModel):
    """What to change; what is left out stays."""

    title: dict[str, str] | None = None
    description: dict[str, str] | None = None
    visible: bool | None = None
    enabled: bool | None = None
    position: int | None = Field(None, ge=0, le=10_000)
    cache_enabled: bool | None = None
    reason: str = Field("", max_length=500)


class PriceIn(BaseModel):
    """A price in the catalogue's format, and why it changes."""

    price: dict[str, Any]
    reason: str = Field(min_length=1, max_length=500)


class PriceOut(BaseModel):
    """A price that was valid from a moment on."""

    version: int
    price: dict[str, Any]
    source: str
    valid_from: datetime


class EndpointOut(BaseModel):
    """Where a provider answers."""

    id: UUID
    name: str
    provider: str
    base_url: str
    options: dict[str, Any]
    timeouts: dict[str, Any]
    enabled: bool


class EndpointIn(BaseModel):
    """An endpoint of a reseller, or a server of one's own."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")
    provider: str = Field("", max_length=40)
    base_url: str = Field(max_length=500)


class EndpointChange(BaseModel):
    """What to change; what is left out stays."""

    base_url: str | None = Field(None, max_length=500)
    timeouts: dict[str, float] | None = None
    enabled: bool | None = None


class KeyOut(BaseModel):
    """A provider's key without its secret."""

    id: UUID
    endpoint: str
    title: str
    hint: str
    account_tag: str
    weight: int
    concurrency: int | None
    state: str
    until: datetime | None
    reason: str
    fails: int
    last_ok_at: datetime | None
    blocked_models: dict[str, str]
    source: str


class KeyIn(BaseModel):
    """A provider's key."""

    endpoint: str = Field(max_length=60)
    secret: str = Field(min_length=1, max_length=1000)
    title: str = Field("", max_length=100)
    account_tag: str = Field("", max_length=60)
    weight: int = Field(1, ge=1, le=1000)
    concurrency: int | None = Field(None, ge=1, le=10_000)


class KeyChange(BaseModel):
    """What to change; what is left out stays."""

    title: str | None = Field(None, max_length=100)
    account_tag: str | None = Field(None, max_length=60)
    weight: int | None = Field(None, ge=1, le=1000)
    concurrency: int | None = Field(None, ge=1, le=10_000)
    is_enabled: bool | None = None
    reason: str = Field("", max_length=500)


class RouteOut(BaseModel):
    """One way to buy a model."""

    id: UUID
    model: str
    endpoint: str
    driver: str
    upstream_name: str
    priority: int
    weight: int
    cost: dict[str, Any]
    shutdown_on: date | None
    enabled: bool
    blocked_until: datetime | None
    blocked_reason: str
    has_driver: bool


class RouteIn(BaseModel):
    """A way to buy a model: at which endpoint, by which driver, under what name, at what cost."""

    model: str = Field(max_length=80)
    endpoint: str = Field(max_length=60)
    driver: str = Field(max_length=60)
    upstream_name: str = Field(min_length=1, max_length=200)
    priority: int = Field(1, ge=1, le=100)
    weight: int = Field(1, ge=1, le=1000)
    cost: dict[str, Any] | None = None


class RouteChange(BaseModel):
    """What to change; what is left out stays."""

    priority: int | None = Field(None, ge=1, le=100)
    weight: int | None = Field(None, ge=1, le=1000)
    cost: dict[str, Any] | None = None
    enabled: bool | None = None


class ModelFilters:
    """What to look for."""

    def __init__(
        self,
        request: Request,
        q: str = Query("", max_length=100, description="In the name or the slug"),
        family: Family | None = None,
        is_sellable: bool | None = None,
    ) -> None:
        self.drivers = app_of(request).get(Gateway).kinds
        self.q, self.family, self.is_sellable = q.lower(), family, is_sellable


class _Drivers:
    """What this installation can speak."""

    def __init__(self, request: Request, q: str = Query("", max_length=100)) -> None:
        self.drivers = app_of(request).get(Gateway).kinds
        self.q = q.lower()


async def _models(
    session: AsyncSession, actor: Actor, filters: ModelFilters, _page: Page
) -> tuple[list[ModelOut], str | None]:
    actor.require(Permission.AI_VIEW)
    found = await queries.list_models(
        session, actor.organization_id, filters.drivers, family=filters.family, only_sellable=False
    )
    return [
        _model(card)
        for card in found
        if filters.q in f"{card.slug} {' '.join(card.title.values())}".lower()
        and filters.is_sellable in {None, card.is_sellable}
    ], None


async def _routes(session: AsyncSession, actor: Actor, of: _Drivers, _page: Page) -> tuple[list[RouteOut], str | None]:
    actor.require(Permission.AI_VIEW)
    found = await queries.list_routes(session, actor.organization_id, of.drivers)
    wanted = [card for card in found if of.q in f"{card.model} {card.endpoint} {card.upstream_name}".lower()]
    return [RouteOut.model_validate(card, from_attributes=True) for card in wanted], None


async def _keys(session: AsyncSession, actor: Actor, of: _Drivers, _page: Page) -> tuple[list[KeyOut], str | None]:
    actor.require(Permission.AI_VIEW)
    found = await queries.list_keys(session, actor.organization_id)
    return [_key(card) for card in found if of.q in f"{card.endpoint} {card.title} {card.hint}".lower()], None


async def _endpoints(
    session: AsyncSession, actor: Actor, of: _Drivers, _page: Page
) -> tuple[list[EndpointOut], str | None]:
    actor.require(Permission.AI_VIEW)
    found = await queries.list_endpoints(session, actor.organization_id)
    wanted = [card for card in found if of.q in f"{card.name} {card.base_url}".lower()]
    return [EndpointOut.model_validate(card, from_attributes=True) for card in wanted], None


add_list(router, "/models", ModelOut, _models, actor=StaffActor, filters=ModelFilters, title="Models")
add_list(router, "/routes", RouteOut, _routes, actor=StaffActor, filters=_Drivers, title="Routes")
add_list(router, "/keys", KeyOut, _keys, actor=StaffActor, filters=_Drivers, title="Provider keys")
add_list(router, "/endpoints", EndpointOut, _endpoints, actor=StaffActor, filters=_Drivers, title="Endpoints")


@router.put("/models/{slug}")
async def put_model(request: Request, slug: str, body: ModelChange, actor: StaffActor) -> ModelOut:
    """Change a model."""
    app = app_of(request)
    wanted = body.model_dump(exclude_none=True, exclude={"reason"})
    async with app.get(Database).transaction() as session:
        await changes.change_model(session, actor, slug, wanted, body.reason)
        card = await queries.get_model(session, actor.organization_id, slug, app.get(Gateway).kinds)
    _forget(app, actor)
    return _model(card)


@router.get("/models/{slug}/prices")
async def get_prices(slug: str, actor: StaffActor, session: Tx) -> ListOut[PriceOut]:
    """The history of a model's price, the newest first."""
    actor.require(Permission.AI_VIEW)
    found = await queries.list_prices(session, actor.organization_id, slug)
    return ListOut(items=[PriceOut.model_validate(item, from_attributes=True) for item in found], next_cursor=None)


@router.post("/models/{slug}/prices", status_code=201)
async def post_price(request: Request, slug: str, body: PriceIn, actor: StaffActor) -> PriceOut:
    """Sell a model for another price from now on."""
    app = app_of(request)
    async with app.get(Database).transaction() as session:
        made = await changes.change_price(session, actor, slug, body.price, body.reason)
    _forget(app, actor)
    return PriceOut.model_validate(made, from_attributes=True)


@router.post("/endpoints", status_code=204)
async def post_endpoint(request: Request, body: EndpointIn, actor: StaffActor) -> None:
    """Add an endpoint. Its address has to be public, unless the installation allows others."""
    app = app_of(request)
    actor.require(Permission.AI_EDIT)
    await app.get(Outgoing).check(body.base_url)
    async with app.get(Database).transaction() as session:
        await changes.add_endpoint(session, actor, body.name, body.base_url, body.provider)
    _forget(app, actor)


@router.put("/endpoints/{name}", status_code=204)
async def put_endpoint(request: Request, name: str, body: EndpointChange, actor: StaffActor) -> None:
    """Change an endpoint."""
    app = app_of(request)
    actor.require(Permission.AI_EDIT)
    if body.base_url is not None:
        await app.get(Outgoing).check(body.base_url)
    async with app.get(Database).transaction() as session:
        await changes.change_endpoint(session, actor, name, body.model_dump(exclude_none=True))
    _forget(app, actor)


@router.post("/keys", status_code=201)
async def post_key(request: Request, body: KeyIn, actor: StaffActor) -> KeyOut:
    """Add a provider's key; it is encrypted, and never shown again."""
    app = app_of(request)
    facts = body.model_dump(include={"title", "account_tag", "weight", "concurrency"})
    async with app.get(Database).transaction() as session:
        card = await changes.add_key(session, actor, app.get(Vault), body.endpoint, body.secret, facts)
    _forget(app, actor)
    return _key(card)


@router.put("/keys/{key_id}")
async def put_key(request: Request, key_id: UUID, body: KeyChange, actor: StaffActor) -> KeyOut:
    """Change a key, switch it off or on."""
    app = app_of(request)
    wanted = body.model_dump(exclude_none=True, exclude={"is_enabled", "reason"})
    async with app.get(Database).transaction() as session:
        card = await changes.change_key(session, actor, key_id, wanted, body.is_enabled, body.reason)
    _forget(app, actor)
    return _key(card)


@router.delete("/keys/{key_id}", status_code=204)
async def delete_key(
    request: Request, key_id: UUID, actor: StaffActor, reason: str = Query(min_length=1, max_length=500)
) -> None:
    """Delete a key and its secret."""
    app = app_of(request)
    async with app.get(Database).transaction() as session:
        await changes.remove_key(session, actor, key_id, reason)
    _forget(app, actor)


@router.post("/routes", status_code=201)
async def post_route(request: Request, body: RouteIn, actor: StaffActor) -> dict[str, UUID]:
    """Add a way to buy a model."""
    app = app_of(request)
    facts = body.model_dump(include={"priority", "weight", "cost"})
    async with app.get(Database).transaction() as session:
        made = await changes.add_route(
            session, actor, body.model, body.endpoint, body.driver, body.upstream_name, facts
        )
    _forget(app, actor)
    return {"id": made}


@router.put("/routes/{route_id}", status_code=204)
async def put_route(request: Request, route_id: UUID, body: RouteChange, actor: StaffActor) -> None:
    """Change a route; switching it on lifts a block."""
    app = app_of(request)
    async with app.get(Database).transaction() as session:
        await changes.change_route(session, actor, route_id, body.model_dump(exclude_none=True))
    _forget(app, actor)


def _forget(app: App, actor: Actor) -> None:
    """This process sees a change at once, the others within two seconds."""
    app.get(KeyPool).forget(actor.organization_id)


def _model(card: queries.ModelCard) -> ModelOut:
    return ModelOut(
        id=card.id, slug=card.slug, family=card.family, title=dict(card.title), description=dict(card.description),
        badges=list(card.badges), price=dict(card.price_data), price_version=card.price_version, visible=card.visible,
        enabled=card.enabled, is_sellable=card.is_sellable, released_on=card.released_on,
        deprecated_on=card.deprecated_on, shutdown_on=card.shutdown_on, successor=card.successor,
    )  # fmt: skip


def _key(card: queries.KeyCard) -> KeyOut:
    return KeyOut.model_validate(card, from_attributes=True)
