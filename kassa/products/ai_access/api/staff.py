"""Dialogs for staff, over HTTP."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx
from kassa.products.ai_access import staff
from kassa.products.ai_access.models import AiAccessRequest

router = APIRouter(prefix="/api/v1/admin/dialogs", tags=["admin"], responses=ERRORS)


class QuestionOut(BaseModel):
    """A question; its words are null where the reader sees only its facts."""

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


class QuestionFilters:
    """What to look for."""

    def __init__(
        self,
        q: str = Query("", max_length=200, description="In the question: for who may read words"),
        model: str = Query("", max_length=80),
        status: str = Query("", max_length=20),
        customer_id: UUID | None = None,
        dialog_id: UUID | None = None,
    ) -> None:
        self.facts = {"q": q, "model": model, "status": status, "customer_id": customer_id, "dialog_id": dialog_id}


async def _fetch(
    session: AsyncSession, actor: Actor, filters: QuestionFilters, page: Page
) -> tuple[list[QuestionOut], str | None]:
    wanted = staff.questions(actor, **filters.facts)  # type: ignore[arg-type]
    rows, after = await fetch_page(session, wanted, page, AiAccessRequest.number)
    return [_out(item) for item in await staff.describe(session, list(rows))], after


add_list(router, "", QuestionOut, _fetch, actor=StaffActor, filters=QuestionFilters, title="Dialogs")


@router.get("/{dialog_id}")
async def read_dialog(dialog_id: UUID, actor: StaffActor, session: Tx) -> ListOut[QuestionOut]:
    """A dialog with its words; that it was read is in the audit log."""
    found = await staff.read_dialog(session, actor, dialog_id)
    return ListOut(items=[_out(item) for item in found], next_cursor=None)


def _out(item: staff.Question) -> QuestionOut:
    return QuestionOut.model_validate(item, from_attributes=True)
