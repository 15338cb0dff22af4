"""The gateway behind the cache: a question that was answered, or is being answered, is not asked again."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta
from uuid import UUID

from kassa.kit import clock, ids
from kassa.kit.db import Database

from . import cache
from .gateway import Gateway, run_text
from .run import DEFAULTS, RunOptions
from .snapshot import ModelView
from .types import CacheHit, Finished, FinishReason, GatewayEvent, Restarted, TextDelta, TextRequest, Usage

CLAIM_LEASE_S = 120.0
# How long an equal question waits for the first one before it is asked on its own.
FOLLOWER_PATIENCE_S = 30.0
POLL_FIRST_S, POLL_LONGEST_S = 0.05, 0.5
COUNT_HITS_EVERY = timedelta(seconds=5)


class TextCache:
    """The cache as one process sees it: which questions it is asking now, and hits not yet written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._flights: dict[str, asyncio.Event] = {}
        self._hits: dict[tuple[UUID, str], int] = {}
        self._counted_at: datetime = clock.now()

    async def find(self, organization_id: UUID, key: str) -> cache.KeptText | None:
        """The answer, counted as a hit; hits are written every few seconds, not one by one."""
        found = await cache.lookup(self._database, organization_id, key)
        if found is None:
            return None
        self._hits[organization_id, key] = self._hits.get((organization_id, key), 0) + 1
        if clock.now() - self._counted_at >= COUNT_HITS_EVERY:
            await self.write_hits()
        return found

    async def write_hits(self) -> None:
        """Write the hits counted so far; for the scheduled job and the end of the process."""
        hits = self._take_hits()
        if hits:
            async with self._database.transaction() as session:
                await cache.count_hits(session, hits)

    async def find_or_claim(self, model: ModelView, key: str, owner: UUID) -> cache.KeptText | bool:
        """The answer; or True: the caller asks and must `land`; or False: waited in vain, the caller asks alone."""
        give_up_at = time.monotonic() + FOLLOWER_PATIENCE_S
        pause_s = POLL_FIRST_S
        while True:
            found = await self.find(model.organization_id, key)
            if found is not None:
                return found
            left_s = give_up_at - time.monotonic()
            if left_s <= 0:
                return False
            flight = self._flights.get(key)
            if flight is not None:
                await _wait(flight, left_s)
                continue
            # Nothing awaits between the look and this line, so one task of the process takes off.
            self._flights[key] = asyncio.Event()
            if await self._claimed(model, key, owner):
                return True
            self._end_flight(key)
            await asyncio.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * 2, POLL_LONGEST_S)

    async def land(self, model: ModelView, key: str, owner: UUID, answer: cache.KeptText | None) -> None:
        """End the claim: keep the answer, or (None) let the next in line try."""
        try:
            async with self._database.transaction() as session:
                if answer is None:
                    await cache.abandon(session, model.organization_id, key, owner)
                else:
                    await cache.store(session, model.organization_id, key, owner, answer, model.cache_ttl_s)
        finally:
            self._end_flight(key)

    async def _claimed(self, model: ModelView, key: str, owner: UUID) -> bool:
        is_claimed = False
        try:
            async with self._database.transaction() as session:
                is_claimed = await cache.claim(session, model, key, owner, CLAIM_LEASE_S)
        finally:
            if not is_claimed:
                self._end_flight(key)
        return is_claimed

    def _end_flight(self, key: str) -> None:
        flight = self._flights.pop(key, None)
        if flight is not None:
            flight.set()

    def _take_hits(self) -> dict[tuple[UUID, str], int]:
        hits, self._hits = self._hits, {}
        self._counted_at = clock.now()
        return hits


async def run_cached_text(
    gateway: Gateway,
    text_cache: TextCache,
    organization_id: UUID,
    slug: str,
    request: TextRequest,
    options: RunOptions = DEFAULTS,
    nonce: str = "",
) -> AsyncGenerator[GatewayEvent, None]:
    """As `run_text`, with CacheHit first when the answer is at hand. A `nonce` asks anew. Raises what it raises."""
    model = await gateway.pool.model(organization_id, slug)
    if not cache.is_cacheable(model, request):
        async with aclosing(run_text(gateway, organization_id, slug, request, options)) as events:
            async for event in events:
                yield event
        return
    key, owner = cache.text_key(model, request, nonce), ids.new()
    found = await text_cache.find_or_claim(model, key, owner)
    if isinstance(found, cache.KeptText):
        yield CacheHit(key, model.cache_price_percent)
        yield TextDelta(found.text)
        if found.usage is not None:
            yield found.usage
        yield Finished(found.finish)
        return
    gathered = _Gathered()
    try:
        async with aclosing(run_text(gateway, organization_id, slug, request, options)) as events:
            async for event in events:
                gathered.add(event)
                # Landing before the last word: whoever has seen the end finds the answer in the cache.
                if gathered.answer is not None and found:
                    await text_cache.land(model, key, owner, gathered.answer)
                    found = False
                yield event
    finally:
        if found:
            await text_cache.land(model, key, owner, None)


class _Gathered:
    """The answer as it comes by."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._usage: Usage | None = None
        self.answer: cache.KeptText | None = None

    def add(self, event: GatewayEvent) -> None:
        if isinstance(event, TextDelta):
            self._text.append(event.text)
        elif isinstance(event, Restarted):
            self._text.clear()
        elif isinstance(event, Usage):
            self._usage = event
        elif isinstance(event, Finished) and event.reason is not FinishReason.TOOL_CALLS:
            self.answer = cache.KeptText("".join(self._text), event.reason, self._usage)


async def _wait(flight: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await flight.wait()
    except TimeoutError:
        return
