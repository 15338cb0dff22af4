"""Files of messages on the web: kept with the message as they were, told with addresses that work now."""

from typing import Any
from uuid import UUID

import orjson

from kassa.core import files
from kassa.kit.app import App

_KEPT = ("name", "category", "media_type", "size_bytes", "width", "height")


def stored(attached: list[files.FileInfo]) -> str:
    """As JSON for the message's row: addresses end, so they are no part of it."""
    return orjson.dumps([_facts(info) for info in attached]).decode()


def told(app: App, attached: list[files.FileInfo]) -> str:
    """As JSON for who listens now: they are of the same shape, with addresses."""
    return orjson.dumps([_with_addresses(app, _facts(info)) for info in attached]).decode()


def freshen(app: App, message: dict[str, Any]) -> dict[str, Any]:
    """A stored message with addresses that work for the next quarter of an hour."""
    return message | {"attachments": [_with_addresses(app, found) for found in message["attachments"]]}


def _facts(info: files.FileInfo) -> dict[str, Any]:
    return {"id": str(info.id), "has_thumbnail": info.has_thumbnail} | {name: getattr(info, name) for name in _KEPT}


def _with_addresses(app: App, found: dict[str, Any]) -> dict[str, Any]:
    links, file_id = app.get(files.Links), UUID(found["id"])
    small = links.url(file_id, "thumbnail") if found["has_thumbnail"] else None
    return found | {"url": links.url(file_id), "thumbnail_url": small}
