"""Bodies and queries that fit a schema: the least that is required, for tests that call every route."""

from typing import Any

Json = dict[str, Any]

# Where a pattern says what the schema alone does not.
KNOWN = {
    "email": "somebody@example.com", "slug": "a-slug", "name": "a-name", "network": "203.0.113.7/32", "locale": "ru",
    "default_locale": "ru", "reason": "a test", "model": "chatgpt-4-omni-mini", "plan": "tokens-7d-150k",
    "provider": "yookassa", "password": "a-good-password", "base_url": "https://api.example.com", "text": "Hello",
}  # fmt: skip


def example(schema: Json, spec: Json, name: str = "") -> Any:
    """A value that fits."""
    if "$ref" in schema:
        return example(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec, name)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example(choices[0], spec, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {key: example(schema["properties"][key], spec, key) for key in required}
        case "array":
            return [example(schema["items"], spec, name) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
        case "string":
            return _text(schema, name)
        case _:
            return {}


def _text(schema: Json, name: str) -> str:
    match schema.get("format"):
        case "uuid":
            return "01a1fd5e-8e35-7966-9794-9b087f06b297"
        case "date-time":
            return "2099-01-01T00:00:00Z"
        case _:
            return KNOWN.get(name, "x" * int(max(schema.get("minLength", 1), 1)))
