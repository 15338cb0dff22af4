"""Experiments: variants that stick to their people, exposures, conversions, and a table that says what they are worth
(POL-5)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor, Permission
from kassa.kit import clock, db, ids
from kassa.kit.errors import Conflict, Invalid, NotFound

from .audience import Audience, share
from .engine import Policies
from .models import PoliciesExperiment, PoliciesExposure
from .types import Subject
from .versions import touch

DRAFT, RUNNING, STOPPED = "draft", "running", "stopped"
Z95 = 1.959964
"""Of a normal distribution, 95 % lie within so many standard deviations."""

# The first look decides for good: a later change of the shares moves nobody.
_EXPOSE = """
with known as (
    select variant from policies_exposure where experiment_id = $1 and subject_id = $2
), added as (
    insert into policies_exposure (experiment_id, subject_id, variant, exposed_at, value)
    select $1, $2, $3, $4, 0 where not exists (select 1 from known)
    on conflict (experiment_id, subject_id) do nothing returning variant
)
select variant from added union all select variant from known
"""


class Variant(BaseModel):
    """One of the things that are compared; its weight is its share among the others' weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    weight: int = Field(default=1, ge=1, le=10_000)


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """An experiment as staff see it; the first variant is what the others are compared with."""

    id: UUID
    name: str
    note: str
    goal: str
    variants: tuple[Variant, ...]
    audience: Audience
    status: str
    created_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the result table. Rates are parts of 1; the interval holds the true rate in 95 cases of 100."""

    variant: str
    exposed: int
    converted: int
    value: int
    rate: float
    low: float
    high: float
    lift: float | None
    """By how much the rate is above the first variant's, as a part of it; None for the first variant itself."""
    p_value: float | None
    """How likely so large a difference is by chance alone; None when there is nothing to compare yet."""


async def variant_of(session: AsyncSession, engine: Policies, name: str, subject: Subject) -> str | None:
    """The variant that a customer sees; None when the experiment does not run or is not for them.

    The first look is the exposure, recorded in the session's transaction, and it sticks.
    """
    experiment = (await engine.snapshots.current(subject.organization_id)).experiments.get(name)
    if experiment is None or subject.customer_id is None:
        return None
    known = await engine.facts(subject, session) if experiment.audience.asks_facts else subject
    if not experiment.audience.has(known, f"{name}:audience"):
        return None
    place = share(f"{experiment.id}:variant", subject.customer_id) * sum(weight for _, weight in experiment.variants)
    chosen = experiment.variants[-1][0]
    for variant, weight in experiment.variants:
        if place < weight:
            chosen = variant
            break
        place -= weight
    while True:
        rows = await db.fetch(session, _EXPOSE, experiment.id, subject.customer_id, chosen, clock.now())
        if rows:  # none: another transaction has just exposed them, and this statement began before its commit
            return str(rows[0]["variant"])


async def convert(session: AsyncSession, organization_id: UUID, customer_id: UUID, goal: str, value: int = 0) -> int:
    """A customer reached a goal: counted once in every running experiment about it that they were exposed to."""
    running = select(PoliciesExperiment.id).where(
        PoliciesExperiment.organization_id == organization_id,
        PoliciesExperiment.goal == goal,
        PoliciesExperiment.status == RUNNING,
    )
    reached = await session.scalars(
        update(PoliciesExposure)
        .where(
            PoliciesExposure.experiment_id.in_(running), PoliciesExposure.subject_id == customer_id,
            PoliciesExposure.converted_at.is_(None),
        )
        .values(converted_at=clock.now(), value=value)
        .returning(PoliciesExposure.experiment_id)
    )  # fmt: skip
    return len(reached.all())


def experiments(actor: Actor, status: str = "") -> Select[PoliciesExperiment]:
    """The organization's experiments, in no order yet. Raises Denied."""
    actor.require(Permission.POLICIES_VIEW)
    found = select(PoliciesExperiment).where(PoliciesExperiment.organization_id == actor.organization_id)
    return found.where(PoliciesExperiment.status == status) if status else found


