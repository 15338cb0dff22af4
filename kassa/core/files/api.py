"""Files over HTTP: uploads, one's own files, their content by signed addresses; all of them for staff."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Query, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import identity, policies
from kassa.core.access import Actor, AnyActor, StaffActor
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import LimitReached, NotFound
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import ListOut, PageIn, add_list
from kassa.kit.web import ERRORS, Problem, Tx, app_of

from . import avatars, intake, kinds, objects
from .kinds import Purpose
from .links import Links
from .models import FilesObject
from .objects import FileInfo
from .ports import Storage

router = APIRouter(prefix="/api/v1", responses=ERRORS)

Variant = Literal["content", "thumbnail", "original"]
_INLINE = {kind.media_type for kind in (kinds.PNG, kinds.JPEG, kinds.GIF, kinds.WEBP)}
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


class FileOut(BaseModel):
    """A file; its addresses work for 15 minutes. A file that waits for the scanner has none."""

    id: UUID
    name: str
    category: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    state: str
    is_generated: bool
    expires_at: datetime | None
    created_at: datetime
    url: str | None
    thumbnail_url: str | None
    original_url: str | None


class StaffFileOut(FileOut):
    """The same with whose it is, and what the scanner found."""

    owner_kind: str
    owner_id: UUID
    finding: str


class FileFilters:
    """What to look for."""

    def __init__(
        self,
        request: Request,
        q: str = Query("", max_length=100, description="In the name"),
        category: str = Query("", max_length=20),
        state: str = Query("", max_length=20),
        owner_id: UUID | None = None,
    ) -> None:
        self.app = app_of(request)
        self.facts = {"q": q, "category": category, "state": state, "owner_id": owner_id}


class Reason(BaseModel):
    """Why, for the audit log."""

    reason: str = Field(min_length=1, max_length=500)


@router.post("/files", status_code=201, tags=["files"])
async def upload(
    request: Request,
    actor: AnyActor,
    file: Annotated[UploadFile, File()],
    purpose: Annotated[Literal["attachment", "ai"], Form()] = "attachment",
) -> FileOut:
    """Upload a file: pictures up to 10 MB and documents up to 20 MB, or up to 100 MB for a model."""
    app = app_of(request)
    data = await file.read()
    if len(data) > kinds.MAX_UPLOAD_BYTES:
        raise LimitReached("files.too_large", "The file is too large", limit_bytes=kinds.MAX_UPLOAD_BYTES)
    subject = policies.Subject(
        actor.organization_id, policies.SubjectKind(actor.kind.value),
        actor.id if actor.kind.value == "customer" else None, channel="http", size=len(data),
    )  # fmt: skip
    engine = app.get(policies.Policies)
    await engine.require("file.upload", subject)
    await engine.check_text(actor.organization_id, file.filename or "")
    is_premium = (await engine.facts(subject)).facts
    made = await intake.accept(
        app, actor, file.filename or "file", file.content_type or "", data, Purpose(purpose),
        keep_original=is_premium is not None and is_premium.tier == "premium",
    )  # fmt: skip
    return _out(app, made)


@router.get("/files", tags=["files"])
async def list_files(request: Request, actor: AnyActor, session: Tx, page: PageIn) -> ListOut[FileOut]:
    """One's own files, the newest first."""
    rows, after = await fetch_page(session, objects.own_files(actor), page, FilesObject.created_at, FilesObject.id)
    return ListOut(items=[_out(app_of(request), objects.info_of(row)) for row in rows], next_cursor=after)


@router.get("/files/avatar", tags=["files"])
async def get_avatar(request: Request, actor: AnyActor, session: Tx) -> FileOut | None:
    """One's own picture, which Telegram has told; null when there is none."""
    found = await avatars.own_avatar(session, actor)
    return _out(app_of(request), found) if found else None


@router.get("/admin/customers/{customer_id}/avatar", tags=["admin"])
async def get_customer_avatar(
    request: Request, customer_id: UUID, actor: StaffActor, session: Tx
) -> StaffFileOut | None:
    """A customer's picture; null when there is none."""
    await identity.get_customer(session, actor.organization_id, customer_id)
    found = await avatars.avatar_of(session, actor, customer_id)
    return _staff_out(app_of(request), found) if found else None


