"""The background edge: runs a question, shows the answer as it comes, settles once; sweeps what was left behind."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from kassa.core import ai, channels, i18n, policies
from kassa.core.channels import BotProfile, Button, Format, Outgoing
from kassa.kit import db, ids, jobs, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, NotFound, Unavailable
from kassa.kit.failpoints import failpoint
from kassa.kit.money import Rounding, divide

from . import prompt, service
from .attachments import Attachment
from .models import AiAccessDialog, AiAccessRequest
from .streaming import Preview, answer_messages
from .types import OPEN, Funding, RequestStatus

logger = structlog.get_logger(__name__)

LEASE = timedelta(seconds=15)
"""How long a runner may be silent before another takes the question over."""
TICK_S = 0.5
_FOR_GOOD = {"ai.refused", "files.not_found", "files.no_words", "ai_access.document_too_long"}
"""Asked again, the answer would be the same."""
SETTLE_PATIENCE_S = 60.0
"""How long a finished answer waits for a database that is away, rather than asking the provider again."""

_CLAIM = """
update ai_access_request set status = 'running', runner = $2, running_until = now() + $3, runs = runs + 1
where id = $1 and status in ('queued', 'running') and (runner is null or running_until < now())
returning id, runs
"""
_BEAT = """
update ai_access_request set running_until = now() + $3 where id = $1 and runner = $2
returning stop_requested_at
"""
_ABANDONED = """
select r.id, r.runs from ai_access_request r
where r.status in ('queued', 'running') and r.created_at < now() - interval '2 minutes'
and (r.running_until is null or r.running_until < now() - interval '30 seconds')
and not exists (select 1 from pgqueuer q where q.status in ('queued', 'picked')
                and q.dedupe_key in ('ai:' || r.id, 'ai-next:' || r.id))
and not exists (select 1 from ai_access_request e where e.dialog_id = r.dialog_id and e.number < r.number
                and e.status in ('queued', 'running'))
