"""Asking a text model for a customer's program: the answer's parts as they come, and the end of the call whatever
happens: an answer, an error, a client that hung up."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog

from kassa.core import ai
from kassa.kit import metrics
from kassa.kit.app import App
from kassa.kit.errors import AppError

from . import calls, requests
from .calls import Call

logger = structlog.get_logger(__name__)

Part = ai.TextDelta | ai.ReasoningDelta | ai.ToolCall | ai.Finished

OPTIONS = ai.RunOptions(deadline_s=600.0)


async def answer(app: App, call: Call, request: ai.TextRequest) -> AsyncGenerator[Part, None]:
    """Yield the parts, Finished last; `call.tokens` holds the usage then. Close it to stop.

    Raises as `ai.run_text`. The call is ended before the last part goes out, so who has the answer has paid for it.
    """
    characters, is_over = 0, False
    try:
        events = ai.run_text(app.get(ai.Gateway), call.organization_id, call.model.slug, request, OPTIONS)
        async with aclosing(events) as parts:
            async for event in parts:
                match event:
                    case ai.TextDelta() | ai.ReasoningDelta():
                        characters += len(event.text)
                        yield event
                    case ai.ToolCall():
                        characters += len(event.arguments)
                        yield event
                    case ai.Usage():
                        call.tokens = event
                    case ai.AttemptMade():
                        call.note(event)
                    case ai.Finished():
                        is_over = True
                        await calls.end(app, call, charge=charge_of(call), status="answered")
                        metrics.ai_requests.labels(call.model.slug, "answered").inc()
                        yield event
    except AppError as error:
        if not is_over:
            is_over = True
            await _give_up(app, call, request, characters, error.code)
        raise
    finally:
        if not is_over:
            # The client hung up. Settling is shielded: the task that waits for it is being cancelled.
            await asyncio.shield(asyncio.ensure_future(_give_up(app, call, request, characters, "")))


def charge_of(call: Call) -> int:
    """What a whole answer costs: by its measured tokens, never more than was held."""
    measured = ai.measured(call.model.price, call.tokens) if call.tokens else None
    return ai.charge(call.model.price, measured, call.held_tokens)


def price_of(model: ai.ModelView, request: ai.TextRequest) -> int:
    """The most that a question may cost: what is held before the model is asked."""
    if model.price.is_fixed:
        return ai.quote(model.price, {}).tokens
    limit = int(model.limits.get("max_output", 4096))
    most = min(limit, request.max_output_tokens or limit)
    return ai.quote(model.price, ai.upper_bound(requests.most_input(request), most)).tokens


async def _give_up(app: App, call: Call, request: ai.TextRequest, characters: int, error_code: str) -> None:
    """An answer that broke off, or that nobody waits for: what was delivered is paid for, nothing else."""
    charge = 0
    if characters:
        # Nobody counted: our own estimate, on the same dear side as the hold, so it never exceeds it.
        call.tokens = call.tokens or ai.Usage(requests.most_input(request), characters // 3 + 1)
        charge = charge_of(call)
    status = "failed" if error_code else "stopped"
    metrics.ai_requests.labels(call.model.slug, error_code or status).inc()
    logger.info("api_call_not_finished", request_id=str(call.id), status=status, code=error_code, charged=charge)
    await calls.end(app, call, charge=charge, status=status, error_code=error_code)
