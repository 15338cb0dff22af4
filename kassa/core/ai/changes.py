"""What staff change of the catalogue, with its permission and its line in the audit log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit.crypto import Vault

from . import admin
from .queries import KeyCard, PriceVersion, list_keys, list_prices


async def change_model(
    session: AsyncSession, actor: Actor, slug: str, changes: Mapping[str, Any], reason: str = ""
) -> None:
    """Change a model. Raises Denied, and as `admin.update_model`."""
    actor.require(Permission.AI_EDIT)
    await admin.update_model(session, actor.organization_id, slug, changes)
    await audit.record(session, actor, "model.changed", "model", slug, after=dict(changes), reason=reason)


async def change_price(
    session: AsyncSession, actor: Actor, slug: str, price: Mapping[str, Any], reason: str
) -> PriceVersion:
    """Sell a model for another price from now on. Raises Denied, and as `admin.set_price`."""
    actor.require(Permission.AI_EDIT)
    known = await list_prices(session, actor.organization_id, slug)
    made = await admin.set_price(session, actor.organization_id, slug, price)
    before = {"price": dict(known[0].price)} if known else None
    await audit.record(
        session, actor, "model.price_changed", "model", slug, before=before,
        after={"price": dict(made.price), "version": made.version}, reason=reason,
    )  # fmt: skip
    return made


async def add_endpoint(session: AsyncSession, actor: Actor, name: str, base_url: str, provider: str) -> None:
    """Add an endpoint. Raises Denied, and as `admin.add_endpoint`."""
    actor.require(Permission.AI_EDIT)
    await admin.add_endpoint(session, actor.organization_id, name, base_url, provider=provider)
    await audit.record(session, actor, "endpoint.added", "endpoint", name, after={"base_url": base_url})


async def change_endpoint(session: AsyncSession, actor: Actor, name: str, changes: Mapping[str, Any]) -> None:
    """Change an endpoint. Raises Denied, and as `admin.update_endpoint`."""
    actor.require(Permission.AI_EDIT)
    await admin.update_endpoint(session, actor.organization_id, name, changes)
    await audit.record(session, actor, "endpoint.changed", "endpoint", name, after=dict(changes))


async def add_key(
    session: AsyncSession, actor: Actor, vault: Vault, endpoint: str, secret: str, facts: Mapping[str, Any]
) -> KeyCard:
    """Add a provider's key. Raises Denied, and as `admin.add_key`."""
    actor.require(Permission.AI_EDIT)
    card = await admin.add_key(session, actor.organization_id, endpoint, vault, secret, **facts)
    await audit.record(session, actor, "provider_key.added", "provider_key", card.id, after=_facts(card))
    return card


async def change_key(
    session: AsyncSession, actor: Actor, key_id: UUID, changes: Mapping[str, Any], is_enabled: bool | None, reason: str
) -> KeyCard:
    """Change a key, switch it off or on. Raises Denied, and as `admin.update_key`."""
    actor.require(Permission.AI_EDIT)
    before = await _key(session, actor, key_id)
    if changes:
        await admin.update_key(session, actor.organization_id, key_id, changes)
    if is_enabled is True:
        await admin.enable_key(session, actor.organization_id, key_id)
    elif is_enabled is False:
        await admin.disable_key(session, actor.organization_id, key_id, reason)
    after = await _key(session, actor, key_id)
    await audit.record(
        session, actor, "provider_key.changed", "provider_key", key_id, before=_facts(before), after=_facts(after),
        reason=reason,
    )  # fmt: skip
    return after


async def remove_key(session: AsyncSession, actor: Actor, key_id: UUID, reason: str) -> None:
    """Delete a key. Raises Denied, NotFound."""
    actor.require(Permission.AI_EDIT)
    before = await _key(session, actor, key_id)
    await admin.remove_key(session, actor.organization_id, key_id)
    await audit.record(
        session, actor, "provider_key.removed", "provider_key", key_id, before=_facts(before), reason=reason
    )


async def add_route(
    session: AsyncSession, actor: Actor, slug: str, endpoint: str, driver: str, upstream: str, facts: Mapping[str, Any]
) -> UUID:
    """Add a way to buy a model. Raises Denied, and as `admin.add_route`."""
    actor.require(Permission.AI_EDIT)
    route_id = await admin.add_route(session, actor.organization_id, slug, endpoint, driver, upstream, **facts)
    after = {"model": slug, "endpoint": endpoint, "driver": driver, "upstream_name": upstream, **facts}
    await audit.record(session, actor, "route.added", "route", route_id, after=after)
    return route_id


async def change_route(session: AsyncSession, actor: Actor, route_id: UUID, changes: Mapping[str, Any]) -> None:
    """Change a route. Raises Denied, and as `admin.update_route`."""
    actor.require(Permission.AI_EDIT)
    await admin.update_route(session, actor.organization_id, route_id, changes)
    await audit.record(session, actor, "route.changed", "route", route_id, after=dict(changes))


async def _key(session: AsyncSession, actor: Actor, key_id: UUID) -> KeyCard:
    found = await list_keys(session, actor.organization_id)
    for card in found:
        if card.id == key_id:
            return card
    raise admin.no_key()


def _facts(card: KeyCard) -> dict[str, Any]:
    return {
        "endpoint": card.endpoint, "title": card.title, "hint": card.hint, "weight": card.weight, "state": card.state,
        "concurrency": card.concurrency, "account": card.account_tag,
    }  # fmt: skip
