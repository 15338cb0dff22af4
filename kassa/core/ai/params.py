"""Parameters of a model as a schema: the same one draws Telegram's steps and web forms and checks API calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kit.errors import Invalid

from .reading import CatalogueError, Reader

TYPES = ("enum", "int", "bool", "text", "image", "images", "video", "audio")
_FILES = {"image", "images", "video", "audio"}


def parse_schema(readers: Sequence[Reader]) -> list[dict[str, Any]]:
    """A schema from data, with every default filled in. Raises CatalogueError."""
    schema = [_field(reader) for reader in readers]
    names = [field["name"] for field in schema]
    for reader, name in zip(readers, names, strict=True):
        if names.count(name) > 1:
            raise CatalogueError(f"{reader.where}.name", name, "a name that no other parameter has")
    return schema


def fill(schema: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """Given parameters, checked, with defaults; unknown ones are refused.

    Raises Invalid `ai.param_unknown`, `ai.param_required`, `ai.param_invalid`.
    """
    known = {field["name"] for field in schema}
    for name in given:
        if name not in known:
            raise Invalid("ai.param_unknown", f"{name} is not a parameter of this model", name=name)
    filled: dict[str, Any] = {}
    for field in schema:
        name = field["name"]
        value = given.get(name, field["default"])
        if value is None or value in ("", []):
            if field["required"]:
                raise Invalid("ai.param_required", f"{name} is required", name=name)
            continue
        if not _fits(field, value):
            raise Invalid("ai.param_invalid", f"{name}: {value!r} is not allowed", name=name, allowed=allowed(field))
        filled[name] = value
    return filled


def allowed(field: Mapping[str, Any]) -> str:
    """What a parameter takes, in words for an error."""
    if field["values"]:
        return ", ".join(str(value) for value in field["values"])
    bounds = [f"{word} {field[key]}" for key, word in (("min", "from"), ("max", "up to")) if field[key] is not None]
    return " ".join([field["type"], *bounds])


def _field(reader: Reader) -> dict[str, Any]:
    kind = reader.choice("type", TYPES) if "type" in reader.data else reader.text("type")
    field: dict[str, Any] = {
        "name": reader.text("name"),
        "type": kind,
        "values": list(reader.value("values", [])),
        "default": reader.value("default", None),
        "min": reader.optional_integer("min"),
        "max": reader.optional_integer("max"),
        "required": reader.flag("required", False),
        "affects_price": reader.flag("affects_price", False),
        "title": reader.titles("title"),
    }
    reader.finish()
    if kind == "enum" and not field["values"]:
        raise CatalogueError(f"{reader.where}.values", field["values"], "at least one value")
    if field["default"] is not None and not _fits(field, field["default"]):
        raise CatalogueError(f"{reader.where}.default", field["default"], allowed(field))
    return field


def _fits(field: Mapping[str, Any], value: Any) -> bool:
    kind = field["type"]
    if kind == "bool":
        return isinstance(value, bool)
    if field["values"] and (isinstance(value, bool) or value not in field["values"]):
        return False
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool) and _within(field, value)
    if kind == "text":
        return isinstance(value, str) and _within(field, len(value))
    if kind == "images":
        return isinstance(value, list) and all(isinstance(item, str) for item in value) and _within(field, len(value))
    # Files are named by the ids that uploads gave them.
    return isinstance(value, str) if kind in _FILES else True


def _within(field: Mapping[str, Any], size: int) -> bool:
    low, high = field["min"], field["max"]
    return (low is None or size >= low) and (high is None or size <= high)
