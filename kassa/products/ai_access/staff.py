"""Dialogs as staff see them: who asked what, when, at what price; the words themselves only with a permission."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, identity
from kassa.core.access import Actor, Permission
from kassa.kit.errors import NotFound

from .models import AiAccessDialog, AiAccessRequest


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its facts, and its words where the reader may see them."""

    id: UUID
    number: int
    dialog_id: UUID
    customer_id: UUID
    customer_number: int
    customer_name: str
    model: str
    status: str
    funding: str
    error_code: str
    charged_tokens: int
    cost_micro_usd: int | None
    latency_ms: int | None
    is_cached: bool
    question: str | None
    answer: str | None
    created_at: datetime
    finished_at: datetime | None


def questions(
    actor: Actor,
    *,
    q: str = "",
    model: str = "",
    status: str = "",
    customer_id: UUID | None = None,
    dialog_id: UUID | None = None,
) -> Select[AiAccessRequest]:
    """The questions that a search finds, in no order yet; words are searched only by who may read them.

    Raises Denied.
    """
    actor.require(Permission.DIALOGS_VIEW)
    found = select(AiAccessRequest).where(AiAccessRequest.organization_id == actor.organization_id)
    if q:
        actor.require(Permission.DIALOGS_READ)
        found = found.where(AiAccessRequest.question.icontains(q, autoescape=True))
    if model:
        found = found.where(AiAccessRequest.model == model)
    if status:
        found = found.where(AiAccessRequest.status == status)
    if customer_id is not None:
        found = found.where(AiAccessRequest.customer_id == customer_id)
    if dialog_id is not None:
        found = found.where(AiAccessRequest.dialog_id == dialog_id)
    return found


async def describe(session: AsyncSession, rows: list[AiAccessRequest]) -> list[Question]:
    """Questions without their words, in the given order."""
    names = await identity.names_of(session, {row.customer_id for row in rows})
    return [_question(row, *names.get(row.customer_id, (0, "")), has_words=False) for row in rows]


async def read_dialog(session: AsyncSession, actor: Actor, dialog_id: UUID, limit: int = 200) -> list[Question]:
    """A dialog with its words, oldest first. Reading somebody's words is itself in the audit log.

    Raises Denied, NotFound `ai_access.dialog_not_found`.
    """
    actor.require(Permission.DIALOGS_READ)
    dialog = await session.get(AiAccessDialog, dialog_id)
    if dialog is None or dialog.organization_id != actor.organization_id:
        raise NotFound("ai_access.dialog_not_found", "No such dialog")
    rows = await session.scalars(
        questions(actor, dialog_id=dialog_id).order_by(AiAccessRequest.number.desc()).limit(limit)
    )
    names = await identity.names_of(session, {dialog.customer_id})
    await audit.record(session, actor, "dialog.read", "customer", dialog.customer_id, after={"dialog": str(dialog_id)})
    return [_question(row, *names.get(row.customer_id, (0, "")), has_words=True) for row in reversed(rows.all())]


def _question(row: AiAccessRequest, customer_number: int, customer_name: str, *, has_words: bool) -> Question:
    return Question(
        row.id, row.number, row.dialog_id, row.customer_id, customer_number, customer_name, row.model, row.status,
        row.funding, row.error_code, row.charged_tokens, row.cost_micro_usd, row.latency_ms, row.is_cached,
        row.question if has_words else None, row.answer if has_words else None, row.created_at, row.finished_at,
    )  # fmt: skip
