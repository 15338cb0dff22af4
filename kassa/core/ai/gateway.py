"""Asks a text model: walks routes and keys by the rules of failure, and tells every attempt that was made.

No transaction is open while the network is used. Nothing is asked again once a part of the answer was delivered,
unless the caller can throw it away.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from uuid import UUID

from kassa.kit.db import Database
from kassa.kit.errors import Invalid

from . import pricing
from .errors import RULES, ErrorClass, KeyAction, ProviderError, provider_error
from .keys import Candidate
from .pool import KeyPool, Tried
from .ports import TextDriver
from .snapshot import ModelView, RouteView
from .types import (
    AttemptMade,
    Endpoint,
    Finished,
    GatewayEvent,
    ImagePart,
    Restarted,
    TextDelta,
    TextEvent,
    TextRequest,
    ToolCall,
    Usage,
)

PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class Gateway:
    """What asking needs: one per process."""

    database: Database
    pool: KeyPool
    drivers: Mapping[str, TextDriver]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How far a run may go. `patience_s` is the longest pause before the same key is asked again."""

    max_attempts: int = 6
    deadline_s: float = 600.0
    patience_s: float = 5.0
    may_restart: bool = False
    allow_refused_elsewhere: bool = False


DEFAULTS = RunOptions()


async def run_text(
    gateway: Gateway, organization_id: UUID, slug: str, request: TextRequest, options: RunOptions = DEFAULTS
) -> AsyncGenerator[GatewayEvent, None]:
    """Yield the answer's parts, an AttemptMade after each call to a provider, Finished last. Close it to stop.

    Raises NotFound `ai.model_not_found`, Invalid `ai.images_not_supported`, and a ProviderError (see errors.py) when
    everything allowed was tried: ai.refused, ai.bad_input, ai.timeout, ai.empty_answer, ai.busy, ai.no_route,
    ai.provider_unavailable.
    """
    model = await gateway.pool.model(organization_id, slug)
    _require_able(model, request)
    run = _Run(gateway, model, request, options)
    while True:
        candidate, lease_id = await run.next()
        attempt = _Attempt(run, candidate)
        error: ProviderError | None = None
        try:
            async with aclosing(attempt.events()) as events:
                async for event in events:
                    yield event
        except ProviderError as caught:
            error = caught
        finally:
            await gateway.pool.release(lease_id)
        if error is None:
            await gateway.pool.report_success(model, candidate.key)
            yield attempt.made(None, KeyAction.NONE)
            if attempt.finished is not None:
                yield attempt.finished
            return
        action = await gateway.pool.report_failure(model, candidate, error)
        yield attempt.made(error, action)
        if attempt.has_delivered and not options.may_restart:
            raise error
        await run.give_up_on(candidate, error)
        if attempt.has_delivered:
            yield Restarted()


@dataclass(slots=True)
class _Run:
    """The state of one question: what was tried, what is left."""

    gateway: Gateway
    model: ModelView
    request: TextRequest
    options: RunOptions
    tried: Tried = field(default_factory=Tried)
    started: float = field(default_factory=time.monotonic)
    attempts: int = 0
    retries: dict[ErrorClass, int] = field(default_factory=dict)
    last_error: ProviderError | None = None
    again: Candidate | None = None
    has_waited: bool = False

    def left_s(self) -> float:
        """Seconds until the deadline of the whole run."""
        return self.options.deadline_s - (time.monotonic() - self.started)

    async def next(self) -> tuple[Candidate, UUID | None]:
        """The next candidate with its lease. Raises the last error, or says why nobody can be asked."""
        pool = self.gateway.pool
        while True:
            candidate = self.again or pool.choose(self.model, self.gateway.drivers, self.tried)
            self.again = None
            if candidate is None:
                await self._wait_for_somebody()
                continue
            is_free, lease_id = await pool.lease(self.model, candidate, self.left_s() + 5)
            if is_free:
                self.attempts += 1
                return candidate, lease_id
            self.tried.accounts.add((candidate.route.endpoint_id, candidate.key.account))

    async def _wait_for_somebody(self) -> None:
        """A short rest of the only key is waited for once; a longer one, or a failure already met, ends the run."""
        nobody = self.gateway.pool.why_nobody(self.model, self.gateway.drivers)
        pause_s = nobody.retry_after_s
        if (
            self.last_error
            or self.has_waited
            or pause_s is None
            or pause_s > min(self.options.patience_s, self.left_s())
        ):
            raise self.last_error or nobody
        self.has_waited = True
        await asyncio.sleep(pause_s)

    async def give_up_on(self, candidate: Candidate, error: ProviderError) -> None:
        """Note what is not worth another try; wait, if the same key is. Raises the error when nothing is allowed."""
        rule = RULES[error.error_class]
        self.last_error = error
        if self.attempts >= self.options.max_attempts or self.left_s() <= 0:
            raise error
        elsewhere = rule.other_provider or (
            error.error_class is ErrorClass.CONTENT_POLICY and self.options.allow_refused_elsewhere
        )
        done = self.retries.get(error.error_class, 0)
        may_retry = done < rule.same_key_retries
        if not (may_retry or rule.other_key or elsewhere):
            raise error
        if may_retry and error.error_class is not ErrorClass.RATE_LIMIT:
            await self._ask_again(candidate, error, done)
            return
        if rule.other_key:
            self.tried.keys.add(candidate.key.id)
        else:
            self.tried.routes.update(self._routes_of(candidate, error))
        if rule.other_account_only:
            self.tried.accounts.add((candidate.route.endpoint_id, candidate.key.account))
        if may_retry and self.gateway.pool.choose(self.model, self.gateway.drivers, self.tried) is None:
            # Nobody else is left: a short wait that the provider named is better than no answer.
            if error.retry_after_s is None or error.retry_after_s > self.options.patience_s:
                raise error
            await self._ask_again(candidate, error, done)

    async def _ask_again(self, candidate: Candidate, error: ProviderError, done: int) -> None:
        self.retries[error.error_class] = done + 1
        pause_s = PAUSE_S * 2**done * random.uniform(0.8, 1.2)
        if error.retry_after_s is not None:
            pause_s = max(pause_s, error.retry_after_s)
        if pause_s > min(self.options.patience_s, self.left_s()):
            self.tried.keys.add(candidate.key.id)
            return
        await asyncio.sleep(pause_s)
        self.again = candidate

    def _routes_of(self, candidate: Candidate, error: ProviderError) -> set[UUID]:
        """A model that is gone is gone on its route; a refusal holds for everything of that provider."""
        if error.error_class is ErrorClass.MODEL_GONE:
            return {candidate.route.id}
        provider = candidate.route.endpoint.provider
        return {route.id for route in self.model.routes if route.endpoint.provider == provider}


