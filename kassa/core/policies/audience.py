"""For whom a flag or an experiment is: bots, plans, named customers, and a stable share of the others."""

import hashlib
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .types import Subject


class Audience(BaseModel):
    """Named customers always belong. Others belong when their bot and plan fit and the share takes them in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customers: list[UUID] = Field(default_factory=list, max_length=1000)
    bots: list[str] = Field(default_factory=list, max_length=200)
    plans: list[str] = Field(default_factory=list, max_length=200)
    percent: float = Field(default=100, ge=0, le=100)

    @property
    def asks_facts(self) -> bool:
        """Whether it can only be decided with the customer's plans."""
        return bool(self.plans)

    def has(self, subject: Subject, salt: str) -> bool:
        """Whether the subject belongs. `salt` (the name of the flag) makes the shares of two flags independent."""
        if subject.customer_id is not None and subject.customer_id in self.customers:
            return True
        if self.bots and subject.bot not in self.bots:
            return False
        owned = {plan.slug for plan in subject.facts.plans} if subject.facts else set()
        if self.plans and owned.isdisjoint(self.plans):
            return False
        if self.percent >= 100:
            return True
        # Who has no account belongs to no share: they would change sides at every visit.
        return subject.customer_id is not None and share(salt, subject.customer_id) < self.percent / 100


def share(salt: str, subject_id: UUID) -> float:
    """Where a subject stands between 0 and 1: the same every time, evenly spread over subjects."""
    digest = hashlib.blake2b(subject_id.bytes, key=hashlib.blake2b(salt.encode(), digest_size=32).digest())
    return int.from_bytes(digest.digest()[:8]) / 2**64
