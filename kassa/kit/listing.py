"""Cursor paging: a page is what comes after a key, so that paging is as fast on row ten million as on row one."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, bindparam, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.errors import Invalid

Row = TypeVar("Row")
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is wanted: so many items after a cursor."""

    limit: int = 50
    cursor: str | None = None


async def fetch_page(
    session: AsyncSession,
    wanted: Select[Row],
    page: Page,
    *key: Any,
    ascending: bool = False,
) -> tuple[Sequence[Row], str | None]:
    """A page of a one-entity select in the order of `key`: columns which together are unique and never null.

    Answers the rows and the cursor of the next page. Raises Invalid `request.cursor_invalid`.
    """
    order: Sequence[ColumnElement[Any]] = [column if ascending else column.desc() for column in key]
    if page.cursor is not None:
        values = read_cursor(page.cursor, key)
        # Each value is sent with its column's type: in a comparison of rows it would go as text.
        after = tuple_(
            *(bindparam(None, value, type_=column.type, unique=True) for column, value in zip(key, values, strict=True))
        )
        position = tuple_(*key)
        wanted = wanted.where(position > after if ascending else position < after)
    rows = (await session.scalars(wanted.order_by(*order).limit(page.limit + 1))).all()
    if len(rows) <= page.limit:
        return rows, None
    last = rows[page.limit - 1]
    return rows[: page.limit], encode_cursor(*(getattr(last, column.key) for column in key))


def encode_cursor(*key: Any) -> str:
    """The position after an item, opaque to clients."""
    return base64.urlsafe_b64encode(orjson.dumps(key, default=str)).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """The position back. Raises Invalid `request.cursor_invalid`."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise _not_ours() from error
    if not isinstance(key, list):
        raise _not_ours()
    return key


def read_cursor(cursor: str, key: Sequence[Any]) -> list[Any]:
    """A cursor's values as the columns of a key hold them. Raises Invalid `request.cursor_invalid`."""
    values = decode_cursor(cursor)
    if len(values) != len(key):
        raise _not_ours()
    return [_read(column.type.python_type, value) for column, value in zip(key, values, strict=True)]


def _read(kind: type[Any], value: Any) -> Any:
    try:
        if kind is datetime and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment
        elif kind is UUID and isinstance(value, str):
            return UUID(value)
        elif type(value) is kind and (abs(value) < 2**63 if kind is int else "\0" not in str(value)):
            return value
    except ValueError as error:
        raise _not_ours() from error
    raise _not_ours()


def _not_ours() -> Invalid:
    return Invalid("request.cursor_invalid", "This cursor is not one of ours")
