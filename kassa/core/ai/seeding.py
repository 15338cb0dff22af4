"""Puts the seed into an organization's tables, as often as one likes: what the owner changed is left alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import ids
from kassa.kit.crypto import Vault

from .catalogue import Catalogue, SeedEndpoint, SeedModel, SeedRoute
from .models import Key, Model, ModelPrice, ProviderEndpoint, Route
from .types import KeyState

SEED, SETTINGS = "seed", "settings"


@dataclass(frozen=True, slots=True)
class EndpointSeed:
    """An endpoint as the settings name it: an address, a key, or both. Empty means not set."""

    name: str
    base_url: str = ""
    api_key: str = ""


async def seed_catalogue(session: AsyncSession, organization_id: UUID, catalogue: Catalogue) -> None:
    """Bring models, prices, endpoints and routes of the seed into the tables. Idempotent.

    Call `seed_endpoints` after it in the same transaction: addresses are the vendors' own in between.
    A row the owner edited stays as it is; a price of the owner's stays; seeded routes that left the seed are
    switched off, because an upstream that left it is gone.
    """
    # Processes that start together seed one after another, and the second finds everything done.
    await session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"ai-seed:{organization_id}"}
    )
    endpoints = {
        row.name: row
        for row in await session.scalars(
            select(ProviderEndpoint).where(ProviderEndpoint.organization_id == organization_id)
        )
    }
    for seed in catalogue.endpoints:
        endpoints[seed.name] = _put_endpoint(session, organization_id, endpoints.get(seed.name), seed)
    models = {
        row.slug: row for row in await session.scalars(select(Model).where(Model.organization_id == organization_id))
    }
    for position, seed_model in enumerate(catalogue.models):
        found = models.get(seed_model.slug)
        models[seed_model.slug] = _put_model(session, organization_id, found, seed_model, position)
    await session.flush()
    await _put_prices(session, organization_id, catalogue, models)
    await _put_routes(session, organization_id, catalogue, models, endpoints)
    await session.flush()


async def seed_endpoints(
    session: AsyncSession, organization_id: UUID, vault: Vault, endpoints: Sequence[EndpointSeed]
) -> None:
    """Bring addresses and keys of the settings into the tables; call it after `seed_catalogue`. Idempotent.

    A changed address is taken over unless the owner edited the endpoint; a changed key replaces the one that came
    from the settings before and starts with a clean state; a key that left the settings stays.
    """
    for seed in endpoints:
        endpoint = await session.scalar(
            select(ProviderEndpoint).where(
                ProviderEndpoint.organization_id == organization_id, ProviderEndpoint.name == seed.name
            )
        )
        if endpoint is None:
            bare = SeedEndpoint(seed.name, seed.name, seed.base_url, {}, {})
            endpoint = _put_endpoint(session, organization_id, None, bare)
            await session.flush()
        elif seed.base_url and endpoint.edited_at is None:
            endpoint.base_url = seed.base_url
        if seed.api_key:
            await _put_key(session, endpoint, vault, seed.api_key)
    await session.flush()


def fingerprint(secret: str) -> str:
    """A key's name that does not open anything: equal keys have equal ones."""
    return hashlib.sha256(f"kassa:ai-key:{secret}".encode()).hexdigest()[:32]


