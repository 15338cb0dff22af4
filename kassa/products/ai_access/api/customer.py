"""A customer's own dialogs over HTTP (AI-8): listed, read, renamed, deleted; the chat's own one, and its model."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ai, channels
from kassa.core.access import Actor, CustomerActor
from kassa.core.channels import OwnChat, WebChat
from kassa.kit.errors import NotFound
from kassa.kit.listing import fetch_page
from kassa.kit.lists import FieldsIn, ListOut, PageIn, listed
from kassa.kit.web import ERRORS, Tx, app_of
from kassa.products.ai_access import dialogs, offers
from kassa.products.ai_access.models import AiAccessDialog, AiAccessRequest
from kassa.products.ai_access.types import Defaults

router = APIRouter(prefix="/api/v1/dialogs", tags=["dialogs"], responses=ERRORS)


class DialogOut(BaseModel):
    """A dialog: what earlier questions a new one sees."""

    id: UUID
    number: int
    title: str
    system_prompt: str
    has_history: bool
    created_at: datetime
    updated_at: datetime


class AttachmentOut(BaseModel):
    """A file of a question; `GET /files/{id}` tells its addresses, or that it is gone."""

    id: UUID
    name: str
    category: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None


class QuestionOut(BaseModel):
    """A question with its files and its answer."""

    id: UUID
    number: int
    model: str
    question: str
    attachments: list[AttachmentOut]
    answer: str
    status: str
    charged_tokens: int
    created_at: datetime
    finished_at: datetime | None


class DialogNew(BaseModel):
    """A title, when the first question shall not be it; and the model that answers from now on."""

    title: str = Field("", max_length=dialogs.TITLE_LENGTH)
    model: str | None = Field(None, max_length=80)


class DialogChange(BaseModel):
    """What to change; what is left out stays."""

    title: str | None = Field(None, min_length=1, max_length=dialogs.TITLE_LENGTH)
    system_prompt: str | None = Field(None, max_length=dialogs.PROMPT_LENGTH)
    has_history: bool | None = None


class CurrentIn(BaseModel):
    """Which dialog the next question belongs to (null: a new one), and which model answers; what is left out stays."""

    dialog_id: UUID | None = None
    model: str | None = Field(None, max_length=80)


class CurrentOut(BaseModel):
    """Where the chat is."""

    dialog: DialogOut | None
    model: str


@router.get("")
async def list_dialogs(
    actor: CustomerActor, session: Tx, page: PageIn, fields: FieldsIn,
    q: Annotated[str, Query(max_length=200, description="In the title")] = "",
) -> ListOut[DialogOut]:  # fmt: skip
    """Your dialogs, the last used first."""
    wanted = select(AiAccessDialog).where(AiAccessDialog.customer_id == actor.id, AiAccessDialog.deleted_at.is_(None))
    if q:
        wanted = wanted.where(AiAccessDialog.title.icontains(q, autoescape=True))
    rows, cursor = await fetch_page(session, wanted, page, AiAccessDialog.updated_at, AiAccessDialog.id)
    return listed([_out(row) for row in rows], cursor, fields)  # type: ignore[return-value]


@router.post("", status_code=201)
async def open_dialog(request: Request, actor: CustomerActor, session: Tx, chat: WebChat, body: DialogNew) -> DialogOut:
    """Begin a dialog; the chat is in it from now on."""
    defaults = app_of(request).get(Defaults)
    dialog = await dialogs.open_dialog(
        session, actor, chat.bot.id, chat.chat_id, body.title, has_history=defaults.has_history
    )
    await _turn_to(session, chat, dialog.number)
    if body.model is not None:
        await _choose(session, chat, body.model)
    return _out(dialog)


@router.get("/current")
async def show_current(actor: CustomerActor, session: Tx, chat: WebChat) -> CurrentOut:
    """Which dialog the chat is in, and which model answers."""
    context = await channels.recall(session, chat.bot.id, chat.chat_id)
    dialog = None
    if (number := context.get("dialog")) is not None:
        try:
            dialog = _out(await dialogs.get_dialog(session, actor, int(number)))
        except NotFound:
            dialog = None  # deleted meanwhile
    model = await offers.chosen_model(session, chat.app, chat.bot, context)
    return CurrentOut(dialog=dialog, model=model)


@router.put("/current")
async def change_current(actor: CustomerActor, session: Tx, chat: WebChat, body: CurrentIn) -> CurrentOut:
    """Go on with a dialog, or begin anew with the next question; choose the model."""
    if "dialog_id" in body.model_fields_set:
        number = (await _own(session, actor, body.dialog_id)).number if body.dialog_id else None
        await _turn_to(session, chat, number)
    if body.model is not None:
        await _choose(session, chat, body.model)
    return await show_current(actor, session, chat)


@router.get("/{dialog_id}")
async def show_dialog(actor: CustomerActor, session: Tx, dialog_id: UUID) -> DialogOut:
    """One dialog."""
    return _out(await _own(session, actor, dialog_id))


@router.get("/{dialog_id}/questions")
async def list_questions(
    actor: CustomerActor, session: Tx, page: PageIn,
    fields: FieldsIn, dialog_id: UUID,
) -> ListOut[QuestionOut]:  # fmt: skip
    """What was asked in a dialog and what was answered, the newest first."""
    dialog = await _own(session, actor, dialog_id)
    wanted = select(AiAccessRequest).where(AiAccessRequest.dialog_id == dialog.id)
    rows, cursor = await fetch_page(session, wanted, page, AiAccessRequest.number)
    items = [QuestionOut.model_validate(row, from_attributes=True) for row in rows]
    return listed(items, cursor, fields)  # type: ignore[return-value]


@router.patch("/{dialog_id}")
async def change_dialog(actor: CustomerActor, session: Tx, dialog_id: UUID, body: DialogChange) -> DialogOut:
    """Give a dialog another title or role, or let the model see earlier questions or not."""
    dialog = await _own(session, actor, dialog_id)
    if body.title is not None:
        dialog = await dialogs.rename(session, actor, dialog.number, body.title)
    if body.system_prompt is not None:
        dialog = await dialogs.set_prompt(session, actor, dialog.number, body.system_prompt)
    if body.has_history is not None and body.has_history is not dialog.has_history:
        dialog = await dialogs.toggle_history(session, actor, dialog.number)
    return _out(dialog)


@router.delete("/{dialog_id}", status_code=204)
async def delete_dialog(actor: CustomerActor, session: Tx, dialog_id: UUID) -> None:
    """Delete a dialog; what was paid in it stays in the ledger."""
    dialog = await _own(session, actor, dialog_id)
    await dialogs.delete(session, actor, dialog.number)


async def _own(session: AsyncSession, actor: Actor, dialog_id: UUID) -> AiAccessDialog:
    dialog = await session.get(AiAccessDialog, dialog_id)
    if dialog is None or dialog.customer_id != actor.id or dialog.deleted_at is not None:
        raise NotFound("ai_access.dialog_not_found", "No such dialog")
    return dialog


async def _turn_to(session: AsyncSession, chat: OwnChat, number: int | None) -> None:
    await channels.remember(
        session, chat.bot.id, chat.chat_id, dialog=number, awaiting_title=None, awaiting_prompt=None
    )


async def _choose(session: AsyncSession, chat: OwnChat, slug: str) -> None:
    """Answer with this model from now on. Raises NotFound `ai.model_not_found`."""
    drivers = chat.app.get(ai.Gateway).drivers
    card = await ai.get_model(session, chat.bot.organization_id, slug, drivers)
    if not chat.bot.offers(card.slug):
        raise NotFound("ai.model_not_found", "No such model")
    await channels.remember(session, chat.bot.id, chat.chat_id, model=card.slug)


def _out(dialog: AiAccessDialog) -> DialogOut:
    return DialogOut.model_validate(dialog, from_attributes=True)
