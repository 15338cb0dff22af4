"""Dialogs: the current one of a chat, listing, renaming, deleting, the role, and memory on and off (AI-8)."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor
from kassa.kit import clock, ids
from kassa.kit.errors import NotFound

from .models import AiAccessDialog

TITLE_LENGTH = 60
PROMPT_LENGTH = 4000


async def open_dialog(
    session: AsyncSession, actor: Actor, bot_id: UUID, chat_id: int, question: str, *, has_history: bool = True
) -> AiAccessDialog:
    """Start a dialog; its title is the beginning of the first question until somebody renames it."""
    words = " ".join(question.split())
    title = words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"
    dialog = AiAccessDialog(
        id=ids.new(), organization_id=actor.organization_id, customer_id=actor.id, bot_id=bot_id, chat_id=chat_id,
        title=title, system_prompt="", has_history=has_history, created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    session.add(dialog)
    await session.flush()
    return dialog


async def get_dialog(session: AsyncSession, actor: Actor, number: int) -> AiAccessDialog:
    """One of the customer's dialogs by its number. Raises NotFound `ai_access.dialog_not_found`."""
    dialog = (
        await session.scalars(
            select(AiAccessDialog).where(
                AiAccessDialog.number == number,
                AiAccessDialog.customer_id == actor.id,
                AiAccessDialog.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    if dialog is None:
        raise NotFound("ai_access.dialog_not_found", "No such dialog")
    return dialog


async def current_dialog(
    session: AsyncSession,
    actor: Actor,
    bot_id: UUID,
    chat_id: int,
    number: int | None,
    question: str,
    *,
    has_history: bool = True,
) -> AiAccessDialog:
    """The dialog the chat is in, or a new one."""
    if number is not None:
        try:
            return await get_dialog(session, actor, number)
        except NotFound:
            pass  # deleted meanwhile: start anew
    return await open_dialog(session, actor, bot_id, chat_id, question, has_history=has_history)


async def list_dialogs(session: AsyncSession, actor: Actor, bot_id: UUID, limit: int = 8) -> list[AiAccessDialog]:
    """The customer's dialogs with a bot, the last used first."""
    rows = await session.scalars(
        select(AiAccessDialog)
        .where(
            AiAccessDialog.customer_id == actor.id, AiAccessDialog.bot_id == bot_id,
            AiAccessDialog.deleted_at.is_(None),
        )
        .order_by(AiAccessDialog.updated_at.desc())
        .limit(limit)
    )  # fmt: skip
    return list(rows)


async def rename(session: AsyncSession, actor: Actor, number: int, title: str) -> AiAccessDialog:
    """Give a dialog another title, cut to TITLE_LENGTH. Raises NotFound `ai_access.dialog_not_found`."""
    dialog = await get_dialog(session, actor, number)
    dialog.title = " ".join(title.split())[:TITLE_LENGTH] or dialog.title
    return dialog


async def set_prompt(session: AsyncSession, actor: Actor, number: int, prompt: str) -> AiAccessDialog:
    """Tell the model who it is in this dialog; empty means nobody special. Raises NotFound."""
    dialog = await get_dialog(session, actor, number)
    dialog.system_prompt = prompt.strip()[:PROMPT_LENGTH]
    return dialog


async def toggle_history(session: AsyncSession, actor: Actor, number: int) -> AiAccessDialog:
    """Let the model see earlier questions, or each one alone. Raises NotFound."""
    dialog = await get_dialog(session, actor, number)
    dialog.has_history = not dialog.has_history
    return dialog


async def delete(session: AsyncSession, actor: Actor, number: int) -> None:
    """Delete a dialog; what was paid in it stays in the ledger. Raises NotFound."""
    dialog = await get_dialog(session, actor, number)
    await session.execute(update(AiAccessDialog).where(AiAccessDialog.id == dialog.id).values(deleted_at=clock.now()))
