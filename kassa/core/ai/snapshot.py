"""A model with everything needed to buy it, as plain frozen data: what the hot path reads instead of tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.crypto import Vault
from kassa.kit.errors import NotFound

from .errors import ErrorClass
from .models import Key, Model, ModelPrice, ProviderEndpoint, Route
from .pricing import Price, parse_price
from .types import Endpoint, KeyState, Timeouts


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key and whether it may be used. `account` is what its limit of parallel requests is counted by."""

    id: UUID
    secret: str
    account: str
    weight: int
    concurrency: int | None
    state: KeyState
    until: datetime | None
    fails: int
    last_ok_at: datetime | None
    blocked: Mapping[str, datetime]
    rests_by_request: bool = False
    """Whether the vendor asked for the rest (a limit was met), or we gave it after failures."""

    def is_usable(self, upstream: str, now: datetime, *, as_last_resort: bool = False) -> bool:
        """Active, or due to be tried again; and not barred from this upstream.

        As a last resort a key that we let rest after failures may be asked: a likely failure is better than a sure one.
        """
        may_break_rest = as_last_resort and self.state is KeyState.COOLDOWN and not self.rests_by_request
        if self.state is not KeyState.ACTIVE and (self.until is None or self.until > now) and not may_break_rest:
            return False
        barred_until = self.blocked.get(upstream)
        return barred_until is None or barred_until <= now


@dataclass(frozen=True, slots=True)
class RouteView:
    """One way to buy the model."""

    id: UUID
    driver: str
    upstream: str
    priority: int
    weight: int
    cost: Price | None
    param_map: Mapping[str, Any]
    shutdown_on: date | None
    blocked_until: datetime | None
    endpoint_id: UUID
    endpoint: Endpoint
    keys: tuple[KeyView, ...]

    def is_open(self, now: datetime) -> bool:
        """Whether the upstream still exists. On its announced last day it counts as gone."""
        if self.shutdown_on is not None and self.shutdown_on <= now.date():
            return False
        return self.blocked_until is None or self.blocked_until <= now


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model, its price and its routes, best first."""

    id: UUID
    organization_id: UUID
    slug: str
    family: str
    title: Mapping[str, str]
    abilities: Mapping[str, Any]
    limits: Mapping[str, Any]
    policy: Mapping[str, Any]
    params_schema: tuple[Mapping[str, Any], ...]
    cache_enabled: bool
    cache_ttl_s: int
    cache_price_percent: int
    price: Price
    price_version: int
    routes: tuple[RouteView, ...]


async def load_model(session: AsyncSession, organization_id: UUID, slug: str, vault: Vault) -> ModelView:
    """Read a model that is for sale. Raises NotFound `ai.model_not_found`."""
    model = await session.scalar(
        select(Model).where(Model.organization_id == organization_id, Model.slug == slug, Model.enabled)
    )
    if model is None:
        raise NotFound("ai.model_not_found", f"no model {slug}", model=slug)
    price = await session.scalar(
        select(ModelPrice).where(ModelPrice.model_id == model.id).order_by(ModelPrice.version.desc()).limit(1)
    )
    if price is None:
        raise NotFound("ai.model_not_found", f"{slug} has no price", model=slug)
    pairs = (
        await session.execute(
            select(Route, ProviderEndpoint)
            .join(ProviderEndpoint, ProviderEndpoint.id == Route.endpoint_id)
            .where(
                Route.organization_id == organization_id,
                Route.model_id == model.id,
                Route.enabled,
                ProviderEndpoint.enabled,
                ProviderEndpoint.base_url != "",
            )
            .order_by(Route.priority, Route.id)
        )
    ).all()
    keys = await session.scalars(
        select(Key)
        .where(Key.organization_id == organization_id, Key.endpoint_id.in_({endpoint.id for _, endpoint in pairs}))
        .order_by(Key.id)
    )
    views = _key_views(keys, vault)
    return ModelView(
        id=model.id,
        organization_id=organization_id,
        slug=slug,
        family=model.family,
        title=model.title,
        abilities=model.abilities,
        limits=model.limits,
        policy=model.policy,
        params_schema=tuple(model.params_schema),
        cache_enabled=model.cache_enabled,
        cache_ttl_s=model.cache_ttl_s,
        cache_price_percent=model.cache_price_percent,
        price=parse_price(price.price, f"price of {slug}"),
        price_version=price.version,
        routes=tuple(_route_view(route, endpoint, views.get(endpoint.id, [])) for route, endpoint in pairs),
    )


def endpoint_view(row: ProviderEndpoint) -> Endpoint:
    """An endpoint as drivers take it."""
    return Endpoint(row.name, row.provider, row.base_url, row.options, Timeouts(**row.timeouts))


def key_view(row: Key, vault: Vault) -> KeyView:
    """A key with its secret in the open: for the moment of use only."""
    return KeyView(
        id=row.id,
        secret=vault.decrypt(row.secret),
        account=row.account_tag or str(row.id),
        weight=row.weight,
        concurrency=row.concurrency,
        state=KeyState(row.state),
        until=row.until,
        fails=row.fails,
        last_ok_at=row.last_ok_at,
        blocked={upstream: datetime.fromisoformat(until) for upstream, until in row.blocked_models.items()},
        rests_by_request=row.reason.startswith((ErrorClass.RATE_LIMIT.value, ErrorClass.CONCURRENCY.value)),
    )


def _key_views(keys: Iterable[Key], vault: Vault) -> dict[UUID, list[KeyView]]:
    views: dict[UUID, list[KeyView]] = {}
    for key in keys:
        views.setdefault(key.endpoint_id, []).append(key_view(key, vault))
    return views


def _route_view(route: Route, endpoint: ProviderEndpoint, keys: list[KeyView]) -> RouteView:
    return RouteView(
        id=route.id,
        driver=route.driver,
        upstream=route.upstream_name,
        priority=route.priority,
        weight=route.weight,
        cost=parse_price(route.cost, f"cost of {route.upstream_name}") if route.cost else None,
        param_map=route.param_map,
        shutdown_on=route.shutdown_on,
        blocked_until=route.blocked_until,
        endpoint_id=endpoint.id,
        endpoint=endpoint_view(endpoint),
        keys=tuple(keys),
    )
