"""Checks of calls and objects against the machine-readable schema of the Bot API.

The schema is 640 KB of somebody else's text, so it is not kept here: KASSA_SPECS_DIR says where it lies.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Schema = dict[str, Any]
_NAME = "telegram-bot-api-10.3.json"
_NEXT_TO_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "reference" / "specs"


@cache
def _load(path: Path) -> Schema:
    groups = json.loads(path.read_text())["items"]
    return {item["name"]: item for group in groups for item in group["children"]}


def find_schema() -> Schema | None:
    """Types and methods by name, when the file is at hand."""
    folder = Path(os.environ.get("KASSA_SPECS_DIR") or _NEXT_TO_THE_REPOSITORY)
    return _load(folder / _NAME) if (folder / _NAME).exists() else None


def telegram_schema() -> Schema:
    """Types and methods by name; skips the test when the file is not at hand."""
    schema = find_schema()
    if schema is None:
        pytest.skip(f"{_NAME} is not found; KASSA_SPECS_DIR names the folder it lies in")
    return schema


def validate_request(schema: Schema, method: str, params: dict[str, Any]) -> list[str]:
    """What is wrong with the parameters of a call; values may be JSON in strings, as in forms."""
    if schema.get(method, {}).get("category") != "methods":
        return [f"{method}: no such method"]
    fields = {field["name"]: field for field in schema[method]["annotations"]}
    problems = [f"{method}.{name}: unknown parameter" for name in params if name not in fields]
    for name, field in fields.items():
        if name not in params:
            problems += [f"{method}.{name}: required"] if field["required"] else []
        else:
            problems += _check(schema, field["type"], _plain(field["type"], params[name]), f"{method}.{name}")
    return problems


def validate_object(schema: Schema, kind: str, value: Any) -> list[str]:
    """What is wrong with an object that should be of this type."""
    return _check(schema, kind, value, kind)


def _plain(kind: str, value: Any) -> Any:
    if not isinstance(value, str) or kind in ("String", "InputFile", "InputFile or String"):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _check(schema: Schema, kind: str, value: Any, place: str) -> list[str]:
    if kind == "RichText" and isinstance(value, list):
        return [
            problem for index, item in enumerate(value) for problem in _check(schema, kind, item, f"{place}[{index}]")
        ]
    if kind == "RichText" and isinstance(value, str):
        return []
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{place}: an array is expected, not {value!r:.80}"]
        inner = kind.removeprefix("Array of ").replace(", ", " or ").replace(" and ", " or ")
        return [
            problem for index, item in enumerate(value) for problem in _check(schema, inner, item, f"{place}[{index}]")
        ]
    options = _options(schema, kind)
    if len(options) > 1:
        return _check_any(schema, options, value, place)
    return _check_one(schema, options[0], value, place)


def _options(schema: Schema, kind: str) -> list[str]:
    """The concrete types that a type stands for: "A or B", or a union that lists its members."""
    found = []
    for part in kind.split(" or "):
        item = schema.get(part, {})
        lines = str(item.get("description", "")).splitlines()
        members = [line[3:].strip() for line in lines if line.startswith(" - ") and line[3:].strip() in schema]
        found += [leaf for member in members for leaf in _options(schema, member)] if members else [part]
    return found


def _check_any(schema: Schema, options: list[str], value: Any, place: str) -> list[str]:
    if isinstance(value, dict) and "type" in value:
        # The constant of the field `type` says which member of the union is meant, and so whose problems to tell.
        fitting = [option for option in options if value["type"] in _constants(schema, option, "type")]
        options = fitting or options
    answers = [_check_one(schema, option, value, place) for option in options]
    return min(answers, key=len)


def _constants(schema: Schema, kind: str, name: str) -> list[str]:
    for field in schema.get(kind, {}).get("annotations", []):
        if field["name"] == name:
            for words in ("always ", "must be "):
                if words in field["description"]:
                    return [field["description"].rpartition(words)[2].strip(" .'\"“”’‘")]
    return []


def _check_one(schema: Schema, kind: str, value: Any, place: str) -> list[str]:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    simple = {
        "Integer": is_whole,
        "Float": is_whole or isinstance(value, float),
        "String": isinstance(value, str),
        "Boolean": isinstance(value, bool),
        "True": value is True,
        "InputFile": isinstance(value, str),
    }
    if kind in simple:
        return [] if simple[kind] else [f"{place}: {kind} is expected, not {value!r:.80}"]
    if not isinstance(value, dict):
        return [f"{place}: {kind} is expected, not {value!r:.80}"]
    if kind not in schema:
        return [f"{place}: the schema has no type {kind}"]
    fields = {field["name"]: field for field in schema[kind]["annotations"]}
    problems = [f"{place}.{name}: {kind} has no such field" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            problems += _check(schema, field["type"], value[name], f"{place}.{name}")
        elif field["required"]:
            problems.append(f"{place}.{name}: required in {kind}")
    return problems
