"""What changes the catalogue: prices, models, endpoints, keys, routes. `changes.py` are the same as verbs of staff.

Call `KeyPool.forget(organization_id)` after the commit: this process sees it at once, the others in two seconds.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, ids
from kassa.kit.crypto import Vault
from kassa.kit.errors import Conflict, Invalid, NotFound

from .catalogue import DRIVERS
from .models import Key, Model, ModelPrice, ProviderEndpoint, Route
from .pricing import parse_price
from .queries import KeyCard, PriceVersion, key_card
from .reading import CatalogueError
from .seeding import fingerprint, hint
from .types import KeyState

_MODEL_FIELDS = {
    "title", "description", "badges", "abilities", "limits", "policy", "visible", "enabled", "position",
    "cache_enabled", "cache_ttl_s", "cache_price_percent",
}  # fmt: skip
_KEY_FIELDS = {"title", "account_tag", "weight", "concurrency"}
_ENDPOINT_FIELDS = {"base_url", "options", "timeouts", "enabled"}
_ROUTE_FIELDS = {"priority", "weight", "cost", "param_map", "enabled", "shutdown_on"}
_TIMEOUTS = {"connect_s", "first_byte_s", "between_chunks_s", "total_s"}


async def set_price(session: AsyncSession, organization_id: UUID, slug: str, price: Mapping[str, Any]) -> PriceVersion:
    """Add a version of a model's price; old ones stay. Raises NotFound, CatalogueError `ai.catalogue_invalid`."""
    parse_price(price, "price")
    model = await _model(session, organization_id, slug)
    latest = await session.scalar(select(func.max(ModelPrice.version)).where(ModelPrice.model_id == model.id))
    row = ModelPrice(
        organization_id=organization_id,
        model_id=model.id,
        version=(latest or 0) + 1,
        price=dict(price),
        source="owner",
        valid_from=clock.now(),
    )
    session.add(row)
    await session.flush()
    return PriceVersion(row.version, row.price, row.source, row.valid_from)


async def update_model(session: AsyncSession, organization_id: UUID, slug: str, changes: Mapping[str, Any]) -> None:
    """Change a model (title, visible, enabled, cache, ...). Raises NotFound, Invalid `ai.field_unknown`."""
    model = await _model(session, organization_id, slug)
    _apply(model, changes, _MODEL_FIELDS)
    model.edited_at = clock.now()
    await session.flush()


async def update_endpoint(session: AsyncSession, organization_id: UUID, name: str, changes: Mapping[str, Any]) -> None:
    """Change an endpoint; the settings no longer rule it. Raises NotFound, Invalid."""
    endpoint = await _endpoint(session, organization_id, name)
    _require_endpoint(changes)
    _apply(endpoint, changes, _ENDPOINT_FIELDS)
    endpoint.edited_at = clock.now()
    await session.flush()


async def add_endpoint(
    session: AsyncSession,
    organization_id: UUID,
    name: str,
    base_url: str,
    *,
    provider: str = "",
    options: Mapping[str, Any] | None = None,
    timeouts: Mapping[str, Any] | None = None,
) -> UUID:
    """Add an endpoint (a reseller, a server of one's own). Raises Conflict `ai.endpoint_exists`, Invalid."""
    values = {"base_url": base_url, "options": dict(options or {}), "timeouts": dict(timeouts or {})}
    _require_endpoint(values)
    found = await session.scalar(
        select(ProviderEndpoint.id).where(
            ProviderEndpoint.organization_id == organization_id, ProviderEndpoint.name == name
        )
    )
    if found is not None:
        raise Conflict("ai.endpoint_exists", f"an endpoint {name} exists", name=name)
    row = ProviderEndpoint(
        id=ids.new(),
        organization_id=organization_id,
        name=name,
        provider=provider or name,
        edited_at=clock.now(),
        **values,
    )
    session.add(row)
    await session.flush()
    return row.id


async def add_key(
    session: AsyncSession,
    organization_id: UUID,
    endpoint: str,
    vault: Vault,
    secret: str,
    *,
    title: str = "",
    account_tag: str = "",
    weight: int = 1,
    concurrency: int | None = None,
) -> KeyCard:
    """Add a key to an endpoint. Raises NotFound, Conflict `ai.key_exists`, Invalid `ai.key_invalid`."""
    secret = secret.strip()
    if not secret or any(character.isspace() for character in secret) or not secret.isascii():
        raise Invalid("ai.key_invalid", "a key is one word of ASCII characters")
    row = await _endpoint(session, organization_id, endpoint)
    mark = fingerprint(secret)
    if await session.scalar(select(Key.id).where(Key.endpoint_id == row.id, Key.fingerprint == mark)):
        raise Conflict("ai.key_exists", "this key is there already")
    key = Key(
        id=ids.new(),
        organization_id=organization_id,
        endpoint_id=row.id,
        title=title,
        secret=vault.encrypt(secret),
        fingerprint=mark,
        hint=hint(secret),
        account_tag=account_tag,
        weight=_weight(weight),
        concurrency=concurrency,
        state=KeyState.ACTIVE.value,
        until=None,
        reason="",
        fails=0,
        last_ok_at=None,
        blocked_models={},
        source="owner",
    )
    session.add(key)
    await session.flush()
    return key_card(key, endpoint)


