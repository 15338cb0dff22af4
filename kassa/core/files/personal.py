"""Files as a person's data: listed, deleted, handed over."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, jobs
from kassa.kit.personal import DataSubject, PersonalData

from .models import FilesObject

_KEYS = ("name", "media_type", "size_bytes", "created_at")


async def _export(session: AsyncSession, subject: DataSubject) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(FilesObject).where(FilesObject.owner_id == subject.customer_id, FilesObject.deleted_at.is_(None))
    )
    return [{name: getattr(row, name) for name in _KEYS} for row in rows]


async def _erase(session: AsyncSession, subject: DataSubject) -> None:
    gone = await session.scalars(
        update(FilesObject)
        .where(FilesObject.owner_id == subject.customer_id, FilesObject.deleted_at.is_(None))
        .values(deleted_at=clock.now(), name="")
        .returning(FilesObject.id)
    )
    for file_id in gone:
        await jobs.enqueue(session, "files.remove_bytes", file_id=str(file_id))


async def _merge(session: AsyncSession, source: DataSubject, target: DataSubject) -> None:
    await session.execute(
        update(FilesObject).where(FilesObject.owner_id == source.customer_id).values(owner_id=target.customer_id)
    )


personal = PersonalData(_export, _erase, _merge)
