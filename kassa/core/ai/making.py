"""Makes pictures, speech, transcripts and vectors: one call, the same routes, keys and rules of failure as text."""

import time
from uuid import UUID

from . import pricing
from .errors import KeyAction, ProviderError
from .gateway import Gateway, endpoint_within
from .keys import Candidate
from .run import DEFAULTS, Run, RunOptions
from .types import AttemptMade, Made, MakeRequest


async def make(
    gateway: Gateway, organization_id: UUID, slug: str, request: MakeRequest, options: RunOptions = DEFAULTS
) -> tuple[Made, list[AttemptMade]]:
    """Ask until somebody makes it; answers what was made and every attempt. Raises as `run_text` does."""
    model = await gateway.pool.model(organization_id, slug)
    run = Run(gateway.pool, gateway.makers, model, options)
    attempts: list[AttemptMade] = []
    while True:
        candidate, lease_id = await run.next()
        route, began = candidate.route, time.monotonic()
        asked = MakeRequest(request.kind, request.params, request.files, route.upstream, request.request_id)
        made: Made | None = None
        error: ProviderError | None = None
        try:
            endpoint = endpoint_within(route.endpoint, run.left_s())
            made = await gateway.makers[route.driver].make(asked, endpoint, candidate.key.secret)
        except ProviderError as caught:
            error = caught
        finally:
            await gateway.pool.release(lease_id)
        took_ms = round((time.monotonic() - began) * 1000)
        if made is not None:
            await gateway.pool.report_success(model, candidate.key)
            attempts.append(_attempt(run, candidate, took_ms, None, KeyAction.NONE, made))
            return made, attempts
        if error is None:
            raise AssertionError("a driver answers or raises")
        action = await gateway.pool.report_failure(model, candidate, error)
        attempts.append(_attempt(run, candidate, took_ms, error, action, None))
        await run.give_up_on(candidate, error)


def _attempt(
    run: Run, candidate: Candidate, took_ms: int, error: ProviderError | None, action: KeyAction, made: Made | None
) -> AttemptMade:
    route = candidate.route
    return AttemptMade(
        number=run.attempts,
        route_id=route.id,
        key_id=candidate.key.id,
        endpoint=route.endpoint.name,
        provider=route.endpoint.provider,
        upstream_name=route.upstream,
        error_class="" if error is None else error.error_class.value,
        detail="" if error is None else error.detail,
        latency_ms=took_ms,
        first_delta_ms=None if error else took_ms,
        delivered_chars=0,
        cost_micro_usd=_cost(candidate, made) if made else None,
        key_action=action.value,
    )


def _cost(candidate: Candidate, made: Made) -> int | None:
    cost = candidate.route.cost
    if cost is None or (not cost.is_fixed and made.usage is None):
        return None
    params = pricing.measured(cost, made.usage) if made.usage else {}
    return pricing.quote(cost, params).tokens * max(1, len(made.files))
