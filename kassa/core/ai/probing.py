"""Trying keys out: on a button, and by themselves when a disabled or exhausted key is due."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from kassa.kit import clock
from kassa.kit.errors import NotFound

from .errors import ErrorClass, ProviderError
from .gateway import Gateway
from .keys import Candidate, record_failure, record_success
from .models import Key, ProviderEndpoint, Route
from .snapshot import KeyView, RouteView, endpoint_view, key_view
from .types import KeyState


@dataclass(frozen=True, slots=True)
class Probe:
    """What came of trying a key. `error_class` is empty when it works."""

    key_id: UUID
    endpoint: str
    error_class: str
    detail: str


async def probe_key(gateway: Gateway, organization_id: UUID, key_id: UUID) -> Probe:
    """Ask the provider whether a key works, and write what came of it; a working key becomes active.

    Raises NotFound `ai.key_not_found`, `ai.no_driver` when no route of the endpoint has a registered driver.
    """
    route, key = await _load(gateway, organization_id, key_id)
    driver = gateway.drivers.get(route.driver) or gateway.makers[route.driver]
    error: ProviderError | None = None
    try:
        await driver.probe(route.endpoint, key.secret)
    except ProviderError as caught:
        error = caught
    async with gateway.database.transaction() as session:
        if error is None:
            await record_success(session, key)
        # A server that is down says nothing about the key, and the probe names no model to be gone.
        elif error.error_class not in (ErrorClass.TRANSIENT, ErrorClass.TIMEOUT, ErrorClass.MODEL_GONE):
            await record_failure(session, Candidate(route, key), error)
    gateway.pool.forget(organization_id)
    if error is None:
        return Probe(key_id, route.endpoint.name, "", "")
    return Probe(key_id, route.endpoint.name, error.error_class.value, error.detail)


async def probe_due_keys(gateway: Gateway) -> list[Probe]:
    """Probe every disabled or exhausted key whose time has come, in all organizations. For a scheduled job."""
    async with gateway.database.transaction() as session:
        due = (
            await session.execute(
                select(Key.organization_id, Key.id)
                .join(Route, Route.endpoint_id == Key.endpoint_id)
                .where(
                    Key.state.in_([KeyState.DISABLED.value, KeyState.EXHAUSTED.value]),
                    Key.until <= clock.now(),
                    Route.driver.in_(gateway.kinds),
                )
                .distinct()
            )
        ).all()
    return [await probe_key(gateway, organization_id, key_id) for organization_id, key_id in due]


async def _load(gateway: Gateway, organization_id: UUID, key_id: UUID) -> tuple[RouteView, KeyView]:
    async with gateway.database.transaction() as session:
        key = await session.scalar(select(Key).where(Key.organization_id == organization_id, Key.id == key_id))
        if key is None:
            raise NotFound("ai.key_not_found")
        endpoint = (await session.scalars(select(ProviderEndpoint).where(ProviderEndpoint.id == key.endpoint_id))).one()
        route = await session.scalar(
            select(Route)
            .where(Route.endpoint_id == endpoint.id, Route.driver.in_(gateway.kinds))
            .order_by(Route.priority)
            .limit(1)
        )
        if route is None:
            raise NotFound("ai.no_driver", f"no driver here can try a key of {endpoint.name}", endpoint=endpoint.name)
        view = key_view(key, gateway.pool.vault)
    return (
        RouteView(
            id=route.id,
            driver=route.driver,
            upstream=route.upstream_name,
            priority=route.priority,
            weight=route.weight,
            cost=None,
            param_map=route.param_map,
            shutdown_on=None,
            blocked_until=None,
            endpoint_id=endpoint.id,
            endpoint=endpoint_view(endpoint),
            keys=(view,),
        ),
        view,
    )
