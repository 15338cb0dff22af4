"""A list of the panel as two routes: a page of it with filters, and the same filters as a file."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, tables
from kassa.kit.errors import Invalid
from kassa.kit.listing import MAX_LIMIT, Page
from kassa.kit.tables import FileFormat
from kassa.kit.web import Tx

Item = TypeVar("Item", bound=BaseModel)

EXPORT_ROWS = 100_000
"""More rows than this are asked for in parts, by narrower filters."""


class ListOut(BaseModel, Generic[Item]):
    """A page of a list, and where the next one begins (CTR)."""

    items: list[Item]
    next_cursor: str | None


def page_of(
    limit: int = Query(50, ge=1, le=MAX_LIMIT, description="How many items, at most 100"),
    cursor: str | None = Query(None, max_length=400, description="`next_cursor` of the page before"),
) -> Page:
    """The page that a request asks for."""
    return Page(limit, cursor)


def fields_of(fields: str | None = Query(None, max_length=1000, include_in_schema=False)) -> frozenset[str]:
    """The names in `?fields=a,b`: only these are answered; empty means all."""
    return frozenset(name for name in (fields or "").split(",") if name)


PageIn = Annotated[Page, Depends(page_of)]
FieldsIn = Annotated[frozenset[str], Depends(fields_of)]
Fetch = Callable[[AsyncSession, Any, Any, Page], Awaitable[tuple[list[Item], str | None]]]


def listed(items: list[Item], next_cursor: str | None, fields: frozenset[str]) -> ListOut[Item] | Response:
    """A page as it goes out, with all fields or the wanted ones. Raises Invalid `request.field_unknown`."""
    if not fields:
        return ListOut(items=items, next_cursor=next_cursor)
    for item in items[:1]:
        unknown = sorted(fields - set(type(item).model_fields))
        if unknown:
            raise Invalid("request.field_unknown", f"No such field: {', '.join(unknown)}", fields=unknown)
    chosen = [item.model_dump(mode="json", include=set(fields)) for item in items]
    return JSONResponse({"items": chosen, "next_cursor": next_cursor})


class NoFilters:
    """For a list that has none."""


def add_list(
    router: APIRouter,
    path: str,
    item: type[Item],
    fetch: Fetch[Item],
    *,
    actor: Any,
    filters: Any = NoFilters,
    title: str,
    tags: list[str] | None = None,
    summary: str = "",
) -> None:
    """Add `GET path` and `GET path/export?format=`. `filters` is a class whose constructor takes query parameters;
    `fetch(session, actor, filters, page)` answers a page and the next cursor, and checks the permission; an actor
    is asked by `require_export()` before a file is made."""
    name = "_".join(
        part
        for part in f"{router.prefix}{path}".removeprefix("/api/v1").split("/")
        if part and not part.startswith("{")
    )

    async def show(session: Tx, caller: Any, wanted: Any, page: PageIn, fields: FieldsIn) -> ListOut[Any] | Response:
        items, next_cursor = await fetch(session, caller, wanted, page)
        return listed(items, next_cursor, fields)

    async def export(session: Tx, caller: Any, wanted: Any, format: FileFormat = Query(FileFormat.CSV)) -> Response:
        caller.require_export()
        items: list[Item] = []
        cursor: str | None = None
        while len(items) < EXPORT_ROWS:
            part, cursor = await fetch(session, caller, wanted, Page(1000, cursor))
            items.extend(part)
            if cursor is None:
                break
        return await file_of(format, title, item, items)

    for route in (show, export):
        route.__annotations__ |= {"caller": actor, "wanted": Annotated[filters, Depends()]}
    show.__name__, export.__name__ = f"list_{name}", f"export_{name}"
    show.__doc__ = summary or title
    export.__doc__ = f"{summary or title}, as a file."
    # The export comes first: `path/{id}` would take "export" for an id.
    router.add_api_route(
        f"{path}/export", export, methods=["GET"], tags=list(tags or []), response_class=Response,
        responses={200: {"description": "The file", "content": {kind: {} for kind in tables.MEDIA_TYPES.values()}}},
    )  # fmt: skip
    router.add_api_route(path, show, methods=["GET"], tags=list(tags or []), response_model=ListOut[item])  # type: ignore[valid-type]


async def file_of(format: FileFormat, title: str, item: type[BaseModel], items: list[Item]) -> Response:
    """Items as a file to save; nested facts become columns of their own (`amount.units`)."""
    rows = [_flat(entry.model_dump()) for entry in items]
    columns = list(dict.fromkeys(name for row in rows for name in row)) or list(item.model_fields)
    body = await asyncio.to_thread(
        tables.render, format, title, columns, [[row.get(name) for name in columns] for row in rows]
    )
    filename = f"{title.lower().replace(' ', '-')}-{clock.now():%Y-%m-%d}.{format.value}"
    return Response(
        body, media_type=tables.MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )  # fmt: skip


def _flat(facts: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            flat[prefix + name] = ", ".join(str(part) for part in value)
        else:
            flat[prefix + name] = value
    return flat
