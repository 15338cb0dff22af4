"""Checking bodies against a vendor's OpenAPI 3.0 description, more strictly than the description itself asks."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HOST = "#/components/schemas/"


class OpenApi:
    """One description, turned into JSON Schema."""

    def __init__(self, file: Path) -> None:
        self._source: dict[str, Any] = yaml.load(file.read_text("utf-8"), _Loader)  # noqa: S506 - a safe loader
        self._schemas = self._source["components"]["schemas"]
        self._names_by_target = {
            target: value
            for schema in self._schemas.values()
            for value, target in schema.get("discriminator", {}).get("mapping", {}).items()
        }
        self._components = {"schemas": {name: self._translate(schema) for name, schema in self._schemas.items()}}

    def request_problems(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a request body."""
        content = self._operation(method, path)["requestBody"]["content"]
        return self._problems({"allOf": [self._translate(content["application/json"]["schema"])]}, body)

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer; a status that the operation does not list is checked as any error."""
        answer = self._operation(method, path)["responses"].get(str(status))
        if answer is None or status >= 500:  # one vendor describes 500 with the schema of 429, by mistake
            return self._problems({"$ref": f"{_HOST}Error"}, body, strict=False)
        if "$ref" in answer:
            answer = self._source["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        schema = self._translate(answer["content"]["application/json"]["schema"])
        return self._problems(schema, body, strict=status == 200)

    def problems(self, name: str, body: Any) -> list[str]:
        """What keeps a body from being the named object."""
        return self._problems({"$ref": _HOST + name}, body)

    def _problems(self, schema: dict[str, Any], body: Any, *, strict: bool = True) -> list[str]:
        whole: dict[str, Any] = {"allOf": [schema], "components": self._components}
        if strict:
            whole["unevaluatedProperties"] = False
        found = Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(body)
        return [f"{error.json_path}: {error.message[:300]}" for error in found]

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        for template, operations in self._source["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) and method.lower() in operations:
                return operations[method.lower()]  # type: ignore[no-any-return]
        raise AssertionError(f"the description has no {method} {path}")

    def _translate(self, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self._translate(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        out = {name: self._translate(value) for name, value in schema.items() if name not in {"example", "nullable"}}
        discriminator = schema.get("discriminator")
        out.pop("discriminator", None)
        if "oneOf" in out:
            choices = out.pop("oneOf")
            out["anyOf"] = choices
            if discriminator is not None:
                del out["anyOf"]
                out["allOf"] = [*out.get("allOf", []), *self._by_discriminator(discriminator["propertyName"], choices)]
        if schema.get("nullable") and "type" in out:
            out["type"] = [out["type"], "null"]
        return out

    def _by_discriminator(self, name: str, choices: list[dict[str, str]]) -> list[dict[str, Any]]:
        values = {self._names_by_target[choice["$ref"]]: choice for choice in choices}
        known = {"required": [name], "properties": {name: {"enum": sorted(values)}}}
        return [known] + [
            {"if": {"properties": {name: {"const": value}}}, "then": choice} for value, choice in values.items()
        ]


@cache
def specification(name: str) -> OpenApi:
    """A vendor's description from KASSA_SPECS_DIR; the test is skipped where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "reference" / "specs"
    file = Path(os.environ.get("KASSA_SPECS_DIR") or beside) / name
    if not file.exists():
        pytest.skip(f"the vendor's description {name} is not here: set KASSA_SPECS_DIR to its folder")
    return OpenApi(file)