def hint(secret: str) -> str:
    """The last characters of a key, enough to tell keys apart on a page."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"


def _put_endpoint(
    session: AsyncSession, organization_id: UUID, row: ProviderEndpoint | None, seed: SeedEndpoint
) -> ProviderEndpoint:
    if row is None:
        row = ProviderEndpoint(
            id=ids.new(),
            organization_id=organization_id,
            name=seed.name,
            provider=seed.provider,
            base_url=seed.base_url,
            options=seed.options,
            timeouts=seed.timeouts,
        )
        session.add(row)
    elif row.edited_at is None:
        # An address that left the settings is the vendor's own again; `seed_endpoints` puts it back otherwise.
        _assign(row, {"base_url": seed.base_url, "options": seed.options, "timeouts": seed.timeouts})
    return row


def _put_model(
    session: AsyncSession, organization_id: UUID, row: Model | None, seed: SeedModel, position: int
) -> Model:
    values: dict[str, Any] = {
        "family": seed.family.value,
        "position": position,
        "title": seed.title,
        "description": seed.description,
        "badges": seed.badges,
        "abilities": seed.abilities,
        "limits": seed.limits,
        "params_schema": seed.params_schema,
        "policy": seed.policy,
        "released_on": seed.released,
        "deprecated_on": seed.deprecated,
        "shutdown_on": seed.shutdown,
        "successor": seed.successor,
        "cache_enabled": seed.cache_enabled,
        "cache_ttl_s": seed.cache_ttl_s,
        "cache_price_percent": seed.cache_price_percent,
    }
    if row is None:
        row = Model(id=ids.new(), organization_id=organization_id, slug=seed.slug, **values)
        session.add(row)
    elif row.edited_at is None:
        _assign(row, values)
    return row


async def _put_prices(
    session: AsyncSession, organization_id: UUID, catalogue: Catalogue, models: dict[str, Model]
) -> None:
    """Add a version where the newest is the seed's own and differs; a price of the owner's is the last word."""
    latest = {
        price.model_id: price
        for price in await session.scalars(
            select(ModelPrice).where(ModelPrice.organization_id == organization_id).order_by(ModelPrice.version)
        )
    }
    for seed in catalogue.models:
        model_id = models[seed.slug].id
        newest = latest.get(model_id)
        if newest is not None and (newest.source != SEED or newest.price == seed.price):
            continue
        session.add(
            ModelPrice(
                organization_id=organization_id,
                model_id=model_id,
                version=1 if newest is None else newest.version + 1,
                price=seed.price,
                source=SEED,
            )
        )


async def _put_routes(
    session: AsyncSession,
    organization_id: UUID,
    catalogue: Catalogue,
    models: dict[str, Model],
    endpoints: dict[str, ProviderEndpoint],
) -> None:
    rows = {
        (row.model_id, row.endpoint_id, row.driver, row.upstream_name): row
        for row in await session.scalars(select(Route).where(Route.organization_id == organization_id))
    }
    wanted = set()
    for model in catalogue.models:
        for seed in model.routes:
            key = (models[model.slug].id, endpoints[seed.endpoint].id, seed.driver, seed.upstream)
            wanted.add(key)
            _put_route(session, organization_id, rows.get(key), key, seed)
    for key, row in rows.items():
        if key not in wanted and row.source == SEED and row.edited_at is None:
            row.enabled = False


def _put_route(
    session: AsyncSession,
    organization_id: UUID,
    row: Route | None,
    key: tuple[UUID, UUID, str, str],
    seed: SeedRoute,
) -> None:
    values: dict[str, Any] = {
        "priority": seed.priority,
        "weight": seed.weight,
        "cost": seed.cost,
        "param_map": seed.param_map,
        "shutdown_on": seed.shutdown,
        "enabled": True,
    }
    if row is None:
        model_id, endpoint_id, driver, upstream = key
        session.add(
            Route(
                organization_id=organization_id,
                model_id=model_id,
                endpoint_id=endpoint_id,
                driver=driver,
                upstream_name=upstream,
                source=SEED,
                **values,
            )
        )
    elif row.edited_at is None:
        _assign(row, values)


async def _put_key(session: AsyncSession, endpoint: ProviderEndpoint, vault: Vault, secret: str) -> None:
    mark = fingerprint(secret)
    keys = (await session.scalars(select(Key).where(Key.endpoint_id == endpoint.id))).all()
    if any(key.fingerprint == mark for key in keys):
        return
    seeded = next((key for key in keys if key.source == SETTINGS), None)
    values: dict[str, Any] = {
        "secret": vault.encrypt(secret),
        "fingerprint": mark,
        "hint": hint(secret),
        "state": KeyState.ACTIVE.value,
        "until": None,
        "reason": "",
        "fails": 0,
        "blocked_models": {},
    }
    if seeded is None:
        session.add(
            Key(
                organization_id=endpoint.organization_id,
                endpoint_id=endpoint.id,
                title="settings",
                source=SETTINGS,
                **values,
            )
        )
    else:
        _assign(seeded, values)


def _assign(row: Any, values: dict[str, Any]) -> None:
    """Set what differs, so that an unchanged seed writes nothing."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