async def add_experiment(
    session: AsyncSession,
    actor: Actor,
    name: str,
    *,
    goal: str,
    variants: Sequence[Variant],
    audience: Audience,
    note: str = "",
) -> ExperimentInfo:
    """Write an experiment; it begins when it is started.

    Raises Denied, Invalid `policies.experiment_invalid`, Conflict `policies.experiment_exists`.
    """
    actor.require(Permission.POLICIES_EDIT)
    names = [variant.name for variant in variants]
    if len(names) < 2 or len(set(names)) != len(names):
        raise Invalid("policies.experiment_invalid", "An experiment compares two variants or more, each with its name")
    known = await session.scalar(experiments(actor).where(PoliciesExperiment.name == name))
    if known is not None:
        raise Conflict("policies.experiment_exists", "There is an experiment of this name", name=name)
    row = PoliciesExperiment(
        id=ids.new(), organization_id=actor.organization_id, name=name, note=note, goal=goal,
        variants=[variant.model_dump() for variant in variants], audience=audience.model_dump(mode="json"),
        status=DRAFT, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await audit.record(
        session, actor, "policies.experiment_added", "experiment", row.id,
        after={"name": name, "goal": goal, "variants": row.variants, "audience": row.audience},
    )  # fmt: skip
    return experiment_of(row)


async def start(session: AsyncSession, actor: Actor, experiment_id: UUID) -> ExperimentInfo:
    """Begin. Raises Denied, NotFound `policies.experiment_not_found`, Conflict `policies.experiment_state`."""
    return await _change(session, actor, experiment_id, DRAFT, RUNNING)


async def stop(session: AsyncSession, actor: Actor, experiment_id: UUID) -> ExperimentInfo:
    """End for good: nobody sees variants any more, and the results stay. Raises as `start`."""
    return await _change(session, actor, experiment_id, RUNNING, STOPPED)


async def results(session: AsyncSession, actor: Actor, experiment_id: UUID) -> list[Result]:
    """The result table, in the order of the variants. Raises Denied, NotFound `policies.experiment_not_found`."""
    actor.require(Permission.POLICIES_VIEW)
    experiment = experiment_of(await _get(session, actor, experiment_id))
    rows = await session.execute(
        select(
            PoliciesExposure.variant, func.count(), func.count(PoliciesExposure.converted_at),
            func.coalesce(func.sum(PoliciesExposure.value), 0),
        )
        .where(PoliciesExposure.experiment_id == experiment_id)
        .group_by(PoliciesExposure.variant)
    )  # fmt: skip
    counted = {variant: (exposed, converted, int(value)) for variant, exposed, converted, value in rows}
    base = counted.get(experiment.variants[0].name, (0, 0, 0))
    found = []
    for number, variant in enumerate(experiment.variants):
        exposed, converted, value = counted.get(variant.name, (0, 0, 0))
        low, high = wilson(converted, exposed)
        rate = converted / exposed if exposed else 0.0
        base_rate = base[1] / base[0] if base[0] else 0.0
        lift = rate / base_rate - 1 if number and base_rate and exposed else None
        p_value = chance(converted, exposed, base[1], base[0]) if number else None
        found.append(Result(variant.name, exposed, converted, value, rate, low, high, lift, p_value))
    return found


def wilson(converted: int, exposed: int) -> tuple[float, float]:
    """Wilson's interval of a rate at 95 %: honest for few people, where a plain one would leave 0 or 1."""
    if not exposed:
        return 0.0, 1.0
    rate, z = converted / exposed, Z95
    middle = rate + z * z / (2 * exposed)
    spread = z * math.sqrt(rate * (1 - rate) / exposed + z * z / (4 * exposed * exposed))
    scale = 1 + z * z / exposed
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def chance(converted: int, exposed: int, base_converted: int, base_exposed: int) -> float | None:
    """How likely so large a difference of two rates is by chance alone (two-sided z-test); None without data."""
    if not exposed or not base_exposed:
        return None
    pooled = (converted + base_converted) / (exposed + base_exposed)
    error = math.sqrt(pooled * (1 - pooled) * (1 / exposed + 1 / base_exposed))
    if not error:
        return None
    return math.erfc(abs(converted / exposed - base_converted / base_exposed) / error / math.sqrt(2))


async def _change(session: AsyncSession, actor: Actor, experiment_id: UUID, old: str, new: str) -> ExperimentInfo:
    actor.require(Permission.POLICIES_EDIT)
    await touch(session, actor.organization_id)
    row = await _get(session, actor, experiment_id)
    if row.status != old:
        raise Conflict("policies.experiment_state", f"The experiment is {row.status}", status=row.status)
    row.status = new
    if new == RUNNING:
        row.started_at = clock.now()
    else:
        row.stopped_at = clock.now()
    await session.flush()
    await audit.record(
        session, actor, "policies.experiment_changed", "experiment", row.id, before={"status": old},
        after={"status": new},
    )  # fmt: skip
    return experiment_of(row)


async def _get(session: AsyncSession, actor: Actor, experiment_id: UUID) -> PoliciesExperiment:
    row = await session.get(PoliciesExperiment, experiment_id)
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound("policies.experiment_not_found", "There is no such experiment")
    return row


def experiment_of(row: PoliciesExperiment) -> ExperimentInfo:
    """A row as it leaves the module."""
    variants: list[dict[str, Any]] = row.variants
    return ExperimentInfo(
        row.id, row.name, row.note, row.goal, tuple(Variant(**variant) for variant in variants),
        Audience(**row.audience), row.status, row.created_at, row.started_at, row.stopped_at,
    )  # fmt: skip
