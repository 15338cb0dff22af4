"""Reading data strictly: every mistake is told with the place, the value and what is allowed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kassa.kit.errors import Invalid

_ABSENT: Any = object()


class CatalogueError(Invalid):
    """The catalogue, a price or a schema is not what it must be."""

    def __init__(self, where: str, value: Any, allowed: str) -> None:
        text = repr(value)
        shown = text if len(text) <= 120 else text[:117] + "..."
        super().__init__(
            "ai.catalogue_invalid", f"{where}: {shown} is not allowed; expected {allowed}", where=where, allowed=allowed
        )


class Reader:
    """Reads one mapping key by key and refuses the keys nobody asked for."""

    __slots__ = ("_seen", "data", "where")

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise CatalogueError(where, data, "a mapping with text keys")
        self.data: Mapping[str, Any] = data
        self.where = where
        self._seen: set[str] = set()

    def value(self, key: str, default: Any = _ABSENT) -> Any:
        """The value as it is; without a default the key is required."""
        self._seen.add(key)
        if key in self.data:
            return self.data[key]
        if default is _ABSENT:
            raise CatalogueError(f"{self.where}.{key}", None, "a value: the key is required")
        return default

    def text(self, key: str, default: str = _ABSENT) -> str:
        """A text that is not empty, unless the default is."""
        value = self.value(key, default)
        if not isinstance(value, str) or (not value and value != default):
            raise CatalogueError(f"{self.where}.{key}", value, "a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is absent."""
        value = self.value(key, ())
        if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(v, str) for v in value):
            raise CatalogueError(f"{self.where}.{key}", value, "a list of texts")
        return tuple(value)

    def choice(self, key: str, allowed: Sequence[str], default: str = _ABSENT) -> str:
        """One of the allowed words."""
        value = self.value(key, default)
        if value not in allowed:
            raise CatalogueError(f"{self.where}.{key}", value, "one of " + ", ".join(allowed))
        return str(value)

    def integer(self, key: str, default: int = _ABSENT, *, minimum: int = 0, maximum: int = 10**9) -> int:
        """A whole number within bounds; 1.0 and true are none."""
        value = self.value(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
            raise CatalogueError(f"{self.where}.{key}", value, f"a whole number from {minimum} to {maximum}")
        return value

    def optional_integer(self, key: str, *, minimum: int = 0, maximum: int = 10**9) -> int | None:
        """The same, or None when the key is absent."""
        self._seen.add(key)
        return self.integer(key, minimum=minimum, maximum=maximum) if key in self.data else None

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.value(key, default)
        if not isinstance(value, bool):
            raise CatalogueError(f"{self.where}.{key}", value, "true or false")
        return value

    def day(self, key: str) -> date | None:
        """A date like 2026-11-21, or None when the key is absent."""
        value = self.value(key, None)
        if value is not None and not isinstance(value, date):
            raise CatalogueError(f"{self.where}.{key}", value, "a date like 2026-11-21")
        return value

    def titles(self, key: str) -> dict[str, Any]:
        """A text in Russian and in English."""
        value = self.value(key)
        is_right = isinstance(value, Mapping) and {"ru", "en"} <= value.keys()
        if not is_right or not all(isinstance(text, str) and text for text in value.values()):
            raise CatalogueError(f"{self.where}.{key}", value, "texts under ru and en")
        return dict(value)

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping taken as it is, empty when the key is absent."""
        value = self.value(key, {})
        if not isinstance(value, Mapping):
            raise CatalogueError(f"{self.where}.{key}", value, "a mapping")
        return dict(value)

    def required(self, key: str) -> "Reader":
        """A nested mapping."""
        return Reader(self.value(key), f"{self.where}.{key}")

    def optional(self, key: str) -> "Reader | None":
        """A nested mapping, or None when the key is absent."""
        value = self.value(key, None)
        return None if value is None else Reader(value, f"{self.where}.{key}")

    def items(self, key: str) -> list["Reader"]:
        """A list of mappings, empty when the key is absent."""
        value = self.value(key, ())
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise CatalogueError(f"{self.where}.{key}", value, "a list")
        return [Reader(item, f"{self.where}.{key}[{index}]") for index, item in enumerate(value)]

    def finish(self) -> None:
        """Refuse what was not read: it is a slip of the pen more often than a plan."""
        unknown = sorted(self.data.keys() - self._seen)
        if unknown:
            raise CatalogueError(f"{self.where}.{unknown[0]}", self.data[unknown[0]], f"one of {sorted(self._seen)}")
