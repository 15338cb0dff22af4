"""The one that decides: allowed or refused, counted exactly once, in one round trip on the hot path (POL-1)."""

import hashlib
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import clock, db
from kassa.kit.errors import Invalid, Unavailable

from . import blocks, places, refusals
from .matching import may_fit
from .planning import Bucket, Plan, plan
from .ports import Counter, Counters, FactSource
from .snapshot import Snapshot, Snapshots
from .types import Allowed, Budget, Decision, Facts, Reason, Refused, Subject, SubjectKind
from .words import first_found

_TYPES = ("uuid", "bigint", "uuid", "text::inet", "interval", "boolean", "uuid[]", "bigint[]", "bigint[]", "int[]",
          "bigint[]", "timestamptz[]", "text[]")  # fmt: skip


def admission(first: int = 1) -> str:
    """The call of the SQL function that counts, its arguments numbered from `first`.

    In a statement of its own the commit need wait for no disk: to lose a second of counts in a power cut is no loss
    of money.
    """
    return f"policy_admit({', '.join(f'${first + at}::{kind}' for at, kind in enumerate(_TYPES))})"


def admission_of_one(first: int = 1) -> str:
    """The same for one counter, whose facts come without arrays around them: see `alone`."""
    types = [kind.removesuffix("[]") for kind in _TYPES]
    calls = [f"${first + at}::{kind}" for at, kind in enumerate(types)]
    wrapped = [f"array[{call}]" if whole.endswith("[]") else call for call, whole in zip(calls, _TYPES, strict=True)]
    return f"policy_admit({', '.join(wrapped)})"


def alone(arguments: tuple[object, ...]) -> tuple[object, ...] | None:
    """The arguments for `admission_of_one`; None when there is not exactly one counter."""
    keys = arguments[_KEYS]
    if not isinstance(keys, list) or len(keys) != 1:
        return None
    return (*arguments[:_KEYS], *(item[0] for item in arguments[_KEYS:]))  # type: ignore[index]


_KEYS = _TYPES.index("uuid[]")
ARGUMENTS = len(_TYPES)
UNHURRIED = "set_config('synchronous_commit', 'off', true)"
_ALONE = f"select p.*, {UNHURRIED} from {admission()} p"  # noqa: S608 - our own words
_ALONE_ONE = f"select p.*, {UNHURRIED} from {admission_of_one()} p"  # noqa: S608 - as above
_INSIDE = f"select * from {admission()}"  # noqa: S608 - as above
_FORGET = "select policy_forget($1, $2), set_config('synchronous_commit', 'off', true)"
ATTEMPTS = 8
"""How often rules may change while one request is decided."""

Row = Any
"""A row of the database: facts by the names of columns."""
Ask = Callable[[tuple[object, ...]], Awaitable[Row]]
"""Runs a statement around `admission` with its arguments; answers its row."""


@dataclass(slots=True)
class _Answer:
    """What came of asking: the row, and the counters it is about."""

    row: Row
    buckets: tuple[Bucket, ...]
    refused: tuple[int, ...]
    counts: tuple[int, ...]
    closes: tuple[datetime, ...]


