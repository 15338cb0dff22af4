"""Word lists of an organization: kept, changed, tried out (POL-4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock
from kassa.kit.errors import NotFound

from .models import PoliciesWords
from .versions import touch
from .words import check_words


@dataclass(frozen=True, slots=True)
class Words:
    """A list as staff see it. `reason` is what the writer of a refused text is told."""

    name: str
    is_on: bool
    reason: str
    words: tuple[str, ...]
    updated_at: datetime


def word_lists(actor: Actor) -> Select[PoliciesWords]:
    """The organization's lists, in no order yet. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    return select(PoliciesWords).where(PoliciesWords.organization_id == actor.organization_id)


async def save_words(
    session: AsyncSession, actor: Actor, name: str, words: list[str], *, is_on: bool = True, reason: str = ""
) -> Words:
    """Make or change a list, from the commit on. Raises Denied, Invalid `policies.words_invalid`."""
    actor.require(Permission.POLICIES_EDIT)
    cleaned = check_words(words)
    await touch(session, actor.organization_id)
    known = await session.get(PoliciesWords, (actor.organization_id, name))
    before = {"is_on": known.is_on, "entries": len(known.words)} if known is not None else None
    values = {"is_on": is_on, "reason": reason, "words": cleaned, "updated_at": clock.now()}
    row = (
        await session.scalars(
            insert(PoliciesWords)
            .values(organization_id=actor.organization_id, name=name, **values)
            .on_conflict_do_update(index_elements=["organization_id", "name"], set_=values)
            .returning(PoliciesWords)
            .execution_options(populate_existing=True)
        )
    ).one()
    after = {"is_on": is_on, "entries": len(cleaned)}
    await audit.record(session, actor, "policies.words_saved", "word_list", name, before=before, after=after)
    return words_of(row)


async def remove_words(session: AsyncSession, actor: Actor, name: str) -> None:
    """Forget a list. Raises Denied, NotFound `policies.words_not_found`."""
    actor.require(Permission.POLICIES_EDIT)
    await touch(session, actor.organization_id)
    removed = await session.scalar(
        delete(PoliciesWords)
        .where(PoliciesWords.organization_id == actor.organization_id, PoliciesWords.name == name)
        .returning(PoliciesWords.name)
    )
    if removed is None:
        raise NotFound("policies.words_not_found", "There is no such list of words", name=name[:80])
    await audit.record(session, actor, "policies.words_removed", "word_list", name)


def words_of(row: PoliciesWords) -> Words:
    """A row as it leaves the module."""
    return Words(row.name, row.is_on, row.reason, tuple(row.words), row.updated_at)
