"""Taking a file in: told by its bytes, cleaned, scanned, kept; and only then shown."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta

import structlog

from kassa.core.access import Actor
from kassa.kit import clock, ids, jobs
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Invalid, LimitReached, Unavailable

from . import bombs, kinds, pictures
from .kinds import Category, Kind, Purpose
from .models import FilesObject
from .objects import FileInfo, info_of
from .ports import Infected, Scanner, Storage

logger = structlog.get_logger(__name__)

GENERATED_TTL = timedelta(days=3)
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be kept."""

    kind: Kind
    data: bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""


async def accept(
    app: App, actor: Actor, name: str, declared: str, data: bytes, purpose: Purpose, *, keep_original: bool = False
) -> FileInfo:
    """Take an upload. With a scanner that does not answer now the file waits, and nobody is shown it.

    Raises Invalid `files.empty`, `files.kind_refused`, `files.kind_disagrees`, `files.archive_refused`,
    `files.picture_refused`, Infected, LimitReached `files.too_large`.
    """
    name = clean_name(name)
    if not data:
        raise Invalid("files.empty", "The file is empty")
    names = bombs.names_of(data) if data[:4] == b"PK\x03\x04" else ()
    kind = kinds.detect(data, names)
    kinds.check_agreement(kind, name, declared)
    limit = kinds.LIMITS[purpose][kind.category]
    if len(data) > limit:
        raise LimitReached(
            "files.too_large", f"At most {limit // kinds.MB} MB", limit_bytes=limit, size_bytes=len(data)
        )
    finding, is_scanned = await _scan(app, data)
    ready = await _prepare(data, kind)
    original = data if keep_original and kind.category is Category.IMAGES and not finding else b""
    made = await _keep(app, actor, name, ready, purpose, finding, is_scanned, original)
    if finding:
        logger.error("file_infected", file_id=str(made.id), signature=finding)
        raise Infected(finding)
    return made


async def keep_made(app: App, actor: Actor, name: str, data: bytes) -> FileInfo:
    """Keep what a model made for somebody: for three days (FIL-5). Raises as `accept`."""
    if len(data) > kinds.MAX_UPLOAD_BYTES:
        raise LimitReached("files.too_large", "The file is too large", limit_bytes=kinds.MAX_UPLOAD_BYTES)
    kind = kinds.detect(data)
    small = pictures.Picture(data, kind, 0, 0, b"")
    if kind.category is Category.IMAGES:
        small = await asyncio.to_thread(pictures.clean, data, kind)
    ready = _Ready(kind, data, small.width or None, small.height or None, small.thumbnail)
    return await _keep(app, actor, clean_name(name), ready, Purpose.AI, "", True, b"", is_generated=True)


async def rescan(app: App) -> None:
    """Job: look at files that wait because the scanner did not answer."""
    database = app.get(Database)
    rows = await database.call(
        "select id, path from files_object where state = 'pending' and deleted_at is null order by created_at limit 50"
    )
    for row in rows:
        try:
            finding = await app.get(Scanner).scan(await app.get(Storage).get(row["path"]))
        except Unavailable:
            return
        state = "infected" if finding else "clean"
        await database.call(
            "update files_object set state = $2, finding = $3 where id = $1 and state = 'pending'", row["id"], state,
            finding,
        )  # fmt: skip
        if finding:
            logger.error("file_infected", file_id=str(row["id"]), signature=finding)


def clean_name(name: str) -> str:
    """A name without folders and control characters, cut to a length that every system takes."""
    base = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(char for char in base if char.isprintable() and char not in '<>:"|?*').strip(". ")
    stem, dot, extension = printable.rpartition(".")
    if not dot:
        return printable[:MAX_NAME] or "file"
    return f"{stem[: MAX_NAME - 10] or 'file'}.{extension[:9]}"


async def _scan(app: App, data: bytes) -> tuple[str, bool]:
    scanner = app.get(Scanner)
    if not scanner.is_set_up:
        return "", True
    try:
        return await scanner.scan(data), True
    except Unavailable as error:
        logger.warning("scanner_unavailable", error=repr(error))
        return "", False


async def _prepare(data: bytes, kind: Kind) -> _Ready:
    if kind.category is not Category.IMAGES:
        return _Ready(kind, data)
    picture = await asyncio.to_thread(pictures.clean, data, kind)
    return _Ready(picture.kind, picture.data, picture.width, picture.height, picture.thumbnail)


async def _keep(
    app: App,
    actor: Actor,
    name: str,
    ready: _Ready,
    purpose: Purpose,
    finding: str,
    is_scanned: bool,
    original: bytes,
    *,
    is_generated: bool = False,
) -> FileInfo:
    """The bytes first, then the row: what has a row has bytes. Bytes without a row are swept."""
    storage, file_id = app.get(Storage), ids.new()
    folder = "temp/quarantine" if finding else ready.kind.category.value
    base = f"{folder}/{actor.organization_id}/{clock.now():%Y/%m/%d}/{file_id}"
    path = f"{base}.{ready.kind.extensions[0]}"
    await storage.put(path, ready.data)
    thumbnail_path = original_path = ""
    if ready.thumbnail and not finding:
        thumbnail_path = f"{base}.small.webp"
        await storage.put(thumbnail_path, ready.thumbnail)
    if original:
        original_path = f"{base}.original"
        await storage.put(original_path, original)
    state = "infected" if finding else "clean" if is_scanned else "pending"
    stem = name.rpartition(".")[0] or name
    row = FilesObject(
        id=file_id, organization_id=actor.organization_id, owner_kind=actor.kind.value, owner_id=actor.id,
        category=ready.kind.category.value, purpose=purpose.value,
        name=name if ready.kind.category is not Category.IMAGES else f"{stem}.{ready.kind.extensions[0]}",
        media_type=ready.kind.media_type, size_bytes=len(ready.data), sha256=hashlib.sha256(ready.data).hexdigest(),
        width=ready.width, height=ready.height, path=path, thumbnail_path=thumbnail_path, original_path=original_path,
        state=state, finding=finding, is_generated=is_generated,
        expires_at=clock.now() + GENERATED_TTL if is_generated else None, created_at=clock.now(),
    )  # fmt: skip
    async with app.get(Database).transaction() as session:
        session.add(row)
        if state == "pending":
            await jobs.enqueue(session, "files.rescan", key="files-rescan")
    return info_of(row)
