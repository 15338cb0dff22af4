"""What staff want to know of the installation itself: only the runtime knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ok, warning or error, what was measured or said of it, and what to do about it."""

    name: str
    state: str
    detail: str = ""
    advice: str = ""
    facts: Mapping[str, float] = field(default_factory=dict)


class Operations(Protocol):
    """The running of the installation. The looks ask outside services: call them with no transaction open."""

    async def dependencies(self) -> Sequence[Finding]:
        """Whether everything that is needed answers; quick enough to be asked every minute."""
        ...

    async def examine(self) -> Sequence[Finding]:
        """Everything that the doctor looks at; takes some seconds."""
        ...

    async def check_ledger(self) -> Sequence[tuple[str, bool]]:
        """Every check of ledger and money, and whether it is green."""
        ...

    async def replay_job(self, session: AsyncSession, actor: Actor, job_id: int) -> str:
        """Try a failed job once more; its name. Audited. Raises Denied, NotFound `jobs.not_failed`."""
        ...
