"""Customers' pictures from Telegram: fetched once, checked as any file, and shown from here (IDN-2).

A page of ours loads nothing foreign, and Telegram's address of a picture ends some day.
"""

from uuid import UUID

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission, customer_actor
from kassa.kit import clock, jobs
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Invalid, LimitReached

from . import kinds
from .intake import accept
from .kinds import Category, Purpose
from .models import FilesObject
from .objects import FileInfo, info_of
from .ports import Downloads

logger = structlog.get_logger(__name__)


async def fetch(app: App, organization_id: str, customer_id: str, url: str) -> None:
    """Job: fetch a customer's picture; an earlier one is replaced. What is no picture of ours is left alone.

    Raises Unavailable when Telegram's server does not answer now.
    """
    actor = customer_actor(UUID(organization_id), UUID(customer_id), "avatar")
    try:
        data = await app.get(Downloads).get(url, kinds.LIMITS[Purpose.AVATAR][Category.IMAGES])
        kind = kinds.detect(data)
        if kind.category is not Category.IMAGES:
            return
        made = await accept(app, actor, f"avatar.{kind.extensions[0]}", kind.media_type, data, Purpose.AVATAR)
    except (Invalid, LimitReached) as error:
        logger.info("avatar_refused", customer_id=customer_id, code=error.code)
        return
    async with app.get(Database).transaction() as session:
        old = update(FilesObject).where(
            FilesObject.owner_id == actor.id, FilesObject.purpose == Purpose.AVATAR.value,
            FilesObject.deleted_at.is_(None), FilesObject.id != made.id,
        )  # fmt: skip
        for file_id in await session.scalars(old.values(deleted_at=clock.now()).returning(FilesObject.id)):
            await jobs.enqueue(session, "files.remove_bytes", file_id=str(file_id))


async def own_avatar(session: AsyncSession, actor: Actor) -> FileInfo | None:
    """The actor's picture, when there is one."""
    return await _newest(session, _avatars(actor.organization_id, actor.id))


async def avatar_of(session: AsyncSession, actor: Actor, customer_id: UUID) -> FileInfo | None:
    """A customer's picture, for staff."""
    actor.require(Permission.CUSTOMERS_VIEW)
    return await _newest(session, _avatars(actor.organization_id, customer_id))


def _avatars(organization_id: UUID, owner_id: UUID) -> Select[FilesObject]:
    return select(FilesObject).where(
        FilesObject.organization_id == organization_id, FilesObject.owner_id == owner_id,
        FilesObject.purpose == Purpose.AVATAR.value, FilesObject.state == "clean", FilesObject.deleted_at.is_(None),
    )  # fmt: skip


async def _newest(session: AsyncSession, wanted: Select[FilesObject]) -> FileInfo | None:
    row = await session.scalar(wanted.order_by(FilesObject.created_at.desc()).limit(1))
    return info_of(row) if row is not None else None
