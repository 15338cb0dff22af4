"""What Mini Apps keep in Telegram's cloud for a person, and the rest of web_app_invoke_custom_method."""

import re
from typing import Any

from kassa.kit import clock
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.errors import Json

# Of the documentation of CloudStorage: core.telegram.org/bots/webapps#cloudstorage.
MAX_ITEMS, MAX_VALUE = 1024, 4096
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_COLLECTION = "telegram_cloud"


def invoke(store: Store, owner: str, method: str, params: Json) -> Json:
    """The answer to a custom method: `result`, or `error`. `owner` is the bot and the person."""
    items = store.get(_COLLECTION, owner) or {}
    try:
        return {"result": _answer(store, owner, items, method, params)}
    except ValueError as error:
        return {"error": str(error)}


def _answer(store: Store, owner: str, items: Json, method: str, params: Json) -> Any:
    match method:
        case "saveStorageValue":
            _save(items, _key(params.get("key")), str(params.get("value", "")))
            store.put(_COLLECTION, owner, items)
            return True
        case "getStorageValues":
            return {key: items.get(key, "") for key in _keys(params)}
        case "deleteStorageValues":
            for key in _keys(params):
                items.pop(key, None)
            store.put(_COLLECTION, owner, items)
            return True
        case "getStorageKeys":
            return list(items)
        case "getCurrentTime":
            return int(clock.now().timestamp())
        case _:
            raise ValueError("METHOD_INVALID")


def _save(items: Json, key: str, value: str) -> None:
    if len(value) > MAX_VALUE:
        raise ValueError("VALUE_INVALID")
    if key not in items and len(items) >= MAX_ITEMS:
        raise ValueError("QUOTA_EXCEEDED")
    items[key] = value


def _keys(params: Json) -> list[str]:
    wanted = params.get("keys", [])
    return [_key(key) for key in ([wanted] if isinstance(wanted, str) else list(wanted))]


def _key(value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("KEY_INVALID")
    return value
