"""Why was this refused? Every rule about an action, whether it applies and why, where its counters stand, and what
the engine would answer now, by the rules in force or by a draft (POL-1). Nothing is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from kassa.core.access import Actor, Permission
from kassa.kit.errors import Invalid

from . import engine, planning
from .matching import why_not
from .refusals import Refusal
from .rules import Rule, read_rules
from .snapshot import Snapshot, draft
from .types import Facts, Reason, Subject, SubjectKind

_STATE = f"""
select p.verdict, p.seen_at, p.closes, p.block_reason, p.block_rule, p.blocked_until,
    (select array_agg(coalesce(c.count, 0) order by k.n) from unnest(p.keys) with ordinality k(key, n)
     left join policies_counter c on c.key = k.key and c.closes_at > p.seen_at and c.count > 0) as counts,
    (select array_agg(c.closes_at order by k.n) from unnest(p.keys) with ordinality k(key, n)
     left join policies_counter c on c.key = k.key and c.closes_at > p.seen_at and c.count > 0) as open_until
from (select a.*, $7::uuid[] as keys from {engine.admission()} a) p
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class CounterState:
    """One limit of a rule for this subject."""

    limit: str
    most: int
    used: int
    closes_at: datetime | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule: whether it is about the subject, why not when it is not, and its counters."""

    rule: str
    applies: bool
    why: str
    counters: tuple[CounterState, ...]
    verdict: str
    """`allows`, `refuses`, or empty for a rule that does not apply."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would be answered now, and what every rule says."""

    verdict: str
    """`allowed`, or a reason: limit_reached, denied, too_large, blocked."""
    rule: str
    text: str
    retry_at: datetime | None
    subject: Mapping[str, Any]
    rules: tuple[RuleState, ...]


async def explain(
    policies: engine.Policies, actor: Actor, action: str, subject: Subject, source: str | None = None
) -> Explanation:
    """Explain an action of a subject, by the rules in force or by a draft. Raises Denied, Invalid
    `policies.rules_invalid` for a draft that cannot be read."""
    actor.require(Permission.POLICIES_VIEW)
    snapshot = await policies.snapshots.current(actor.organization_id)
    if source is not None:
        snapshot = draft(snapshot, read_rules(source))
    known = await policies.facts(subject)
    planned = planning.plan(snapshot, (action,), known)
    grouped = [bucket for sets in planned.groups for found in sets for bucket in found]
    buckets = tuple({bucket.key: bucket for bucket in (*planned.buckets, *grouped)}.values())
    row, counts, closes = await _state(policies, snapshot, known, buckets)
    states = {
        bucket.key: CounterState(
            bucket.limit.text, bucket.limit.most, count, until, count + 1 > bucket.limit.most
        )
        for bucket, count, until in zip(buckets, counts, closes, strict=True)
    }  # fmt: skip
    rules = tuple(
        _rule_state(snapshot, rule, action, known, [states[b.key] for b in buckets if b.rule is rule])
        for rule in snapshot.document.rules
        if rule.covers(action)
    )
    verdict, rule, text, retry_at = _verdict(row, planned, states)
    return Explanation(verdict, rule, text, retry_at, known.to_json(), rules)


def subject_of(refusal: Refusal, organization_id: UUID) -> Subject:
    """The subject as it was when a refusal was decided."""
    told = refusal.subject
    facts = told.get("facts")
    return Subject(
        organization_id, SubjectKind(told.get("kind", "anonymous")), _id(told.get("customer")),
        _id(told.get("api_key")), ip_address(told["ip"]) if told.get("ip") else None, told.get("bot", ""),
        told.get("channel", ""), told.get("method", ""), told.get("path", ""), told.get("fingerprint", ""),
        int(told.get("size", 0)),
        # Plans are asked for again: a counter belongs to a purchase, and the record keeps only its name.
        None if facts is None or facts.get("plans") else Facts(
            facts.get("tier", "free"), facts.get("level", ""), facts.get("locale", ""), facts.get("country", "")
        ),
    )  # fmt: skip