@router.get("/files/{file_id}", tags=["files"])
async def get_file(request: Request, file_id: UUID, actor: AnyActor, session: Tx) -> FileOut:
    """One file, with fresh addresses."""
    return _out(app_of(request), await objects.get_file(session, actor, file_id))


@router.delete("/files/{file_id}", status_code=204, tags=["files"])
async def delete_file(file_id: UUID, actor: AnyActor, session: Tx) -> None:
    """Delete a file of one's own."""
    await objects.delete_file(session, actor, file_id)


@router.get(
    "/files/{file_id}/{variant}", tags=["files"], response_class=StreamingResponse,
    responses={200: {"description": "The bytes", "content": {"*/*": {}}}, 206: {"description": "A part of them"}},
)  # fmt: skip
async def read_file(
    request: Request,
    file_id: UUID,
    variant: Variant,
    expires: int = Query(ge=0, lt=2**53),
    signature: str = Query(max_length=128),
    range: str = Header("", max_length=100),
) -> StreamingResponse:
    """The bytes of a file, for who has a signed address. Nothing active is ever shown in place."""
    app = app_of(request)
    app.get(Links).check(file_id, variant, expires, signature)
    async with app.get(Database).transaction() as session:
        row = await session.get(FilesObject, file_id)
    if row is None or row.deleted_at is not None or row.state != "clean":
        raise NotFound("files.not_found", "No such file")
    path = {"content": row.path, "thumbnail": row.thumbnail_path, "original": row.original_path}[variant]
    if not path:
        raise NotFound("files.not_found", "No such file")
    media_type = {"content": row.media_type, "thumbnail": "image/webp", "original": "application/octet-stream"}[variant]
    where = "inline" if media_type in _INLINE else "attachment"
    headers = {
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(row.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-site",
        "Cache-Control": "private, max-age=600",
    }
    status, start, length = 200, 0, None
    if variant == "content":
        headers |= {"Accept-Ranges": "bytes"}
        start, length = _range(range, row.size_bytes)
        if range and length is not None:
            status = 206
            headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{row.size_bytes}"
        headers["Content-Length"] = str(row.size_bytes if length is None else length)
    content: AsyncIterator[bytes] = await app.get(Storage).read(path, start, length)
    return StreamingResponse(content, status, headers, media_type)


async def _fetch(
    session: AsyncSession, actor: Actor, filters: FileFilters, page: Page
) -> tuple[list[StaffFileOut], str | None]:
    wanted = objects.all_files(actor, **filters.facts)  # type: ignore[arg-type]
    rows, after = await fetch_page(session, wanted, page, FilesObject.created_at, FilesObject.id)
    return [_staff_out(filters.app, objects.info_of(row)) for row in rows], after


add_list(
    router, "/admin/files", StaffFileOut, _fetch, actor=StaffActor, filters=FileFilters, title="Files", tags=["admin"]
)


@router.post("/admin/files/{file_id}/delete", status_code=204, tags=["admin"])
async def delete_any_file(file_id: UUID, body: Reason, actor: StaffActor, session: Tx) -> None:
    """Delete anybody's file."""
    await objects.delete_file(session, actor, file_id, body.reason)


def _range(given: str, size: int) -> tuple[int, int | None]:
    """The part that is asked for; several parts at once are answered with the whole, as HTTP allows."""
    found = _RANGE.fullmatch(given.strip())
    if found is None:
        return 0, None
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if start >= size or last < start:
        raise Problem(416, "files.range_invalid", "There is no such part")
    return start, min(last, size - 1) - start + 1


def _out(app: App, info: FileInfo) -> FileOut:
    links, is_shown = app.get(Links), info.state == "clean"
    return FileOut(
        id=info.id, name=info.name, category=info.category, media_type=info.media_type, size_bytes=info.size_bytes,
        width=info.width, height=info.height, state=info.state, is_generated=info.is_generated,
        expires_at=info.expires_at, created_at=info.created_at,
        url=links.url(info.id) if is_shown else None,
        thumbnail_url=links.url(info.id, "thumbnail") if is_shown and info.has_thumbnail else None,
        original_url=links.url(info.id, "original") if is_shown and info.has_original else None,
    )  # fmt: skip


def _staff_out(app: App, info: FileInfo) -> StaffFileOut:
    return StaffFileOut(
        **_out(app, info).model_dump(), owner_kind=info.owner_kind, owner_id=info.owner_id, finding=info.finding
    )
