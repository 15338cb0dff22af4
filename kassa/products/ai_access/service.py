"""Asking and settling: quote → hold → run → capture on success, release on failure (AI-3)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ai, billing, channels, ledger, usage
from kassa.core.access import Actor
from kassa.kit import clock, ids, jobs, metrics
from kassa.kit.errors import Invalid

from . import attachments
from .attachments import Attachment
from .errors import NotEnoughTokens
from .models import AiAccessDialog, AiAccessRequest
from .types import OPEN, Funding, RequestStatus

logger = structlog.get_logger(__name__)

QUESTION_LIMIT = 30_000
HOLD_TTL = timedelta(minutes=20)
"""After this a hold is looked at by the sweeper; longer than any answer may take."""
MAX_RUNS = 5
HISTORY_PAIRS = 20
HISTORY_TOKENS = 4000
HISTORY_FILES = 2
"""The files of so many earlier questions are shown to the model again; of older ones it knows the answers."""


async def ask(
    session: AsyncSession,
    actor: Actor,
    model: ai.ModelView,
    question: str,
    *,
    idempotency_key: str,
    dialog: AiAccessDialog,
    is_private: bool,
    locale: str,
    reply_to: int | None = None,
    attached: list[Attachment] | None = None,
) -> tuple[AiAccessRequest, bool]:
    """Quote, hold and enqueue a question; False for a repeat of the same key.

    Raises Invalid `ai_access.question_empty`, `ai_access.question_too_long`, NotEnoughTokens; what
    `attachments.check` raises.
    """
    attached = attached or []
    attachments.check(model, attached)
    if not question.strip() and not attached:
        raise Invalid("ai_access.question_empty", "The question is empty")
    if len(question) > QUESTION_LIMIT:
        raise Invalid("ai_access.question_too_long", "The question is too long", limit=QUESTION_LIMIT)
    earlier = await _earlier_files(session, model, dialog)
    price = quote(model, question, [*attached, *earlier])
    request_id = await session.scalar(
        insert(AiAccessRequest)
        .values(
            id=ids.new(), organization_id=actor.organization_id, customer_id=actor.id, bot_id=dialog.bot_id,
            chat_id=dialog.chat_id, is_private=is_private, locale=locale, dialog_id=dialog.id,
            idempotency_key=idempotency_key, model=model.slug, question=question,
            attachments=[one.to_json() for one in attached], reply_to=reply_to,
            status=RequestStatus.QUEUED.value, funding=Funding.TOKENS.value, price_tokens=price,
            price_version=model.price_version, charged_tokens=0, answer="", error_code="", runs=0, is_cached=False,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["organization_id", "idempotency_key"])
        .returning(AiAccessRequest.id)
    )  # fmt: skip
    if request_id is None:
        found = await session.scalars(
            select(AiAccessRequest).where(
                AiAccessRequest.organization_id == actor.organization_id,
                AiAccessRequest.idempotency_key == idempotency_key,
            )
        )
        return found.one(), False
    funding, hold_id = await _fund(session, actor, model, price, request_id)
    request = await session.get_one(AiAccessRequest, request_id)
    request.funding, request.hold_id = funding.value, hold_id
    if funding is not Funding.TOKENS:
        request.price_tokens = 0
    dialog.updated_at = clock.now()
    await session.flush()
    await jobs.enqueue(session, "ai_access.run", key=f"ai:{request_id}", request_id=str(request_id))
    return request, True


def quote(model: ai.ModelView, question: str, attached: list[Attachment] | None = None) -> int:
    """The most that an answer to a question may cost, in tokens: what is held before the model is asked.

    Raises ai.PriceError when the price does not cover it, which blocks the sale.
    """
    if model.price.is_fixed:
        return ai.quote(model.price, {}).tokens
    # Three characters a token is on the dear side for every language we sell in; history is bounded by the model.
    asked = len(question) // 3 + HISTORY_TOKENS + attachments.most_tokens(model, attached or [])
    most = ai.upper_bound(asked, int(model.limits.get("max_output", 4096)))
    return ai.quote(model.price, most).tokens


async def _fund(
    session: AsyncSession, actor: Actor, model: ai.ModelView, price: int, request_id: UUID
) -> tuple[Funding, UUID | None]:
    """Find what pays: a plan without token spending, then tokens, then the subscription's light model."""
    held = {item.kind: item for item in await billing.entitlements(session, actor.id)}
    if "unlimited" in held:
        return Funding.UNLIMITED, None
    if price == 0:
        return Funding.TOKENS, None
    light = held.get("light_model")
    try:
        hold = await ledger.hold(
            session, actor.organization_id, f"ai:{request_id}", actor.id, price,
            reference=f"ai:{request_id}", expires_at=clock.now() + HOLD_TTL,
        )  # fmt: skip
    except ledger.InsufficientFunds as error:
        if light is not None and light.model == model.slug:
            return Funding.LIGHT_MODEL, None
        raise NotEnoughTokens(
            price, error.facts["available"], error.facts["held"], light.model if light else None
        ) from error
    return Funding.TOKENS, hold.id