def subject_from(organization_id: UUID, told: Mapping[str, Any]) -> Subject:
    """A subject as somebody describes it for a trial. Raises Invalid `policies.subject_invalid`."""
    try:
        ip = ip_address(told["ip"]) if told.get("ip") else None
    except ValueError as error:
        raise Invalid("policies.subject_invalid", f"ip = {told['ip']!r} is no address", key="ip") from error
    customer = told.get("customer_id")
    kind = told.get("kind") or (SubjectKind.CUSTOMER if customer else SubjectKind.ANONYMOUS)
    asked = {name: told[name] for name in ("tier", "level", "locale", "country") if told.get(name)}
    facts = Facts(**asked) if asked else None
    return Subject(
        organization_id, SubjectKind(kind), customer, told.get("api_key_id"), ip, told.get("bot", ""),
        told.get("channel", ""), told.get("method", ""), told.get("path", ""), told.get("fingerprint", ""),
        told.get("size", 0), facts,
    )  # fmt: skip


async def _state(
    policies: engine.Policies, snapshot: Snapshot, subject: Subject, buckets: tuple[planning.Bucket, ...]
) -> tuple[Mapping[str, Any], list[int], list[datetime | None]]:
    arguments = engine.arguments(snapshot, subject, buckets, is_counted=False)
    row = dict((await policies.database.call(_STATE, *arguments))[0])
    if policies.counters is None or not buckets:
        return row, list(row["counts"] or []), list(row["open_until"] or [])
    found = await policies.counters.look([bucket.key for bucket in buckets], row["seen_at"])
    return row, [found.get(b.key, (0, None))[0] for b in buckets], [found.get(b.key, (0, None))[1] for b in buckets]


def _rule_state(
    snapshot: Snapshot, rule: Rule, action: str, subject: Subject, counters: list[CounterState]
) -> RuleState:
    why = "it is switched off" if not rule.enabled else why_not(
        rule, subject, lambda name: snapshot.flag_is_on(name, subject)
    )  # fmt: skip
    if not why and rule.limits and not counters and all(limit.period for limit in rule.limits):
        why = f"it counts per {rule.per}" + (" and identical requests" if rule.same else "") + ", which is not given"
    if why:
        return RuleState(rule.name, False, why, (), "")
    is_refused = bool(rule.deny) or any(state.is_full for state in counters)
    if rule.max_size is not None and subject.size > rule.max_size:
        is_refused = True
    return RuleState(rule.name, True, "", tuple(counters), "refuses" if is_refused else "allows")


def _verdict(
    row: Mapping[str, Any], planned: planning.Plan, states: Mapping[UUID, CounterState]
) -> tuple[str, str, str, datetime | None]:
    if row["verdict"] == "blocked":
        return Reason.BLOCKED.value, row["block_rule"], row["block_reason"], row["blocked_until"]
    if planned.forbidden is not None:
        return Reason.DENIED.value, planned.forbidden.name, planned.forbidden.deny or "", None
    if planned.too_large is not None:
        return Reason.TOO_LARGE.value, planned.too_large.name, planned.too_large.reason, None
    full = [bucket for bucket in planned.buckets if states[bucket.key].is_full]
    for sets in planned.groups:
        fullest = [[bucket for bucket in found if states[bucket.key].is_full] for found in sets]
        if all(fullest):
            full += min(fullest, key=lambda found: max(_closes(states, bucket) for bucket in found))
    if not full:
        return "allowed", "", "", None
    last = max(full, key=lambda bucket: _closes(states, bucket))
    return Reason.LIMIT.value, last.rule.name, last.rule.reason, _closes(states, last)


def _closes(states: Mapping[UUID, CounterState], bucket: planning.Bucket) -> datetime:
    closes = states[bucket.key].closes_at
    assert closes is not None  # noqa: S101 - a full counter has an open window
    return closes


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def with_customer(subject: Subject, customer_id: UUID) -> Subject:
    """The subject as a customer whose facts are asked for."""
    return replace(subject, kind=SubjectKind.CUSTOMER, customer_id=customer_id, facts=None)
