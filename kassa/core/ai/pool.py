"""Chooses who is asked: routes by priority and weight, keys by rotation, from a snapshot a few seconds old.

State lives in PostgreSQL, so all processes agree; reading it is cheap because each keeps what it read for two
seconds; what a process finds out itself is written at once and read anew.
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from kassa.kit import clock
from kassa.kit.crypto import Vault
from kassa.kit.db import Database

from .errors import Busy, ErrorClass, KeyAction, NoRoute, ProviderError
from .keys import Candidate, end_lease, record_failure, record_success, take_lease
from .snapshot import KeyView, ModelView, RouteView, load_model
from .types import KeyState

SNAPSHOT_TTL = timedelta(seconds=2)
# How often a healthy key's last success is written down.
LAST_OK_EVERY = timedelta(seconds=60)


@dataclass(slots=True)
class Tried:
    """What one run has already given up on."""

    keys: set[UUID] = field(default_factory=set)
    routes: set[UUID] = field(default_factory=set)
    accounts: set[tuple[UUID, str]] = field(default_factory=set)


class _Weighted(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def weight(self) -> int: ...


W = TypeVar("W", bound=_Weighted)


class KeyPool:
    """One per process."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self.vault = vault
        self._models: dict[tuple[UUID, str], tuple[datetime, ModelView]] = {}
        self._loading: dict[tuple[UUID, str], asyncio.Lock] = {}
        self._turns: dict[UUID, int] = {}
        self._ok_written: dict[UUID, datetime] = {}

    async def model(self, organization_id: UUID, slug: str) -> ModelView:
        """The model as it was at most two seconds ago. Raises NotFound `ai.model_not_found`."""
        wanted = (organization_id, slug)
        fresh = self._fresh(wanted)
        if fresh is not None:
            return fresh
        async with self._loading.setdefault(wanted, asyncio.Lock()):
            fresh = self._fresh(wanted)
            if fresh is None:
                async with self._database.transaction() as session:
                    fresh = await load_model(session, organization_id, slug, self.vault)
                self._models[wanted] = (clock.now() + SNAPSHOT_TTL, fresh)
        return fresh

    def forget(self, organization_id: UUID) -> None:
        """Read an organization's models anew; for whoever has just changed them."""
        for wanted in [wanted for wanted in self._models if wanted[0] == organization_id]:
            del self._models[wanted]

    def choose(self, model: ModelView, drivers: Collection[str], tried: Tried) -> Candidate | None:
        """The next route and key to ask, or None when nobody is left."""
        return self._choose(model, drivers, tried, False) or self._choose(model, drivers, tried, True)

    def _choose(
        self, model: ModelView, drivers: Collection[str], tried: Tried, as_last_resort: bool
    ) -> Candidate | None:
        now = clock.now()
        usable: list[tuple[RouteView, list[KeyView]]] = []
        for route in model.routes:
            if usable and route.priority != usable[0][0].priority:
                break
            if route.id in tried.routes or route.driver not in drivers or not route.is_open(now):
                continue
            keys = [
                key
                for key in route.keys
                if key.id not in tried.keys
                and key.is_usable(route.upstream, now, as_last_resort=as_last_resort)
                and (route.endpoint_id, key.account) not in tried.accounts
            ]
            if keys:
                usable.append((route, keys))
        if not usable:
            return None
        route = self._next([route for route, _ in usable])
        keys = next(keys for found, keys in usable if found.id == route.id)
        healthy = [key for key in keys if key.state is KeyState.ACTIVE]
        return Candidate(route, self._next(healthy or keys))

    def why_nobody(self, model: ModelView, drivers: Collection[str]) -> ProviderError:
        """The error when nobody can be asked: everybody rests (and until when), or nobody is configured."""
        now = clock.now()
        routes = [route for route in model.routes if route.driver in drivers and route.is_open(now)]
        keys = [key for route in routes for key in route.keys]
        resting = [key.until for key in keys if key.state is KeyState.COOLDOWN and key.until is not None]
        if resting:
            wait_s = max(1.0, (min(resting) - now).total_seconds())
            return Busy(ErrorClass.RATE_LIMIT, detail=f"all keys of {model.slug} rest", retry_after_s=round(wait_s, 1))
        if any(key.state is KeyState.ACTIVE for key in keys):
            return Busy(ErrorClass.CONCURRENCY, detail=f"all accounts of {model.slug} are at their limit")
        return NoRoute(ErrorClass.TRANSIENT, detail=f"no usable key for {model.slug} on {_names(routes)}")

    async def lease(self, model: ModelView, candidate: Candidate, for_s: float) -> tuple[bool, UUID | None]:
        """Whether the account may take one more request, and the lease to give back, if its limit needs one."""
        if candidate.key.concurrency is None:
            return True, None
        async with self._database.transaction() as session:
            lease_id = await take_lease(session, candidate, model.organization_id, for_s)
        return lease_id is not None, lease_id

    async def release(self, lease_id: UUID | None) -> None:
        """Give a lease back."""
        if lease_id is not None:
            async with self._database.transaction() as session:
                await end_lease(session, lease_id)

    async def report_success(self, model: ModelView, key: KeyView) -> None:
        """Note that a key works; writes only when that is news."""
        now = clock.now()
        last = max(filter(None, (key.last_ok_at, self._ok_written.get(key.id))), default=None)
        is_news = key.state is not KeyState.ACTIVE or key.fails > 0
        if not is_news and last is not None and now - last < LAST_OK_EVERY:
            return
        self._ok_written[key.id] = now
        async with self._database.transaction() as session:
            await record_success(session, key)
        if is_news:
            self.forget(model.organization_id)

    async def report_failure(self, model: ModelView, candidate: Candidate, error: ProviderError) -> KeyAction:
        """Write what a failure does, so that every process knows."""
        async with self._database.transaction() as session:
            action = await record_failure(session, candidate, error)
        if action is not KeyAction.NONE:
            self.forget(model.organization_id)
        return action

    def _fresh(self, wanted: tuple[UUID, str]) -> ModelView | None:
        found = self._models.get(wanted)
        # A clock that was put back must not keep a snapshot alive.
        if found is None or not timedelta(0) <= found[0] - clock.now() <= SNAPSHOT_TTL:
            return None
        return found[1]

    def _next(self, choices: list[W]) -> W:
        """Smooth weighted rotation (as nginx does it): each has its share, and no burst goes to one."""
        if len(choices) == 1:
            return choices[0]
        total = 0
        for choice in choices:
            total += choice.weight
            self._turns[choice.id] = self._turns.get(choice.id, 0) + choice.weight
        best = max(choices, key=lambda choice: self._turns[choice.id])
        self._turns[best.id] -= total
        return best


def _names(routes: Iterable[RouteView]) -> str:
    return ", ".join(sorted({route.endpoint.name for route in routes})) or "any endpoint"
