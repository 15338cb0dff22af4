"""What is over: generated files after three days, deleted ones at once (FIL-5)."""

from uuid import UUID

import structlog

from kassa.kit import clock
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError

from .ports import Storage

logger = structlog.get_logger(__name__)

BATCH = 200

_EXPIRED = """
select id, path, thumbnail_path, original_path, size_bytes from files_object
where expires_at <= $1 and deleted_at is null order by expires_at limit $2
"""
_FORGET = "update files_object set deleted_at = $2, path = '', thumbnail_path = '', original_path = '' where id = $1"
_ONE = "select path, thumbnail_path, original_path from files_object where id = $1 and deleted_at is not null"


async def clean(app: App) -> None:
    """Job at 03:00: remove generated files whose time is over, and say how many and how much.

    Raises AppError when the storage fails, so that the failure is seen and tried again.
    """
    database, files, size = app.get(Database), 0, 0
    while True:
        rows = await database.call(_EXPIRED, clock.now(), BATCH)
        for row in rows:
            try:
                await _remove(app, row["path"], row["thumbnail_path"], row["original_path"])
            except AppError:
                logger.error("file_cleaning_failed", files=files, bytes=size)
                raise
            await database.call(_FORGET, row["id"], clock.now())
            files, size = files + 1, size + row["size_bytes"]
        if len(rows) < BATCH:
            break
    logger.info("files_cleaned", files=files, bytes=size)


async def remove_bytes(app: App, file_id: str) -> None:
    """Job: remove the bytes of a deleted file."""
    for row in await app.get(Database).call(_ONE, UUID(file_id)):
        await _remove(app, row["path"], row["thumbnail_path"], row["original_path"])
        await app.get(Database).call(_FORGET, UUID(file_id), clock.now())


async def _remove(app: App, *paths: str) -> None:
    for path in paths:
        if path:
            await app.get(Storage).delete(path)
