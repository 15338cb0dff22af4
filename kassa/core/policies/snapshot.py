"""Everything that decides in one organization, as one process holds it: rules, flags, experiments, word lists.

A snapshot is never out of date unnoticed: its version goes into the statement that counts, and that statement refuses
to decide by an old one.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from kassa.kit.db import Database

from .audience import Audience
from .matching import why_not
from .rules import Document, Rule, default_source, read_rules
from .types import Subject, SubjectKind
from .words import WordList

_LOAD = """
select coalesce(h.version, 0) as version, coalesce(h.rules_number, 0) as number,
    (select r.source from policies_rules r
     where r.organization_id = o.id and r.number = h.rules_number) as source,
    (select coalesce(json_agg(json_build_object('name', f.name, 'is_on', f.is_on, 'audience', f.audience)), '[]')
     from policies_flag f where f.organization_id = o.id) as flags,
    (select coalesce(json_agg(json_build_object('id', e.id, 'name', e.name, 'goal', e.goal, 'variants', e.variants,
        'audience', e.audience)), '[]')
     from policies_experiment e where e.organization_id = o.id and e.status = 'running') as experiments,
    (select coalesce(json_agg(json_build_object('name', w.name, 'reason', w.reason, 'words', w.words)), '[]')
     from policies_words w where w.organization_id = o.id and w.is_on) as words
from (select $1::uuid as id) o left join policies_head h on h.organization_id = o.id
"""
MAX_SNAPSHOTS = 1000
"""How many organizations' policies a process holds."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A running experiment."""

    id: UUID
    name: str
    goal: str
    variants: tuple[tuple[str, int], ...]
    """Names and weights."""
    audience: Audience


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is in force in one organization at one version."""

    organization_id: UUID
    version: int
    document: Document
    flags: dict[str, Audience | None]
    """For whom a flag is on; None when it is off."""
    experiments: dict[str, Experiment]
    words: tuple[WordList, ...]
    number: int = 0
    _by_action: dict[tuple[str, SubjectKind], tuple[Rule, ...]] = field(default_factory=dict, repr=False)

    def rules_for(self, action: str, kind: SubjectKind) -> tuple[Rule, ...]:
        """The enabled rules about an action that may be about subjects of a kind, in the document's order."""
        found = self._by_action.get((action, kind))
        if found is None:
            anybody = Subject(self.organization_id, kind)
            found = tuple(
                rule
                for rule in self.document.rules
                if rule.enabled and rule.covers(action) and (rule.asks_more or not why_not(rule, anybody, _off))
            )
            self._by_action[action, kind] = found
        return found

    def flag_is_on(self, name: str, subject: Subject) -> bool:
        """Whether a flag is on for a subject; a flag that nobody made is off."""
        audience = self.flags.get(name)
        return audience is not None and audience.has(subject, name)


class Snapshots:
    """The snapshots of this process; the least used is dropped first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: OrderedDict[UUID, Snapshot] = OrderedDict()

    async def get(self, organization_id: UUID) -> Snapshot:
        """The snapshot as this process has it: possibly older than the database's."""
        found = self._held.get(organization_id)
        if found is None:
            return await self.load(organization_id)
        self._held.move_to_end(organization_id)
        return found

    async def load(self, organization_id: UUID) -> Snapshot:
        """Read it anew: one statement, so that all of it is of one version."""
        row = (await self._database.call(_LOAD, organization_id))[0]
        snapshot = _snapshot(organization_id, dict(row))
        self._held[organization_id] = snapshot
        while len(self._held) > MAX_SNAPSHOTS:
            self._held.popitem(last=False)
        return snapshot

    async def current(self, organization_id: UUID) -> Snapshot:
        """The snapshot that is in force now: for reads that count nothing. One small statement when it is held."""
        held = self._held.get(organization_id)
        if held is not None:
            query = "select version from policies_head where organization_id = $1"
            rows = await self._database.call(query, organization_id)
            if (rows[0]["version"] if rows else 0) == held.version:
                return held
        return await self.load(organization_id)


def draft(snapshot: Snapshot, document: Document) -> Snapshot:
    """The same organization with other rules: what an unsaved draft would decide."""
    return Snapshot(
        snapshot.organization_id, snapshot.version, document, snapshot.flags, snapshot.experiments, snapshot.words
    )


def _off(_flag: str) -> bool:
    return False


@cache
def default_document() -> Document:
    """The built-in rules."""
    return read_rules(default_source())


def _snapshot(organization_id: UUID, row: dict[str, Any]) -> Snapshot:
    flags = {
        flag["name"]: Audience(**flag["audience"]) if flag["is_on"] else None for flag in orjson.loads(row["flags"])
    }
    experiments = [
        Experiment(
            UUID(item["id"]), item["name"], item["goal"],
            tuple((variant["name"], variant["weight"]) for variant in item["variants"]), Audience(**item["audience"]),
        )
        for item in orjson.loads(row["experiments"])
    ]  # fmt: skip
    words = tuple(WordList(item["name"], item["reason"], tuple(item["words"])) for item in orjson.loads(row["words"]))
    document = default_document() if row["source"] is None else read_rules(row["source"])
    return Snapshot(
        organization_id, row["version"], document, flags, {item.name: item for item in experiments}, words,
        row["number"],
    )  # fmt: skip