async def update_key(session: AsyncSession, organization_id: UUID, key_id: UUID, changes: Mapping[str, Any]) -> None:
    """Change a key's title, account, weight or limit of parallel requests. Raises NotFound, Invalid."""
    key = await _key(session, organization_id, key_id)
    if "weight" in changes:
        _weight(changes["weight"])
    _apply(key, changes, _KEY_FIELDS)
    await session.flush()


async def disable_key(session: AsyncSession, organization_id: UUID, key_id: UUID, reason: str = "") -> None:
    """Switch a key off until somebody switches it on: nothing tries it again by itself. Raises NotFound."""
    key = await _key(session, organization_id, key_id)
    key.state, key.until, key.reason = KeyState.DISABLED.value, None, reason or "disabled by staff"
    await session.flush()


async def enable_key(session: AsyncSession, organization_id: UUID, key_id: UUID) -> None:
    """Switch a key on with a clean record. Raises NotFound."""
    key = await _key(session, organization_id, key_id)
    key.state, key.until, key.reason, key.fails, key.blocked_models = KeyState.ACTIVE.value, None, "", 0, {}
    await session.flush()


async def remove_key(session: AsyncSession, organization_id: UUID, key_id: UUID) -> None:
    """Delete a key and its secret. Raises NotFound."""
    await session.delete(await _key(session, organization_id, key_id))
    await session.flush()


async def add_route(
    session: AsyncSession,
    organization_id: UUID,
    slug: str,
    endpoint: str,
    driver: str,
    upstream_name: str,
    *,
    priority: int = 1,
    weight: int = 1,
    cost: Mapping[str, Any] | None = None,
    param_map: Mapping[str, Any] | None = None,
) -> UUID:
    """Add a way to buy a model. Raises NotFound, Conflict `ai.route_exists`, CatalogueError."""
    if driver not in DRIVERS:
        raise CatalogueError("driver", driver, "one of " + ", ".join(DRIVERS))
    if cost:
        parse_price(cost, "cost")
    model = await _model(session, organization_id, slug)
    row = await _endpoint(session, organization_id, endpoint)
    same = select(Route.id).where(
        Route.model_id == model.id,
        Route.endpoint_id == row.id,
        Route.driver == driver,
        Route.upstream_name == upstream_name,
    )
    if await session.scalar(same):
        raise Conflict("ai.route_exists", f"{slug} has this route already", model=slug)
    route = Route(
        id=ids.new(),
        organization_id=organization_id,
        model_id=model.id,
        endpoint_id=row.id,
        driver=driver,
        upstream_name=upstream_name,
        priority=priority,
        weight=_weight(weight),
        cost=dict(cost or {}),
        param_map=dict(param_map or {}),
        source="owner",
        edited_at=clock.now(),
    )
    session.add(route)
    await session.flush()
    return route.id


async def update_route(
    session: AsyncSession, organization_id: UUID, route_id: UUID, changes: Mapping[str, Any]
) -> None:
    """Change a route; enabling it also lifts a block. Raises NotFound, Invalid, CatalogueError."""
    route = await session.scalar(select(Route).where(Route.organization_id == organization_id, Route.id == route_id))
    if route is None:
        raise NotFound("ai.route_not_found")
    if changes.get("cost"):
        parse_price(changes["cost"], "cost")
    if "weight" in changes:
        _weight(changes["weight"])
    _apply(route, changes, _ROUTE_FIELDS)
    if changes.get("enabled"):
        route.blocked_until, route.blocked_reason = None, ""
    route.edited_at = clock.now()
    await session.flush()


async def _model(session: AsyncSession, organization_id: UUID, slug: str) -> Model:
    row = await session.scalar(select(Model).where(Model.organization_id == organization_id, Model.slug == slug))
    if row is None:
        raise NotFound("ai.model_not_found", f"no model {slug}", model=slug)
    return row


async def _endpoint(session: AsyncSession, organization_id: UUID, name: str) -> ProviderEndpoint:
    row = await session.scalar(
        select(ProviderEndpoint).where(
            ProviderEndpoint.organization_id == organization_id, ProviderEndpoint.name == name
        )
    )
    if row is None:
        raise NotFound("ai.endpoint_not_found", f"no endpoint {name}", name=name)
    return row


async def _key(session: AsyncSession, organization_id: UUID, key_id: UUID) -> Key:
    row = await session.scalar(select(Key).where(Key.organization_id == organization_id, Key.id == key_id))
    if row is None:
        raise no_key()
    return row


def no_key() -> NotFound:
    """What is raised for a key that is not there."""
    return NotFound("ai.key_not_found", "No such key")


def _apply(row: Any, changes: Mapping[str, Any], fields: set[str]) -> None:
    for name, value in changes.items():
        if name not in fields:
            raise Invalid("ai.field_unknown", f"{name} cannot be changed; {sorted(fields)} can", name=name)
        setattr(row, name, value)


def _require_endpoint(values: Mapping[str, Any]) -> None:
    if "base_url" in values:
        parts = urlsplit(str(values["base_url"]))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Invalid("ai.endpoint_invalid", "base_url is an address with http:// or https://", name="base_url")
    timeouts = values.get("timeouts") or {}
    for name, seconds in timeouts.items():
        is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if name not in _TIMEOUTS or not is_number or seconds <= 0:
            raise Invalid("ai.endpoint_invalid", f"timeouts are seconds above 0 for {sorted(_TIMEOUTS)}", name=name)


def _weight(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise Invalid("ai.weight_invalid", "a weight is a whole number from 1 to 1000")
    return value