class Policies:
    """The engine of this process."""

    def __init__(
        self, database: db.Database, facts: FactSource | None = None, counters: Counters | None = None
    ) -> None:
        self.database = database
        self.snapshots = Snapshots(database)
        self.counters = counters
        self._facts = facts
        self._held = places.Held(database)

    async def decide(
        self, action: str, subject: Subject, *, session: AsyncSession | None = None, ask: Ask | None = None,
        also: Sequence[str] = (),
    ) -> Decision:  # fmt: skip
        """Decide and count. With a session, the count stands or falls with its transaction; a refusal is recorded in
        any case. `also` names further actions that the same request is.

        Raises Unavailable when the rules change faster than they can be read.
        """
        actions = (action, *also)
        ask = ask or self._asker(session)
        snapshot = await self.snapshots.get(subject.organization_id)
        for _ in range(ATTEMPTS):
            known = await self._with_facts(snapshot, actions, subject, session)
            planned = plan(snapshot, actions, known)
            answer = await self._answer(snapshot, planned, known, ask)
            if answer.row["verdict"] != "stale":
                return await self._decision(action, snapshot, planned, known, answer)
            snapshot = await self.snapshots.load(subject.organization_id)
        raise Unavailable("policies.unsettled", "The rules are being changed", retry_after_s=1)

    async def require(self, action: str, subject: Subject, *, session: AsyncSession | None = None) -> Allowed:
        """As `decide`, but a refusal is raised: LimitReached, Denied or Invalid `policies.*`."""
        decision = await self.decide(action, subject, session=session)
        if isinstance(decision, Refused):
            raise decision.error
        return decision

    async def forget(self, allowed: Allowed) -> None:
        """Take back what counts only when the request turns out badly, because it turned out well."""
        if not allowed.counted:
            return
        if self.counters is not None:
            await self.counters.forget(allowed.counted)
            return
        await self.database.call(_FORGET, [key for key, _ in allowed.counted], [cost for _, cost in allowed.counted])

    async def enter(self, action: str, subject: Subject) -> "places.Place | Refused":
        """Decide about something that lasts, as a connection: a limit "at once" holds a place until it is left."""
        decision = await self.decide(action, subject)
        if isinstance(decision, Refused):
            return decision
        snapshot = await self.snapshots.get(subject.organization_id)
        known = await self._with_facts(snapshot, (action,), subject, None)
        return await places.take(self.database, self._held, action, plan(snapshot, (action,), known).places)

    async def flag(self, name: str, subject: Subject, *, session: AsyncSession | None = None) -> bool:
        """Whether a flag is on for the subject, as it stands now. A flag that nobody made is off."""
        snapshot = await self.snapshots.current(subject.organization_id)
        audience = snapshot.flags.get(name)
        if audience is None:
            return False
        return audience.has(await self.facts(subject, session) if audience.asks_facts else subject, name)

    async def check_text(self, organization_id: UUID, text: str) -> None:
        """Refuse a text with a forbidden word: Invalid `policies.words_found` with facts list, word, reason."""
        found = first_found((await self.snapshots.current(organization_id)).words, text)
        if found is not None:
            words, entry = found
            facts = {"list": words.name, "word": entry} | ({"reason": words.reason} if words.reason else {})
            raise Invalid("policies.words_found", words.reason or "This text is not allowed here", **facts)

    async def facts(self, subject: Subject, session: AsyncSession | None = None) -> Subject:
        """The subject with what is known of its customer."""
        if subject.facts is not None or subject.customer_id is None or self._facts is None:
            return subject if subject.facts is not None else replace(subject, facts=Facts())
        return replace(subject, facts=await self._facts(session, subject.organization_id, subject.customer_id))

    async def _with_facts(
        self, snapshot: Snapshot, actions: Sequence[str], subject: Subject, session: AsyncSession | None
    ) -> Subject:
        if subject.facts is None and any(
            rule.asks_facts and may_fit(rule, subject)
            for action in actions
            for rule in snapshot.rules_for(action, subject.kind)
        ):
            return await self.facts(subject, session)
        return subject

    def _asker(self, session: AsyncSession | None) -> Ask:
        async def by_itself(arguments: tuple[object, ...]) -> Row:
            one = alone(arguments)
            if one is not None:
                return (await self.database.call(_ALONE_ONE, *one))[0]
            return (await self.database.call(_ALONE, *arguments))[0]

        async def inside(arguments: tuple[object, ...]) -> Row:
            assert session is not None  # noqa: S101 - chosen below
            return await db.fetch_one(session, _INSIDE, *arguments)

        return inside if session is not None else by_itself

    async def _answer(self, snapshot: Snapshot, planned: Plan, subject: Subject, ask: Ask) -> _Answer:
        """Ask with one set of counters of each group, and with the next of a group whose counters are full."""
        chosen = [0] * len(planned.groups)
        fallback: _Answer | None = None
        is_settled = planned.forbidden is not None or planned.too_large is not None
        while True:
            own = () if is_settled else planned.buckets
            sets = () if is_settled else tuple(sets[at] for sets, at in zip(planned.groups, chosen, strict=True))
            # Some rule may be about two of the actions: it counts once.
            buckets = tuple({bucket.key: bucket for bucket in (*own, *(b for found in sets for b in found))}.values())
            answer = await self._ask(snapshot, subject, buckets, ask)
            full = {answer.buckets[at].key for at in answer.refused}
            if not full:
                return answer
            fallback = _sooner(fallback, answer)
            if full & {bucket.key for bucket in own}:
                return answer
            for group, found in enumerate(sets):
                if full & {bucket.key for bucket in found}:
                    chosen[group] += 1
            if any(at >= len(planned.groups[group]) for group, at in enumerate(chosen)):
                return fallback

    async def _ask(self, snapshot: Snapshot, subject: Subject, buckets: tuple[Bucket, ...], ask: Ask) -> _Answer:
        row = await ask(arguments(snapshot, subject, buckets, is_counted=self.counters is None))
        if row["verdict"] in ("stale", "blocked") or not buckets:
            return _Answer(row, buckets, (), (), ())
        if self.counters is None:
            refused = tuple(at - 1 for at in row["refused"] or ())
            return _Answer(row, buckets, refused, tuple(row["counts"]), tuple(row["closes"]))
        wanted = [
            Counter(bucket.key, bucket.limit.most, 1, closes)
            for bucket, closes in zip(buckets, row["closes"], strict=True)
        ]
        counted = await self.counters.count(wanted, row["seen_at"])
        return _Answer(row, buckets, counted.refused, counted.counts, counted.closes)

    async def _decision(
        self, action: str, snapshot: Snapshot, planned: Plan, subject: Subject, answer: _Answer
    ) -> Decision:
        row, seen_at = answer.row, answer.row["seen_at"]
        if row["verdict"] == "blocked":
            until = row["blocked_until"]
            wait = _seconds(until - seen_at) if until else 0
            refused = Refused(Reason.BLOCKED, action, row["block_rule"], row["block_reason"], 0, wait, until)
            return await self._refuse(snapshot, subject, refused, str(row["block_id"]), seen_at)
        if planned.forbidden is not None:
            rule = planned.forbidden
            refused = Refused(Reason.DENIED, action, rule.name, rule.deny or "")
            return await self._refuse(snapshot, subject, refused, f"{seen_at:%Y-%m-%d %H}", seen_at)
        if planned.too_large is not None:
            rule = planned.too_large
            refused = Refused(Reason.TOO_LARGE, action, rule.name, rule.reason, rule.max_size or 0)
            return await self._refuse(snapshot, subject, refused, f"{seen_at:%Y-%m-%d %H}", seen_at)
        budgets = _budgets(answer, seen_at)
        if not answer.refused:
            failures = (bucket for bucket in answer.buckets if bucket.rule.counts == "failures")
            return Allowed(budgets, tuple((bucket.key, 1) for bucket in failures))
        # Trying again helps only when every limit that is reached has begun anew.
        at = max(answer.refused, key=lambda number: answer.closes[number])
        bucket, closes = answer.buckets[at], answer.closes[at]
        rule = bucket.rule
        refused = Refused(
            Reason.LIMIT, action, rule.name, rule.reason, bucket.limit.most, _seconds(closes - seen_at), closes,
            budgets=budgets,
        )  # fmt: skip
        window = f"{bucket.key} {closes.isoformat()}"
        blocking = next((answer.buckets[n].rule for n in answer.refused if answer.buckets[n].rule.block), None)
        if blocking is not None:
            block_id, until = await blocks.block_by_rule(self.database, subject, blocking, seen_at)
            window = str(block_id)
            refused = replace(refused, reason=Reason.BLOCKED, rule=blocking.name, text=blocking.reason,
                              retry_after_s=_seconds(until - seen_at), reset_at=until)  # fmt: skip
        return await self._refuse(snapshot, subject, refused, window, seen_at)

    async def _refuse(
        self, snapshot: Snapshot, subject: Subject, refused: Refused, window: str, seen_at: datetime
    ) -> Refused:
        named = f"{refused.rule}\0{subject.customer_id or subject.ip}\0{window}"
        key = UUID(bytes=hashlib.blake2b(named.encode(), digest_size=16).digest())
        is_first = await refusals.record(self.database, snapshot.version, subject, refused, key, seen_at)
        return replace(refused, is_first=is_first)


