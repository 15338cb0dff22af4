"""What is read for showing: models on sale to customers; routes, endpoints, keys and prices to staff."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock
from kassa.kit.errors import NotFound

from .models import Key, Model, ModelPrice, ProviderEndpoint, Route
from .pricing import Price, parse_price
from .types import Family


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as lists show it. `is_sellable`: enabled, visible, and some registered driver has an open route."""

    id: UUID
    slug: str
    family: Family
    title: Mapping[str, str]
    description: Mapping[str, str]
    badges: tuple[str, ...]
    abilities: Mapping[str, Any]
    limits: Mapping[str, Any]
    params_schema: tuple[Mapping[str, Any], ...]
    price: Price
    price_data: Mapping[str, Any]
    price_version: int
    visible: bool
    enabled: bool
    is_sellable: bool
    released_on: date | None
    deprecated_on: date | None
    shutdown_on: date | None
    successor: str


@dataclass(frozen=True, slots=True)
class EndpointCard:
    """An endpoint as staff see it."""

    id: UUID
    name: str
    provider: str
    base_url: str
    options: Mapping[str, Any]
    timeouts: Mapping[str, Any]
    enabled: bool


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key as staff see it: never its secret."""

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
    blocked_models: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class RouteCard:
    """A route as staff see it."""

    id: UUID
    model: str
    endpoint: str
    driver: str
    upstream_name: str
    priority: int
    weight: int
    cost: Mapping[str, Any]
    param_map: Mapping[str, Any]
    shutdown_on: date | None
    enabled: bool
    blocked_until: datetime | None
    blocked_reason: str
    has_driver: bool


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """One version of a model's price."""

    version: int
    price: Mapping[str, Any]
    source: str
    valid_from: datetime


async def list_models(
    session: AsyncSession,
    organization_id: UUID,
    drivers: Collection[str],
    *,
    family: Family | None = None,
    only_sellable: bool = True,
) -> list[ModelCard]:
    """Models in the catalogue's order. `drivers` are the kinds this installation has; staff ask for all models."""
    statement = select(Model).where(Model.organization_id == organization_id).order_by(Model.position, Model.slug)
    if family is not None:
        statement = statement.where(Model.family == family.value)
    models = (await session.scalars(statement)).all()
    prices = await _latest_prices(session, organization_id)
    open_models = await _models_with_open_routes(session, organization_id, drivers)
    cards = [_card(model, prices[model.id], model.id in open_models) for model in models if model.id in prices]
    return [card for card in cards if card.is_sellable or not only_sellable]


async def get_model(session: AsyncSession, organization_id: UUID, slug: str, drivers: Collection[str]) -> ModelCard:
    """One model, for sale or not. Raises NotFound `ai.model_not_found`."""
    for card in await list_models(session, organization_id, drivers, only_sellable=False):
        if card.slug == slug:
            return card
    raise NotFound("ai.model_not_found", f"no model {slug}", model=slug)


async def list_endpoints(session: AsyncSession, organization_id: UUID) -> list[EndpointCard]:
    """Every endpoint, by name."""
    rows = await session.scalars(
        select(ProviderEndpoint)
        .where(ProviderEndpoint.organization_id == organization_id)
        .order_by(ProviderEndpoint.name)
    )
    return [
        EndpointCard(row.id, row.name, row.provider, row.base_url, row.options, row.timeouts, row.enabled)
        for row in rows
    ]


async def list_keys(session: AsyncSession, organization_id: UUID) -> list[KeyCard]:
    """Every key, by endpoint and age."""
    rows = await session.execute(
        select(Key, ProviderEndpoint.name)
        .join(ProviderEndpoint, ProviderEndpoint.id == Key.endpoint_id)
        .where(Key.organization_id == organization_id)
        .order_by(ProviderEndpoint.name, Key.id)
    )
    return [key_card(key, endpoint) for key, endpoint in rows]