class _Attempt:
    """One call to a provider."""

    def __init__(self, run: _Run, candidate: Candidate) -> None:
        self._run = run
        self._candidate = candidate
        self._number = run.attempts
        self._started = time.monotonic()
        self._first_delta: float | None = None
        self._delivered_chars = 0
        self._usage: Usage | None = None
        self.finished: Finished | None = None

    @property
    def has_delivered(self) -> bool:
        """Whether a part of an answer has left."""
        return self._first_delta is not None

    async def events(self) -> AsyncGenerator[TextEvent, None]:
        """What the driver yields but Finished, which has to be the last word of the whole run."""
        route, key = self._candidate.route, self._candidate.key
        driver = self._run.gateway.drivers[route.driver]
        request = request_for(route, self._run.model, self._run.request)
        async with aclosing(driver.stream(request, self._endpoint(), key.secret)) as events:
            async for event in events:
                kind = type(event)
                if kind is TextDelta or kind is ToolCall:
                    if self._first_delta is None:
                        self._first_delta = time.monotonic()
                    if isinstance(event, TextDelta):
                        self._delivered_chars += len(event.text)
                elif isinstance(event, Usage):
                    self._usage = event
                elif isinstance(event, Finished):
                    self.finished = event
                    continue
                yield event
        if self.finished is None:
            raise provider_error(ErrorClass.TRANSIENT, provider=route.endpoint.provider, detail="no end of the answer")

    def made(self, error: ProviderError | None, action: KeyAction) -> AttemptMade:
        """The record of the attempt."""
        route = self._candidate.route
        first = self._first_delta
        return AttemptMade(
            number=self._number,
            route_id=route.id,
            key_id=self._candidate.key.id,
            endpoint=route.endpoint.name,
            provider=route.endpoint.provider,
            upstream_name=route.upstream,
            error_class="" if error is None else error.error_class.value,
            detail="" if error is None else error.detail,
            latency_ms=round((time.monotonic() - self._started) * 1000),
            first_delta_ms=None if first is None else round((first - self._started) * 1000),
            delivered_chars=self._delivered_chars,
            cost_micro_usd=self._cost(),
            key_action=action.value,
        )

    def _endpoint(self) -> Endpoint:
        """The endpoint, with a total time that ends with the run's."""
        endpoint = self._candidate.route.endpoint
        left_s = max(0.001, self._run.left_s())
        if left_s >= endpoint.timeouts.total_s - 1:
            return endpoint
        return replace(endpoint, timeouts=replace(endpoint.timeouts, total_s=left_s))

    def _cost(self) -> int | None:
        cost = self._candidate.route.cost
        if cost is None or self._usage is None:
            return None
        return pricing.quote(cost, pricing.measured(cost, self._usage)).tokens


def request_for(route: RouteView, model: ModelView, request: TextRequest) -> TextRequest:
    """The request as this route takes it: its upstream's name, the model's limit, the route's parameters."""
    most = model.limits.get("max_output")
    asked = request.max_output_tokens
    limits = [limit for limit in (most, asked) if limit is not None]
    dropped = route.param_map.get("drop") or ()
    return replace(
        request,
        model=route.upstream,
        max_output_tokens=min(limits) if limits else None,
        temperature=None if "temperature" in dropped else request.temperature,
        extra={**request.extra, **(route.param_map.get("set") or {})},
    )


def _require_able(model: ModelView, request: TextRequest) -> None:
    if model.abilities.get("vision"):
        return
    if any(isinstance(part, ImagePart) for message in request.messages for part in message.parts):
        raise Invalid("ai.images_not_supported", f"{model.slug} does not read pictures", model=model.slug)
