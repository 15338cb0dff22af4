"""Asks a text model: walks routes and keys by the rules of failure, and tells every attempt that was made.

No transaction is open while the network is used. Nothing is asked again once a part of the answer was delivered,
unless the caller can throw it away.
"""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from uuid import UUID

from kassa.kit.db import Database
from kassa.kit.errors import Invalid

from . import pricing
from .errors import ErrorClass, KeyAction, ProviderError, provider_error
from .keys import Candidate
from .pool import KeyPool
from .ports import MakeDriver, TextDriver
from .run import DEFAULTS, Run, RunOptions
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


@dataclass(frozen=True, slots=True)
class Gateway:
    """What asking needs: one per process."""

    database: Database
    pool: KeyPool
    drivers: Mapping[str, TextDriver]
    makers: Mapping[str, MakeDriver] = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of driver that this installation has."""
        return frozenset((*self.drivers, *self.makers))


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
    run = Run(gateway.pool, gateway.drivers, model, options)
    while True:
        candidate, lease_id = await run.next()
        attempt = _Attempt(run, gateway, request, candidate)
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


class _Attempt:
    """One call to a provider."""

    def __init__(self, run: Run, gateway: Gateway, request: TextRequest, candidate: Candidate) -> None:
        self._run = run
        self._gateway = gateway
        self._request = request
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
        driver = self._gateway.drivers[route.driver]
        request = request_for(route, self._run.model, self._request)
        async with aclosing(
            driver.stream(request, endpoint_within(route.endpoint, self._run.left_s()), key.secret)
        ) as events:
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

    def _cost(self) -> int | None:
        cost = self._candidate.route.cost
        if cost is None or self._usage is None:
            return None
        return pricing.quote(cost, pricing.measured(cost, self._usage)).tokens


def endpoint_within(endpoint: Endpoint, left_s: float) -> Endpoint:
    """The endpoint, with a total time that ends with the run's."""
    left_s = max(0.001, left_s)
    if left_s >= endpoint.timeouts.total_s - 1:
        return endpoint
    return replace(endpoint, timeouts=replace(endpoint.timeouts, total_s=left_s))


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
