"""What the ledger should do, in memory and in the plainest way: the measure for the real one."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass
class ModelGrant:
    """Units that came together."""

    number: int
    owner: UUID
    reference: str
    amount: int
    priority: int
    expires_at: datetime | None
    remaining: int = 0
    held: int = 0
    is_voided: bool = False

    def is_usable(self, now: datetime) -> bool:
        """Whether it can be spent now."""
        return not self.is_voided and (self.expires_at is None or self.expires_at > now)

    @property
    def order(self) -> tuple[int, float, int]:
        """Priority, then what lapses soonest, then the oldest."""
        return self.priority, self.expires_at.timestamp() if self.expires_at else float("inf"), self.number


@dataclass
class ModelHold:
    """A reservation."""

    owner: UUID
    amount: int
    parts: list[tuple[ModelGrant, int]]
    state: str = "open"
    captured: int = 0


@dataclass
class Model:
    """Everything."""

    grants: list[ModelGrant] = field(default_factory=list)
    holds: dict[UUID, ModelHold] = field(default_factory=dict)
    wallets: dict[UUID, int] = field(default_factory=dict)

    def available(self, owner: UUID, now: datetime) -> int:
        """What can be spent."""
        return sum(g.remaining - g.held for g in self.grants if g.owner == owner and g.is_usable(now))

    def held(self, owner: UUID) -> int:
        """What is reserved."""
        return sum(hold.amount for hold in self.holds.values() if hold.owner == owner and hold.state == "open")

    def grant(self, owner: UUID, reference: str, amount: int, priority: int, expires_at: datetime | None) -> None:
        """Credit."""
        self.grants.append(ModelGrant(len(self.grants), owner, reference, amount, priority, expires_at, amount))

    def hold(self, owner: UUID, amount: int, now: datetime) -> list[tuple[ModelGrant, int]]:
        """Reserve from what lapses first."""
        parts, left = [], amount
        for grant in sorted((g for g in self.grants if g.owner == owner and g.is_usable(now)), key=lambda g: g.order):
            part = min(left, grant.remaining - grant.held)
            if part > 0:
                grant.held += part
                parts.append((grant, part))
                left -= part
        assert left == 0
        return parts

    def capture(self, hold: ModelHold, units: int) -> None:
        """Charge; the rest goes back."""
        left = units
        for grant, part in sorted(hold.parts, key=lambda item: item[0].order):
            used = min(left, part)
            grant.remaining -= used
            grant.held -= part
            left -= used
        hold.state, hold.captured = "captured", units

    def release(self, hold: ModelHold) -> None:
        """Give all back."""
        for grant, part in hold.parts:
            grant.held -= part
        hold.state = "released"

    def take_back(self, reference: str, units: int | None, *, void: bool) -> int:
        """Take the free units of one purchase, what lasts longest first; what was taken."""
        taken = 0
        own = [grant for grant in self.grants if grant.reference == reference]
        for grant in sorted(own, key=lambda g: (-g.order[0], -g.order[1], -g.order[2])):
            free = grant.remaining - grant.held
            part = free if units is None else min(free, units - taken)
            grant.remaining -= part
            taken += part
            grant.is_voided = grant.is_voided or void
        return taken

    def expire(self, now: datetime) -> None:
        """Post away what lapsed."""
        for grant in self.grants:
            if not grant.is_usable(now):
                grant.remaining = grant.held
