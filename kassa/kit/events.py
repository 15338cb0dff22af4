"""Durable events: publishing inserts one job per subscriber in the caller's transaction."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import jobs


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that other modules may care about. Fields must be JSON values."""

    name: ClassVar[str]


class Subscriptions:
    """Which job each event wakes; filled once by the runtime from the modules' declarations."""

    KEY = "event_subscriptions"

    def __init__(self) -> None:
        self._jobs: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, event: type[Event], job: str) -> None:
        """Wake this job for every such event; the event's fields are its arguments."""
        self._jobs[event.name].append(job)

    def jobs_for(self, name: str) -> list[str]:
        """The jobs that this event wakes."""
        return self._jobs[name]


async def publish(session: AsyncSession, event: Event) -> None:
    """Insert one job per subscriber of the event; they run after the transaction commits, or never."""
    subscriptions: Subscriptions | None = session.info.get(Subscriptions.KEY)
    if subscriptions is None:
        return
    facts: dict[str, Any] = asdict(event)
    for job in subscriptions.jobs_for(event.name):
        await jobs.enqueue(session, job, **facts)
