"""What a module plugs into a running process; each module declares one `Module` in its module.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kassa.kit.events import Event
from kassa.kit.jobs import Job
from kassa.kit.personal import PersonalData
from kassa.kit.schedules import Schedule


@dataclass(frozen=True, slots=True)
class Module:
    """Everything the runtime needs to know of a module. Order and empty lists do not matter."""

    name: str
    routers: Sequence[Any] = ()
    """FastAPI routers."""
    handlers: Sequence[Any] = ()
    """Conversation handlers (channels.Handlers)."""
    jobs: Sequence[Job] = ()
    schedules: Sequence[Schedule] = ()
    subscriptions: Sequence[tuple[type[Event], str]] = field(default_factory=tuple)
    """Which job each event wakes."""
    streams: Sequence[Any] = ()
    """Kinds of streams that clients may follow (live.StreamKind)."""
    personal: PersonalData | None = None
    """Its part of a person's data."""
    body_limits: Mapping[str, int] = field(default_factory=dict)
    """Bytes that a request below a path may have, where that is more than the usual."""
    texts: Path | None = None
    """A folder with one <locale>.ftl file per language."""