limit 200
"""


@dataclass(slots=True)
class _Run:
    """A question being answered."""

    request: AiAccessRequest
    bot: BotProfile
    system: str
    history: list[tuple[str, list[Attachment], str]]
    runner: UUID
    text: str = ""
    is_stopped: bool = False
    price_percent: int = 100
    facts: dict[str, Any] = field(default_factory=dict)


async def run(app: App, request_id: str) -> None:
    """Job: answer one question. It may run again after a crash: the customer is charged once."""
    database, wanted, runner = app.get(Database), UUID(request_id), ids.new()
    prepared = await _prepare(app, database, wanted, runner)
    if prepared is None:
        return
    failpoint("ai.before_provider")
    began = time.monotonic()
    try:
        await _stream(app, prepared)
    except AppError as error:
        await _settle_failure(app, prepared, error)
        return
    failpoint("ai.after_provider")
    prepared.facts["latency_ms"] = round((time.monotonic() - began) * 1000)
    await _settle_answer(app, prepared)


async def sweep(app: App) -> None:
    """Job: questions whose job is gone are put back on the queue, and after MAX_RUNS given up with their hold.

    A question whose runner is alive, or whose job waits, is never touched: its hold may still be needed.
    """
    database = app.get(Database)
    for row in await database.call(_ABANDONED):
        if row["runs"] < service.MAX_RUNS:
            async with database.transaction() as session:
                await jobs.enqueue(session, "ai_access.run", key=f"ai:{row['id']}", request_id=str(row["id"]))
            continue
        async with database.transaction() as session:
            request = await session.get_one(AiAccessRequest, row["id"])
            overrides = await i18n.load_overrides(session, request.bot_id)
        messages = _failure_messages(app, request, overrides, "ai.provider_unavailable")
        async with database.transaction() as session:
            await service.settle(
                session, request.id, RequestStatus.FAILED, answer="", charge=0, messages=messages,
                error_code="ai.abandoned",
            )  # fmt: skip
        logger.error("question_given_up", request_id=str(request.id))


async def _prepare(app: App, database: Database, request_id: UUID, runner: UUID) -> _Run | None:
    """Claim the question if it is its turn; None when there is nothing to do."""
    async with database.transaction() as session:
        request = await session.get(AiAccessRequest, request_id)
        if request is None or request.status not in OPEN or not await service.is_turn_of(session, request):
            return None
        claimed = await db.fetch(session, _CLAIM, request_id, runner, LEASE)
        if not claimed:
            # Its runner is alive, or died a moment ago: look again when its lease is over.
            raise Unavailable("ai_access.running", "Another process answers this question", retry_after_s=5)
        runs = int(claimed[0]["runs"])
        await session.refresh(request)
        is_blocked = bool(await policies.live_blocks(session, request.organization_id, request.customer_id))
        dialog = await session.get_one(AiAccessDialog, request.dialog_id)
        pairs = await service.history(session, request) if dialog.has_history else []
        system = dialog.system_prompt
    try:
        bot = await app.get(channels.Bots).profile(request.bot_id)
    except NotFound:
        await _settle(app, request, RequestStatus.FAILED, "", 0, [], "channels.bot_not_found", {})
        return None
    if is_blocked:
        # Who was blocked since asking gets their tokens back and no answer.
        await _settle(app, request, RequestStatus.FAILED, "", 0, [], "policies.blocked", {})
        return None
    prepared = _Run(request, bot, system, pairs, runner)
    if runs > service.MAX_RUNS:
        await _settle_failure(app, prepared, Unavailable("ai.provider_unavailable"))
        return None
    return prepared


async def _stream(app: App, state: _Run) -> None:
    """Ask the model and show the answer as it comes, until it ends or the customer stops it."""
    request, database = state.request, app.get(Database)
    texts = app.get(i18n.Texts)
    preview = Preview(
        app.get(channels.Messengers).of(request.chat_id), state.bot, request.chat_id, draft_id=request.number,
        is_private=request.is_private, reply_to=request.reply_to, placeholder_id=request.placeholder_id,
        stop_button=texts.text("ai-button-stop", request.locale, state.bot.overrides),
    )  # fmt: skip
    reading = asyncio.create_task(_read(app, state))
    try:
        while not reading.done():
            await preview.show(state.text)
            if preview.placeholder_id != request.placeholder_id:
                request.placeholder_id = preview.placeholder_id
                await database.call(
                    "update ai_access_request set placeholder_id = $2 where id = $1", request.id, preview.placeholder_id
                )
            if await _beat(database, state):
                state.is_stopped = True
                return
            await asyncio.wait({reading}, timeout=TICK_S)
        await reading
    finally:
        if not reading.done():
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _read(app: App, state: _Run) -> None:
    """Read the model's events into the state."""
    request = state.request
    asked = ai.TextRequest(
        messages=await prompt.of(app, request, state.history), system=state.system, request_id=str(request.id)
    )
    began = time.monotonic()
    # What was shown of a draft can be thrown away, so a broken answer may start anew elsewhere.
    options = ai.RunOptions(may_restart=True, deadline_s=300.0)
    parts: list[str] = []
    async with aclosing(
        ai.run_cached_text(
            app.get(ai.Gateway), app.get(ai.TextCache), request.organization_id, request.model, asked, options,
            nonce=request.idempotency_key if request.idempotency_key.startswith("retry:") else "",
        )
    ) as events:  # fmt: skip
        async for event in events:
            match event:
                case ai.TextDelta():
                    if not parts:
                        metrics.ai_first_token_seconds.labels(request.model).observe(time.monotonic() - began)
                    parts.append(event.text)
                    state.text = "".join(parts)
                case ai.Restarted():
                    parts.clear()
                    state.text = ""
                case ai.CacheHit():
                    state.facts |= {"is_cached": True}
                    state.price_percent = event.price_percent
                case ai.Usage():
                    state.facts |= {"input_tokens": event.input_tokens, "output_tokens": event.output_tokens}
                case ai.AttemptMade():
                    if event.error_class:
                        metrics.provider_errors.labels(event.provider, event.error_class).inc()
                    elif event.cost_micro_usd is not None:
                        state.facts["cost_micro_usd"] = event.cost_micro_usd
                case _:
                    pass


async def _beat(database: Database, state: _Run) -> bool:
    """Keep the lease; True when the customer wants to stop. A database away for a moment does not end the answer."""
    try:
        rows = await database.call(_BEAT, state.request.id, state.runner, LEASE)
    except (OSError, *db.ConnectionLost):
        return False
    return bool(rows and rows[0]["stop_requested_at"] is not None)


