"""Tool calls of the emulated models: a question that names a tool, or asks to use one, makes the model call it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

Json = dict[str, Any]

_ASKS = re.compile(r"инструмент|вызови|\btools?\b|\bcall\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+")


def wanted(prompt: str, offered: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[str, Json] | None:
    """The name and the arguments of the call, or None. `offered` are names with the JSON schemas of parameters."""
    low = prompt.lower()
    for name, schema in offered:
        words = [word for word in re.split(r"[^a-zа-яё]+", name.lower()) if len(word) > 3]
        if any(word in low for word in words):
            return name, _arguments(prompt, schema)
    if offered and _ASKS.search(prompt):
        name, schema = offered[0]
        return name, _arguments(prompt, schema)
    return None


def told(prompt: str, result: str) -> str:
    """The answer once a tool has answered: a model tells what it found."""
    is_russian = re.search(r"[а-яё]", prompt, re.IGNORECASE) is not None
    return f"{'Инструмент ответил' if is_russian else 'The tool answered'}:\n\n> {result[:2000]}"


def as_text(arguments: Json) -> str:
    """Arguments as the JSON text that OpenAI sends."""
    return orjson.dumps(arguments).decode()


def _arguments(prompt: str, schema: Mapping[str, Any]) -> Json:
    properties = schema.get("properties") or {}
    required = schema.get("required") or list(properties)
    return {name: _value(prompt, properties.get(name) or {}) for name in required}


def _value(prompt: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("enum"):
        return schema["enum"][0]
    number = _NUMBER.search(prompt)
    simple = {
        "integer": int(number.group()) if number else 1,
        "number": int(number.group()) if number else 1,
        "boolean": True,
        "array": [],
        "object": {},
    }
    return simple.get(str(schema.get("type")), prompt)
