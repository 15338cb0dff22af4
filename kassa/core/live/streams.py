"""What can be listened to: each module declares its kinds of streams, and who may hear them."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kassa.core.access import Actor
from kassa.kit.app import App
from kassa.kit.errors import NotFound

Json = dict[str, Any]
Authorize = Callable[[App, Actor, str], Awaitable[bool]]
Post = Callable[[App, Actor, str, str, Json], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class StreamKind:
    """A kind of streams, called `<name>:<id>`."""

    name: str
    authorize: Authorize
    """Whether an actor may listen to the stream with this id. Everybody else is told that there is no such stream."""
    post: Post | None = None
    """Takes what a listener sends to the stream: the actor, the id, the client's own id of it, the body. A repeat of a
    client's id answers as the first time. Raises AppError."""
    signals: frozenset[str] = frozenset()
    """Kinds of passing events that a listener may send to the others: typing, viewing."""


class Streams:
    """Every kind of streams; filled once by the runtime."""

    def __init__(self, kinds: Iterable[StreamKind] = ()) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def kind_of(self, stream: str) -> tuple[StreamKind, str]:
        """The kind of a stream and its id. Raises NotFound `live.stream_not_found`."""
        name, _, found = stream.partition(":")
        if name not in self._kinds or not found:
            raise NotFound("live.stream_not_found", "There is no such stream")
        return self._kinds[name], found

    async def authorize(self, app: App, actor: Actor, stream: str) -> StreamKind:
        """The kind of a stream that the actor may hear. Raises NotFound `live.stream_not_found` for any other."""
        kind, found = self.kind_of(stream)
        if not await kind.authorize(app, actor, found):
            raise NotFound("live.stream_not_found", "There is no such stream")
        return kind