async def _settle_answer(app: App, state: _Run) -> None:
    request = state.request
    messenger = app.get(channels.Messengers).of(request.chat_id)
    text = state.text.replace("\0", "").strip()  # PostgreSQL holds no NUL
    if not text:
        # Stopped before the first word: nothing was delivered, nothing is charged.
        note = app.get(i18n.Texts).text("ai-stopped-before-answer", request.locale, state.bot.overrides)
        messages = [Outgoing(note, (), Format.MARKDOWN, request.placeholder_id)]
        await _settle(app, request, RequestStatus.STOPPED, "", 0, messages, "", state.facts)
        return
    messages = answer_messages(messenger, text, placeholder_id=request.placeholder_id, reply_to=request.reply_to)
    charge = await _charge(app, state)
    status = RequestStatus.ANSWERED
    if state.is_stopped:
        status = RequestStatus.STOPPED
        key = "ai-stopped" if charge else "ai-stopped-free"
        note = app.get(i18n.Texts).text(
            key, request.locale, state.bot.overrides, tokens=i18n.number(charge, request.locale)
        )
        messages.append(Outgoing(note))
    await _settle(app, request, status, text, charge, messages, "", state.facts)


async def _charge(app: App, state: _Run) -> int:
    """What the answer costs: the price by what was used, never more than was held."""
    request = state.request
    if request.funding != Funding.TOKENS.value:
        return 0
    model = await app.get(ai.KeyPool).model(request.organization_id, request.model)
    usage = None
    if "output_tokens" in state.facts:
        usage = ai.measured(model.price, ai.Usage(state.facts["input_tokens"], state.facts["output_tokens"]))
    charge = ai.charge(model.price, usage, request.price_tokens)
    return divide(charge, state.price_percent, 100, Rounding.UP)


async def _settle_failure(app: App, state: _Run, error: AppError) -> None:
    logger.warning("question_failed", request_id=str(state.request.id), code=error.code, reason=str(error))
    messages = _failure_messages(app, state.request, state.bot.overrides, error.code, error.facts)
    await _settle(app, state.request, RequestStatus.FAILED, "", 0, messages, error.code, state.facts)


def _failure_messages(
    app: App, request: AiAccessRequest, overrides: dict[str, str], code: str, facts: Mapping[str, Any] | None = None
) -> list[Outgoing]:
    """What the customer reads when there is no answer: what happened, that it cost nothing, and what to do."""
    texts = app.get(i18n.Texts)
    text = texts.text(code, request.locale, overrides, **_told(facts or {}, request.locale))
    if text == code:
        text = texts.text("ai-provider_unavailable", request.locale, overrides)
    free = texts.text("ai-not-charged", request.locale, overrides)
    retry = Button(texts.text("ai-button-retry", request.locale, overrides), f"retry:{request.number}")
    buttons = [] if code in _FOR_GOOD else [[retry]]
    return [Outgoing(f"{text}\n\n{free}", buttons, Format.MARKDOWN, request.placeholder_id, request.reply_to)]


def _told(facts: Mapping[str, Any], locale: str) -> dict[str, str]:
    """Numbers among an error's facts as people read them."""
    return {key: i18n.number(value, locale) for key, value in facts.items() if key == "limit"}


async def _settle(
    app: App,
    request: AiAccessRequest,
    status: RequestStatus,
    answer: str,
    charge: int,
    messages: list[Outgoing],
    error_code: str,
    facts: dict[str, Any],
) -> None:
    """Settle, waiting for a database that is restarting: the answer is paid work and must not be asked for again."""
    give_up_at = time.monotonic() + SETTLE_PATIENCE_S
    while True:
        try:
            async with app.get(Database).transaction() as session:
                await service.settle(
                    session, request.id, status, answer=answer, charge=charge, messages=messages,
                    error_code=error_code, facts=facts,
                )  # fmt: skip
                failpoint("ai.inside_settlement")
            failpoint("ai.after_settlement")
            return
        except (DBAPIError, OSError) as error:
            if time.monotonic() > give_up_at or not db.is_connection_lost(error):
                raise
            await asyncio.sleep(0.5)
