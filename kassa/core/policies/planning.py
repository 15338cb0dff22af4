"""From rules and a subject to counters: which limits a request falls under, and under which keys they are counted."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from .matching import why_not
from .rules import Rule
from .snapshot import Snapshot
from .types import OwnedPlan, Subject
from .windows import Limit

_CALENDAR = datetime(2024, 1, 1)  # noqa: DTZ001 - a Monday, and the first of a month and a year, in any zone


@dataclass(frozen=True, slots=True)
class Bucket:
    """One limit of one rule for one subject: a counter's key and its window."""

    rule: Rule
    limit: Limit
    key: UUID
    months: int
    seconds: int
    anchor: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides a request: a rule that forbids it, or counters. Of each group one set of counters is enough."""

    forbidden: Rule | None
    too_large: Rule | None
    buckets: tuple[Bucket, ...]
    groups: tuple[tuple[tuple[Bucket, ...], ...], ...]
    places: tuple[Bucket, ...]


def plan(snapshot: Snapshot, actions: Iterable[str], subject: Subject) -> Plan:
    """The rules that are about the subject, as counters."""
    forbidden = too_large = None
    buckets: list[Bucket] = []
    places: list[Bucket] = []
    groups: defaultdict[str, list[tuple[datetime, tuple[Bucket, ...]]]] = defaultdict(list)

    def flag_is_on(name: str) -> bool:
        return snapshot.flag_is_on(name, subject)

    for action in actions:
        for rule in snapshot.rules_for(action, subject.kind):
            # What depends on the kind alone has been decided by the snapshot.
            if rule.asks_more and why_not(rule, subject, flag_is_on):
                continue
            if rule.deny:
                forbidden = forbidden or rule
            if rule.max_size is not None and subject.size > rule.max_size:
                too_large = too_large or rule
            for ends_at, found in _sets(snapshot, rule, subject):
                timed = tuple(bucket for bucket in found if bucket.limit.period)
                places += [bucket for bucket in found if not bucket.limit.period]
                if rule.group:
                    groups[rule.group].append((ends_at, timed))
                else:
                    buckets += timed
    ordered = tuple(
        tuple(found for _, found in sorted(sets, key=lambda item: (item[0], [b.key for b in item[1]])))
        for _, sets in sorted(groups.items())
    )
    return Plan(forbidden, too_large, tuple(buckets), ordered, tuple(places))


def _sets(snapshot: Snapshot, rule: Rule, subject: Subject) -> list[tuple[datetime, tuple[Bucket, ...]]]:
    """The rule's counters, once for each thing it counts by: a customer has one, and may own a plan twice."""
    if not rule.limits or (rule.same and not subject.fingerprint):
        return []
    if rule.per == "plan":
        facts = subject.facts
        owned = [item for item in facts.plans if item.slug in (rule.when.plan or ())] if facts else []
        return [(item.ends_at, _buckets(snapshot, rule, subject, str(item.id), item)) for item in owned]
    who = _who(rule, subject)
    return [(datetime.max.replace(tzinfo=UTC), _buckets(snapshot, rule, subject, who, None))] if who else []


def _who(rule: Rule, subject: Subject) -> str:
    match rule.per:
        case "customer":
            return str(subject.customer_id or "")
        case "ip":
            return _ip(subject)
        case "api_key":
            return str(subject.api_key_id or "")
        case _:
            return str(subject.organization_id)


def _ip(subject: Subject) -> str:
    """An address as a counter. Who has one IPv6 address has 2^64 of them, so the network counts."""
    if subject.ip is None:
        return ""
    if subject.ip.version == 6:
        mapped = subject.ip.ipv4_mapped
        return str(mapped) if mapped else subject.ip.exploded[:19]
    return str(subject.ip)


def _buckets(snapshot: Snapshot, rule: Rule, subject: Subject, who: str, owned: OwnedPlan | None) -> tuple[Bucket, ...]:
    return tuple(_bucket(snapshot, rule, limit, subject, who, owned) for limit in rule.limits)


def _bucket(
    snapshot: Snapshot, rule: Rule, limit: Limit, subject: Subject, who: str, owned: OwnedPlan | None
) -> Bucket:
    period = limit.period
    zone, anchor = "UTC", None
    if rule.window == "calendar":
        zone = snapshot.document.timezone
        anchor = _CALENDAR.replace(tzinfo=ZoneInfo(zone))
    elif rule.window == "plan" and owned is not None:
        anchor = owned.starts_at
    # The number is not a part of the key: who changes 5 to 10 in the middle of an hour forgets nobody's count.
    named = "\0".join(
        (subject.organization_id.hex, rule.name, limit.period_text, rule.window, rule.per, who,
         subject.fingerprint if rule.same else "")
    )  # fmt: skip
    key = UUID(bytes=hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=16).digest())
    months, seconds = (period.months, period.seconds) if period else (0, 0)
    return Bucket(rule, limit, key, months, seconds, anchor, zone)
