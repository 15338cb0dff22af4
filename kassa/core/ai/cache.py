"""Answers kept for a day: equal questions are asked once, also when they come at the same time.

A row is first the claim of the one request that fetches the answer, then the answer. Whoever finds a claim waits for
it; a claim ends by itself, so a holder that died keeps nobody waiting for long.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, delete, func, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock
from kassa.kit.db import Database

from .models import CachedAnswer
from .snapshot import ModelView
from .types import FinishReason, ImagePart, Message, TextRequest, Usage

# Part of every key: a change of what goes into it makes all old answers unfindable.
VERSION = 1

_LOOKUP = """
select answer from ai_cache
where organization_id = $1 and key = $2 and answer is not null and expires_at > now() + $3::interval
"""


@dataclass(frozen=True, slots=True)
class KeptText:
    """An answer as it is kept."""

    text: str
    finish: FinishReason
    usage: Usage | None

    def as_data(self) -> dict[str, Any]:
        """For the JSON column."""
        usage = self.usage
        counts = None if usage is None else [usage.input_tokens, usage.output_tokens, usage.cached_tokens]
        return {"text": self.text, "finish": self.finish.value, "usage": counts}

    @staticmethod
    def from_data(data: dict[str, Any]) -> "KeptText":
        """From the JSON column."""
        counts = data["usage"]
        return KeptText(data["text"], FinishReason(data["finish"]), None if counts is None else Usage(*counts))


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """How useful the cache is for one organization, over the answers it holds now."""

    answers: int
    hits: int
    bytes: int


def is_cacheable(model: ModelView, request: TextRequest) -> bool:
    """Whether equal questions may get equal answers: the model says so, and no tool looks at the world."""
    return model.cache_enabled and not request.tools


def text_key(model: ModelView, request: TextRequest, nonce: str = "") -> str:
    """The key of a question: SHA-256 over canonical JSON of everything that shapes the answer.

    The organization is part of it, the customer and the request's id are not. A `nonce` asks anew on purpose.
    """
    material = {
        "version": VERSION,
        "organization": str(model.organization_id),
        "model": model.slug,
        "system": request.system,
        "messages": [_material(message) for message in request.messages],
        "max_output_tokens": request.max_output_tokens,
        "temperature": request.temperature,
        "extra": request.extra,
        "nonce": nonce,
    }
    return hashlib.sha256(orjson.dumps(material, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def lookup(database: Database, organization_id: UUID, key: str) -> KeptText | None:
    """The answer that is kept for a question, or None. One round trip: customers wait for nothing else."""
    rows = await database.call(_LOOKUP, organization_id, key, clock.offset())
    return KeptText.from_data(orjson.loads(rows[0]["answer"])) if rows else None


async def claim(session: AsyncSession, model: ModelView, key: str, owner: UUID, lease_s: float) -> bool:
    """Take the right to fetch the answer; False when another holds it or the answer is there already."""
    until = _now() + timedelta(seconds=lease_s)
    values = {"model": model.slug, "owner": owner, "claimed_until": until, "answer": null(), "hits": 0}
    statement = (
        insert(CachedAnswer)
        .values(organization_id=model.organization_id, key=key, expires_at=until, **values)
        .on_conflict_do_update(
            index_elements=[CachedAnswer.organization_id, CachedAnswer.key],
            set_={**values, "expires_at": until, "created_at": func.now()},
            where=or_(
                CachedAnswer.expires_at <= _now(),
                and_(CachedAnswer.answer.is_(None), CachedAnswer.claimed_until <= _now()),
            ),
        )
        .returning(CachedAnswer.owner)
    )
    return await session.scalar(statement) == owner


async def store(
    session: AsyncSession, organization_id: UUID, key: str, owner: UUID, answer: KeptText, ttl_s: int
) -> bool:
    """Keep the answer for `ttl_s` seconds; False when the claim was lost meanwhile."""
    stored = await session.scalar(
        update(CachedAnswer)
        .where(CachedAnswer.organization_id == organization_id, CachedAnswer.key == key, CachedAnswer.owner == owner)
        .values(answer=answer.as_data(), owner=None, claimed_until=None, expires_at=_now() + timedelta(seconds=ttl_s))
        .returning(CachedAnswer.key)
    )
    return stored is not None


async def abandon(session: AsyncSession, organization_id: UUID, key: str, owner: UUID) -> None:
    """Give a claim up, so that the next in line may try."""
    await session.execute(
        delete(CachedAnswer).where(
            CachedAnswer.organization_id == organization_id,
            CachedAnswer.key == key,
            CachedAnswer.owner == owner,
            CachedAnswer.answer.is_(None),
        )
    )


async def count_hits(session: AsyncSession, hits: dict[tuple[UUID, str], int]) -> None:
    """Add hits that a process counted. In the order of keys, so that two processes never wait for each other."""
    for organization_id, key in sorted(hits, key=str):
        await session.execute(
            update(CachedAnswer)
            .where(CachedAnswer.organization_id == organization_id, CachedAnswer.key == key)
            .values(hits=CachedAnswer.hits + hits[organization_id, key], last_hit_at=_now())
        )


async def clean_cache(session: AsyncSession) -> int:
    """Delete what has expired, for every organization; gives how many. For a scheduled job."""
    gone = await session.execute(
        delete(CachedAnswer).where(CachedAnswer.expires_at <= _now()).returning(CachedAnswer.key)
    )
    return len(gone.all())


async def clear_cache(session: AsyncSession, organization_id: UUID, model: str | None = None) -> int:
    """Delete an organization's answers, or those of one model; gives how many."""
    which = CachedAnswer.organization_id == organization_id
    if model is not None:
        which = and_(which, CachedAnswer.model == model)
    gone = await session.execute(delete(CachedAnswer).where(which).returning(CachedAnswer.key))
    return len(gone.all())


async def cache_statistics(session: AsyncSession, organization_id: UUID) -> CacheStatistics:
    """Answers held, hits they had, and their size."""
    row = (
        await session.execute(
            select(
                func.count(),
                func.coalesce(func.sum(CachedAnswer.hits), 0),
                func.coalesce(func.sum(func.pg_column_size(CachedAnswer.answer)), 0),
            ).where(
                CachedAnswer.organization_id == organization_id,
                CachedAnswer.answer.is_not(None),
                CachedAnswer.expires_at > _now(),
            )
        )
    ).one()
    return CacheStatistics(*(int(value) for value in row))


def _material(message: Message) -> list[Any]:
    """A message as part of a key; pictures by their hash, because they are large."""
    parts: list[list[str]] = []
    for part in message.parts:
        if isinstance(part, ImagePart):
            parts.append(["image", part.media_type, hashlib.sha256(part.data.encode()).hexdigest()])
        else:
            parts.append(["text", part.text])
    calls = [[call.id, call.name, call.arguments] for call in message.tool_calls]
    return [message.role.value, parts, calls, message.tool_call_id]


def _now() -> ColumnElement[Any]:
    """The database's clock, moved as this process's is: claims are leases between processes."""
    return func.now() + literal(clock.offset())