async def list_routes(session: AsyncSession, organization_id: UUID, drivers: Collection[str]) -> list[RouteCard]:
    """Every route, by model and priority."""
    rows = await session.execute(
        select(Route, Model.slug, ProviderEndpoint.name)
        .join(Model, Model.id == Route.model_id)
        .join(ProviderEndpoint, ProviderEndpoint.id == Route.endpoint_id)
        .where(Route.organization_id == organization_id)
        .order_by(Model.position, Route.priority, Route.id)
    )
    return [
        RouteCard(
            id=route.id,
            model=slug,
            endpoint=endpoint,
            driver=route.driver,
            upstream_name=route.upstream_name,
            priority=route.priority,
            weight=route.weight,
            cost=route.cost,
            param_map=route.param_map,
            shutdown_on=route.shutdown_on,
            enabled=route.enabled,
            blocked_until=route.blocked_until,
            blocked_reason=route.blocked_reason,
            has_driver=route.driver in drivers,
        )
        for route, slug, endpoint in rows
    ]


async def list_prices(session: AsyncSession, organization_id: UUID, slug: str) -> list[PriceVersion]:
    """The history of a model's price, newest first."""
    rows = await session.scalars(
        select(ModelPrice)
        .join(Model, Model.id == ModelPrice.model_id)
        .where(ModelPrice.organization_id == organization_id, Model.slug == slug)
        .order_by(ModelPrice.version.desc())
    )
    return [PriceVersion(row.version, row.price, row.source, row.valid_from) for row in rows]


def key_card(key: Key, endpoint: str) -> KeyCard:
    """A key without its secret."""
    return KeyCard(
        id=key.id,
        endpoint=endpoint,
        title=key.title,
        hint=key.hint,
        account_tag=key.account_tag,
        weight=key.weight,
        concurrency=key.concurrency,
        state=key.state,
        until=key.until,
        reason=key.reason,
        fails=key.fails,
        last_ok_at=key.last_ok_at,
        blocked_models=key.blocked_models,
        source=key.source,
    )


async def _latest_prices(session: AsyncSession, organization_id: UUID) -> dict[UUID, ModelPrice]:
    rows = await session.scalars(
        select(ModelPrice)
        .ext(distinct_on(ModelPrice.model_id))
        .where(ModelPrice.organization_id == organization_id)
        .order_by(ModelPrice.model_id, ModelPrice.version.desc())
    )
    return {row.model_id: row for row in rows}


async def _models_with_open_routes(session: AsyncSession, organization_id: UUID, drivers: Collection[str]) -> set[UUID]:
    """Models that some registered driver can buy. Resting keys do not count: they come back by themselves."""
    rows = await session.scalars(
        select(Route.model_id)
        .join(ProviderEndpoint, ProviderEndpoint.id == Route.endpoint_id)
        .where(
            Route.organization_id == organization_id,
            Route.enabled,
            Route.driver.in_(drivers),
            (Route.shutdown_on.is_(None)) | (Route.shutdown_on > clock.now().date()),
            ProviderEndpoint.enabled,
            ProviderEndpoint.base_url != "",
            select(Key.id).where(Key.endpoint_id == ProviderEndpoint.id).exists(),
        )
        .distinct()
    )
    return set(rows)


def _card(model: Model, price: ModelPrice, has_open_route: bool) -> ModelCard:
    return ModelCard(
        id=model.id,
        slug=model.slug,
        family=Family(model.family),
        title=model.title,
        description=model.description,
        badges=tuple(model.badges),
        abilities=model.abilities,
        limits=model.limits,
        params_schema=tuple(model.params_schema),
        price=parse_price(price.price, f"price of {model.slug}"),
        price_data=price.price,
        price_version=price.version,
        visible=model.visible,
        enabled=model.enabled,
        is_sellable=model.enabled and model.visible and has_open_route,
        released_on=model.released_on,
        deprecated_on=model.deprecated_on,
        shutdown_on=model.shutdown_on,
        successor=model.successor,
    )
