"""What a running process has at hand: a typed map filled once by the runtime and asked only by edges."""

from typing import Any, TypeVar, cast

T = TypeVar("T")


class App:
    """Things by their type. Edges take what a verb needs from here and pass it as arguments."""

    def __init__(self) -> None:
        self._things: dict[type[Any], Any] = {}

    def put(self, kind: type[T], thing: T) -> None:
        """Make a thing known under a type (a Protocol of core, or a class)."""
        self._things[kind] = thing

    def get(self, kind: type[T]) -> T:
        """The thing of this type. A KeyError means that the runtime forgot to put it."""
        return cast(T, self._things[kind])
