"""Dialogs as a person's data: told in full, their words erased, handed over."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock
from kassa.kit.errors import Conflict
from kassa.kit.personal import DataSubject, PersonalData

from .models import AiAccessDialog, AiAccessRequest
from .types import OPEN

_KEYS = (
    "number",
    "model",
    "question",
    "answer",
    "attachments",
    "status",
    "charged_tokens",
    "created_at",
    "finished_at",
)


async def _export(session: AsyncSession, subject: DataSubject) -> list[dict[str, Any]]:
    dialogs = await session.scalars(
        select(AiAccessDialog).where(AiAccessDialog.customer_id == subject.customer_id).order_by(AiAccessDialog.number)
    )
    questions: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    asked = await session.scalars(
        select(AiAccessRequest)
        .where(AiAccessRequest.customer_id == subject.customer_id)
        .order_by(AiAccessRequest.number)
    )
    for row in asked:
        questions[row.dialog_id].append({name: getattr(row, name) for name in _KEYS})
    return [
        {"title": dialog.title, "system_prompt": dialog.system_prompt, "created_at": dialog.created_at,
         "deleted_at": dialog.deleted_at, "questions": questions[dialog.id]}
        for dialog in dialogs
    ]  # fmt: skip


async def _erase(session: AsyncSession, subject: DataSubject) -> None:
    await _require_idle(session, subject)
    await session.execute(
        update(AiAccessRequest)
        .where(AiAccessRequest.customer_id == subject.customer_id)
        .values(question="", answer="", attachments=[])
    )
    await session.execute(
        update(AiAccessDialog)
        .where(AiAccessDialog.customer_id == subject.customer_id)
        .values(title="", system_prompt="", deleted_at=clock.now())
    )


async def _merge(session: AsyncSession, source: DataSubject, target: DataSubject) -> None:
    await _require_idle(session, source)
    for table in (AiAccessDialog, AiAccessRequest):
        await session.execute(
            update(table).where(table.customer_id == source.customer_id).values(customer_id=target.customer_id)
        )


async def _require_idle(session: AsyncSession, subject: DataSubject) -> None:
    running = await session.scalar(
        select(AiAccessRequest.id)
        .where(AiAccessRequest.customer_id == subject.customer_id, AiAccessRequest.status.in_(OPEN))
        .limit(1)
    )
    if running is not None:
        raise Conflict("ledger.held", "An answer is under way: wait for it to end, then try again")


personal = PersonalData(_export, _erase, _merge)