def arguments(
    snapshot: Snapshot, subject: Subject, buckets: Sequence[Bucket], *, is_counted: bool
) -> tuple[object, ...]:
    """The arguments of `admission`."""
    # Staff whose office shares an address with somebody who is blocked still come in, and can lift the block.
    is_watched = subject.ip is not None and subject.kind not in (SubjectKind.STAFF, SubjectKind.SERVICE)
    address = str(subject.ip) if is_watched else None
    return (
        snapshot.organization_id, snapshot.version, subject.customer_id, address,
        clock.offset(), is_counted,
        [bucket.key for bucket in buckets], [bucket.limit.most for bucket in buckets], [1] * len(buckets),
        [bucket.months for bucket in buckets], [bucket.seconds for bucket in buckets],
        [bucket.anchor for bucket in buckets], [bucket.zone for bucket in buckets],
    )  # fmt: skip


def _budgets(answer: _Answer, seen_at: datetime) -> tuple[Budget, ...]:
    found = []
    for bucket, count, closes in zip(answer.buckets, answer.counts, answer.closes, strict=True):
        if bucket.limit.period is not None:
            most = bucket.limit.most
            found.append(
                Budget(bucket.rule.name, most, max(0, most - count), bucket.limit.period.about_s, closes,
                       _seconds(closes - seen_at))
            )  # fmt: skip
    return tuple(found)


def _sooner(known: _Answer | None, new: _Answer) -> _Answer:
    """Of two full sets of counters, the one that has room again first."""
    if known is None:
        return new
    return min(known, new, key=lambda answer: max(answer.closes[at] for at in answer.refused))


def _seconds(left: timedelta) -> int:
    """Whole seconds after which the time has surely come."""
    return max(1, math.ceil(left.total_seconds()))
