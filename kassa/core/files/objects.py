"""Finding, listing and deleting files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, ActorKind, Permission
from kassa.kit import clock, jobs
from kassa.kit.errors import Conflict, NotFound

from .kinds import Purpose
from .models import FilesObject


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file as it leaves the module: its bytes are reached by a signed address."""

    id: UUID
    owner_kind: str
    owner_id: UUID
    category: str
    purpose: str
    name: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    state: str
    finding: str
    has_thumbnail: bool
    has_original: bool
    is_generated: bool
    expires_at: datetime | None
    created_at: datetime


async def get_file(session: AsyncSession, actor: Actor, file_id: UUID) -> FileInfo:
    """A file of the actor's, or any of the organization's for staff who may see files.

    Raises NotFound `files.not_found`, also for somebody else's.
    """
    return info_of(await find(session, actor, file_id))


async def find(session: AsyncSession, actor: Actor, file_id: UUID) -> FilesObject:
    """The row of a file that the actor may see. Raises NotFound `files.not_found`."""
    row = await session.get(FilesObject, file_id)
    is_ours = row is not None and row.organization_id == actor.organization_id and row.deleted_at is None
    if row is None or not is_ours or not (row.owner_id == actor.id or actor.may(Permission.FILES_VIEW)):
        raise NotFound("files.not_found", "No such file")
    return row


async def path_of(session: AsyncSession, actor: Actor, file_id: UUID) -> str:
    """Where the bytes lie, for a channel that sends them. Raises NotFound `files.not_found`."""
    return (await find(session, actor, file_id)).path


async def require_ready(session: AsyncSession, actor: Actor, file_ids: Sequence[UUID]) -> list[FileInfo]:
    """Files of the actor's own that may be used now, in the given order.

    Raises NotFound `files.not_found`, also for somebody else's; Conflict `files.not_ready`, `files.infected`.
    """
    found = []
    for file_id in file_ids:
        row = await find(session, actor, file_id)
        if row.owner_id != actor.id:
            raise NotFound("files.not_found", "No such file")
        if row.state == "infected":
            raise Conflict("files.infected", "This file is infected", file_id=str(file_id))
        if row.state != "clean":
            raise Conflict("files.not_ready", "This file is still being checked", file_id=str(file_id))
        found.append(info_of(row))
    return found


def own_files(actor: Actor) -> Select[FilesObject]:
    """The actor's files, in no order yet."""
    return select(FilesObject).where(
        FilesObject.organization_id == actor.organization_id, FilesObject.owner_id == actor.id,
        FilesObject.deleted_at.is_(None), FilesObject.purpose != Purpose.AVATAR.value,
    )  # fmt: skip


def all_files(
    actor: Actor, *, q: str = "", category: str = "", state: str = "", owner_id: UUID | None = None
) -> Select[FilesObject]:
    """The organization's files that a search finds, in no order yet. Raises Denied."""
    actor.require(Permission.FILES_VIEW)
    found = select(FilesObject).where(
        FilesObject.organization_id == actor.organization_id, FilesObject.deleted_at.is_(None)
    )
    if q:
        found = found.where(FilesObject.name.icontains(q, autoescape=True))
    if category:
        found = found.where(FilesObject.category == category)
    if state:
        found = found.where(FilesObject.state == state)
    if owner_id is not None:
        found = found.where(FilesObject.owner_id == owner_id)
    return found


async def delete_file(session: AsyncSession, actor: Actor, file_id: UUID, reason: str = "") -> None:
    """Delete a file; its bytes go after the commit. Raises NotFound, Denied for staff who only look,
    Conflict `files.deleted`."""
    row = await find(session, actor, file_id)
    if row.owner_id != actor.id:
        actor.require(Permission.FILES_EDIT)
    if row.deleted_at is not None:
        raise Conflict("files.deleted", "This file is deleted already")
    row.deleted_at = clock.now()
    if actor.kind is ActorKind.STAFF:
        facts = {"name": row.name, "media_type": row.media_type, "owner": str(row.owner_id)}
        await audit.record(session, actor, "file.deleted", "file", file_id, before=facts, reason=reason)
    await jobs.enqueue(session, "files.remove_bytes", file_id=str(file_id))


def info_of(row: FilesObject) -> FileInfo:
    """A row as it leaves the module."""
    return FileInfo(
        row.id, row.owner_kind, row.owner_id, row.category, row.purpose, row.name, row.media_type, row.size_bytes,
        row.width, row.height, row.state, row.finding, bool(row.thumbnail_path), bool(row.original_path),
        row.is_generated, row.expires_at, row.created_at,
    )  # fmt: skip
