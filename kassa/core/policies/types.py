"""Who asks for what, and the answer: what leaves the module."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from kassa.kit.errors import AppError, Denied, Invalid, LimitReached

IpAddress = IPv4Address | IPv6Address


class SubjectKind(StrEnum):
    """Who asks."""

    ANONYMOUS = "anonymous"
    CUSTOMER = "customer"
    STAFF = "staff"
    SERVICE = "service"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class OwnedPlan:
    """A plan that a customer has paid for and may use now. `id` tells two purchases of one plan apart."""

    id: UUID
    slug: str
    starts_at: datetime
    ends_at: datetime
    tier: str = "free"
    quota: str = ""
    """How many requests the plan itself allows, as `100/day`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer beyond who they are; read in one query when a rule asks for it."""

    tier: str = "free"
    level: str = ""
    locale: str = ""
    country: str = ""
    plans: tuple[OwnedPlan, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the refusal's record."""
        return {
            "tier": self.tier, "level": self.level, "locale": self.locale, "country": self.country,
            "plans": [plan.slug for plan in self.plans],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks, from where, and for what exactly."""

    organization_id: UUID
    kind: SubjectKind = SubjectKind.ANONYMOUS
    customer_id: UUID | None = None
    api_key_id: UUID | None = None
    ip: IpAddress | None = None
    bot: str = ""
    channel: str = ""
    method: str = ""
    path: str = ""
    fingerprint: str = ""
    """The same for identical requests; empty where they cannot be compared."""
    size: int = 0
    """Bytes of an upload."""
    facts: Facts | None = None

    def to_json(self) -> dict[str, Any]:
        """For the refusal's record: what was known when it was decided."""
        told = {
            "kind": self.kind.value, "customer": str(self.customer_id or ""), "api_key": str(self.api_key_id or ""),
            "ip": str(self.ip or ""), "bot": self.bot, "channel": self.channel, "method": self.method,
            "path": self.path, "fingerprint": self.fingerprint, "size": self.size,
        }  # fmt: skip
        known = {name: value for name, value in told.items() if value}
        return known | ({"facts": self.facts.to_json()} if self.facts else {})


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of one limit."""

    rule: str
    limit: int
    remaining: int
    window_s: int
    reset_at: datetime
    reset_s: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead. `budgets` are the limits that counted it; `counted` gives them back."""

    budgets: tuple[Budget, ...] = ()
    counted: tuple[tuple[UUID, int], ...] = ()
    """Counters that forget this request when it turns out well."""


class Reason(StrEnum):
    """Why something was refused; the error's code is `policies.<reason>`."""

    LIMIT = "limit_reached"
    DENIED = "denied"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not now, or not at all."""

    reason: Reason
    action: str
    rule: str
    text: str = ""
    """What the owner wrote as the reason."""
    limit: int = 0
    retry_after_s: int = 0
    """Zero when waiting does not help."""
    reset_at: datetime | None = None
    is_first: bool = True
    """The first refusal of this window: the one that a chat answers."""
    budgets: tuple[Budget, ...] = field(default=(), repr=False)

    @property
    def error(self) -> AppError:
        """The refusal as an error for the edges: facts rule, limit, retry_after_s, reset_at, reason."""
        facts: dict[str, Any] = {"action": self.action, "rule": self.rule, "is_first": self.is_first}
        if self.text:
            facts["reason"] = self.text
        if self.reset_at is not None:
            facts |= {"retry_after_s": self.retry_after_s, "reset_at": self.reset_at.isoformat()}
        code = f"policies.{self.reason.value}"
        if self.reason is Reason.LIMIT:
            return LimitReached(code, "Too many requests: try again later", **facts, limit=self.limit, remaining=0)
        if self.reason is Reason.TOO_LARGE:
            return Invalid(code, f"Larger than the {self.limit} bytes that are allowed", **facts, limit=self.limit)
        if self.reason is Reason.BLOCKED:
            return Denied(code, self.text or "You are blocked", **facts)
        return Denied(code, self.text or "This is not allowed", **facts)


Decision = Allowed | Refused