async def request_stop(session: AsyncSession, bot_id: UUID, chat_id: int, number: int) -> bool:
    """The customer does not want more of an answer; False when it is over already."""
    found = await session.execute(
        update(AiAccessRequest)
        .where(
            AiAccessRequest.bot_id == bot_id, AiAccessRequest.chat_id == chat_id, AiAccessRequest.number == number,
            AiAccessRequest.status.in_(OPEN),
        )
        .values(stop_requested_at=clock.now())
        .returning(AiAccessRequest.id)
    )  # fmt: skip
    return found.scalar_one_or_none() is not None


async def is_turn_of(session: AsyncSession, request: AiAccessRequest) -> bool:
    """Whether every earlier question of the dialog is over, so that this one sees their answers."""
    earlier = await session.scalar(
        select(AiAccessRequest.id)
        .where(
            AiAccessRequest.dialog_id == request.dialog_id,
            AiAccessRequest.number < request.number,
            AiAccessRequest.status.in_(OPEN),
        )
        .limit(1)
    )
    return earlier is None


async def _earlier_files(session: AsyncSession, model: ai.ModelView, dialog: AiAccessDialog) -> list[Attachment]:
    """Files of earlier questions that a new one is asked with, where that changes what is held."""
    if model.price.is_fixed or not dialog.has_history:
        return []
    rows = await session.scalars(
        select(AiAccessRequest.attachments)
        .where(AiAccessRequest.dialog_id == dialog.id, AiAccessRequest.attachments != [])
        .order_by(AiAccessRequest.number.desc())
        .limit(HISTORY_FILES)
    )
    return [Attachment.from_json(one) for stored in rows for one in stored]


async def history(session: AsyncSession, request: AiAccessRequest) -> list[tuple[str, list[Attachment], str]]:
    """The questions, with their files, and answers that this question follows on, oldest first."""
    rows = await session.execute(
        select(AiAccessRequest.question, AiAccessRequest.attachments, AiAccessRequest.answer)
        .where(
            AiAccessRequest.dialog_id == request.dialog_id,
            AiAccessRequest.number < request.number,
            AiAccessRequest.answer != "",
            AiAccessRequest.status.in_([RequestStatus.ANSWERED.value, RequestStatus.STOPPED.value]),
        )
        .order_by(AiAccessRequest.number.desc())
        .limit(HISTORY_PAIRS)
    )
    return [
        (question, [Attachment.from_json(one) for one in stored], answer)
        for question, stored, answer in reversed(rows.all())
    ]


async def settle(
    session: AsyncSession,
    request_id: UUID,
    status: RequestStatus,
    *,
    answer: str,
    charge: int,
    messages: list[channels.Outgoing],
    error_code: str = "",
    facts: dict[str, Any] | None = None,
) -> bool:
    """End a question: charge or release, keep the answer, store its messages, wake the dialog's next question.

    Everything is one transaction, so a crash before it re-runs the question for one charge, and a crash after it
    only delivers. False when it has ended before.
    """
    request = await session.get_one(AiAccessRequest, request_id, with_for_update=True)
    if request.status not in OPEN:
        return False
    if request.hold_id is not None:
        if charge > 0:
            await ledger.capture(session, request.hold_id, charge)
            request.charged_tokens = charge
        else:
            await ledger.release(session, request.hold_id)
    request.status, request.answer, request.error_code = status.value, answer, error_code
    request.finished_at = clock.now()
    for name, value in (facts or {}).items():
        setattr(request, name, value)
    for number, message in enumerate(messages):
        await channels.send_later(
            session, request.bot_id, request.chat_id, message, key=f"answer:{request.id}:{number}"
        )
    following = await session.scalar(
        select(AiAccessRequest.id)
        .where(
            AiAccessRequest.dialog_id == request.dialog_id,
            AiAccessRequest.number > request.number,
            AiAccessRequest.status.in_(OPEN),
        )
        .order_by(AiAccessRequest.number)
        .limit(1)
    )
    if following is not None:
        # Not the key of its first job: that one may be on its way out, having seen that it was not its turn.
        await jobs.enqueue(session, "ai_access.run", key=f"ai-next:{following}", request_id=str(following))
    await usage.record(session, request.organization_id, _usage(request))
    metrics.ai_requests.labels(request.model, error_code or status.value).inc()
    return True


def _usage(request: AiAccessRequest) -> usage.Record:
    return usage.Record(
        request.customer_id, "web" if channels.is_web(request.chat_id) else "telegram", "text", request.model,
        request.status, request.error_code, is_cached=request.is_cached, input_tokens=request.input_tokens,
        output_tokens=request.output_tokens, charged_tokens=request.charged_tokens,
        cost_micro_usd=request.cost_micro_usd, latency_ms=request.latency_ms, bot_id=request.bot_id,
    )  # fmt: skip


async def find_request(session: AsyncSession, actor: Actor, number: int) -> AiAccessRequest | None:
    """One of the customer's questions by its number."""
    return (
        await session.scalars(
            select(AiAccessRequest).where(AiAccessRequest.number == number, AiAccessRequest.customer_id == actor.id)
        )
    ).one_or_none()
