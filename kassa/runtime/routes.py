"""Finding a route by its address in one look.

FastAPI tries its routes one after another, twice where routers are nested: with two hundred of them that costs more
than everything else in a request. The index asks only the routes that have the same segments.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette._utils import get_route_path
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send
from typing_extensions import override

_FOUND = "kassa.route"


@dataclass(slots=True)
class _Node:
    """What may follow in an address: known words, and anything."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    anything: "_Node | None" = None
    routes: list[tuple[int, RouteContext]] = field(default_factory=list)


class RouteIndex(BaseRoute):
    """Stands before the routes it was made of; what it does not find, they are asked for as ever."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._root = _Node()
        self._plain: dict[str, list[tuple[int, RouteContext]]] = {}
        for number, route in enumerate(iter_route_contexts(list(routes))):
            # A `{rest:path}` may be of any length: such routes are left to FastAPI.
            if isinstance(route.original_route, APIRoute) and route.path and ":path}" not in route.path:
                self._add(number, route, route.path)
        for path in list(self._plain):
            self._plain[path] = self._find(path)

    def _add(self, number: int, route: RouteContext, path: str) -> None:
        node = self._root
        for part in path.split("/"):
            if "{" in part:
                node.anything = node.anything or _Node()
                node = node.anything
            else:
                node = node.words.setdefault(part, _Node())
        node.routes.append((number, route))
        if "{" not in path:
            self._plain[path] = []

    def _find(self, path: str) -> list[tuple[int, RouteContext]]:
        """The routes of this shape; the first that was declared comes first, and wins, as in FastAPI."""
        return sorted(_routes(self._root, path.split("/"), 0), key=lambda item: item[0])

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        partial: Scope | None = None
        path = get_route_path(scope)
        for _, route in self._plain.get(path) or self._find(path):
            match, child = route.matches(scope)
            if match is Match.FULL:
                child[_FOUND] = route
                return match, child
            if match is Match.PARTIAL and partial is None:
                child[_FOUND] = route
                partial = child
        return (Match.PARTIAL, partial) if partial is not None else (Match.NONE, {})

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route: RouteContext = scope.pop(_FOUND)
        scope["route"] = route.original_route
        if route.methods and scope["method"] not in route.methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(route.methods))})
        await route.app(scope, receive, send)


def _routes(node: _Node, parts: list[str], at: int) -> Iterator[tuple[int, RouteContext]]:
    if at == len(parts):
        yield from node.routes
        return
    word = node.words.get(parts[at])
    if word is not None:
        yield from _routes(word, parts, at + 1)
    if node.anything is not None:
        yield from _routes(node.anything, parts, at + 1)
