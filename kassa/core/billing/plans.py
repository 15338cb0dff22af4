"""What is for sale: loading the seed, listing, and changing terms by a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit, policies
from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids
from kassa.kit.errors import Conflict, Invalid, NotFound
from kassa.kit.money import EXPONENTS

from .models import BillingPlan, BillingPlanVersion
from .types import Plan, PlanTerms


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """A plan in its newest version, on sale or not."""

    slug: str
    version: int
    is_active: bool
    position: int
    terms: PlanTerms


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """The terms that a plan had from a moment on."""

    version: int
    terms: PlanTerms
    created_at: datetime


SEED = Path(__file__).parent / "catalogue.yaml"


def read_catalogue(path: Path = SEED) -> list[tuple[str, PlanTerms]]:
    """The plans of a catalogue file. Raises Invalid `billing.catalogue_invalid` naming file, key, value and rule."""
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = document["plans"]
    except (yaml.YAMLError, KeyError, TypeError, OSError) as error:
        raise Invalid("billing.catalogue_invalid", f"{path}: {error}") from error
    plans: list[tuple[str, PlanTerms]] = []
    for entry in entries:
        slug = str(entry.get("slug", ""))
        if not slug or slug in {known for known, _ in plans}:
            raise Invalid("billing.catalogue_invalid", f"{path}: slug {slug!r} is missing or not unique")
        plans.append((slug, _terms({k: v for k, v in entry.items() if k != "slug"}, f"{path}: plan {slug}")))
    return plans


async def seed_plans(session: AsyncSession, organization_id: UUID, path: Path = SEED) -> int:
    """Add the catalogue's plans that the organization does not have; the owner's changes stay. How many were added."""
    known = set(
        (await session.scalars(select(BillingPlan.slug).where(BillingPlan.organization_id == organization_id))).all()
    )
    added = 0
    for position, (slug, terms) in enumerate(read_catalogue(path)):
        if slug in known:
            continue
        plan = BillingPlan(
            id=ids.new(), organization_id=organization_id, slug=slug, position=position, is_active=True,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(plan)
        await session.flush()
        session.add(_version(plan.id, 1, terms))
        added += 1
    await session.flush()
    return added


async def list_plans(session: AsyncSession, organization_id: UUID) -> list[Plan]:
    """Every plan on sale, in the owner's order."""
    rows = await _newest(session, organization_id)
    return [
        Plan(plan.slug, version.id, version.version, PlanTerms(**version.terms))
        for plan, version in rows
        if plan.is_active
    ]


async def all_plans(session: AsyncSession, actor: Actor) -> list[StaffPlan]:
    """Every plan, on sale or not, in the owner's order. Raises Denied."""
    actor.require(Permission.PAYMENTS_VIEW)
    return [_staff_plan(plan, version) for plan, version in await _newest(session, actor.organization_id)]


async def _newest(session: AsyncSession, organization_id: UUID) -> Sequence[tuple[BillingPlan, BillingPlanVersion]]:
    newest = (
        select(BillingPlanVersion.plan_id, func.max(BillingPlanVersion.version).label("version"))
        .group_by(BillingPlanVersion.plan_id)
        .subquery()
    )
    rows = await session.execute(
        select(BillingPlan, BillingPlanVersion)
        .join(newest, newest.c.plan_id == BillingPlan.id)
        .join(
            BillingPlanVersion,
            (BillingPlanVersion.plan_id == BillingPlan.id) & (BillingPlanVersion.version == newest.c.version),
        )
        .where(BillingPlan.organization_id == organization_id)
        .order_by(BillingPlan.position, BillingPlan.slug)
    )
    return [(plan, version) for plan, version in rows]


async def visible_plans(session: AsyncSession, engine: policies.Policies, subject: policies.Subject) -> list[Plan]:
    """The plans on sale that somebody sees: those whose flag is on for them, in their channel (BIL-1)."""
    found = await list_plans(session, subject.organization_id)
    found = [plan for plan in found if not plan.terms.channels or subject.channel in plan.terms.channels]
    flags = {plan.terms.flag for plan in found if plan.terms.flag}
    on = {name for name in flags if await engine.flag(name, subject, session=session)}
    return [plan for plan in found if plan.terms.flag is None or plan.terms.flag in on]


async def get_plan(session: AsyncSession, organization_id: UUID, slug: str) -> Plan:
    """One plan on sale. Raises NotFound `billing.plan_not_found`."""
    for plan in await list_plans(session, organization_id):
        if plan.slug == slug:
            return plan
    raise NotFound("billing.plan_not_found", "No such plan", plan=slug[:80])


async def change_plan(session: AsyncSession, actor: Actor, slug: str, changes: dict[str, Any]) -> Plan:
    """Sell a plan on other terms from now on; orders placed before keep theirs. Raises as `edit_plan`."""
    await edit_plan(session, actor, slug, terms=changes)
    return await get_plan(session, actor.organization_id, slug)


async def edit_plan(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    *,
    terms: dict[str, Any] | None = None,
    is_active: bool | None = None,
    position: int | None = None,
    reason: str = "",
) -> StaffPlan:
    """Change a plan's terms (a new version), whether it is on sale, and its place in the list.

    Raises Denied, NotFound `billing.plan_not_found`, Invalid `billing.plan_invalid`.
    """
    actor.require(Permission.PLANS_EDIT)
    row = (
        await session.scalars(
            select(BillingPlan)
            .where(BillingPlan.organization_id == actor.organization_id, BillingPlan.slug == slug)
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        raise NotFound("billing.plan_not_found", "No such plan", plan=slug[:80])
    version = await _latest(session, row.id)
    before: dict[str, Any] = {"is_active": row.is_active, "position": row.position}
    if terms is not None:
        before["terms"] = {key: version.terms.get(key) for key in terms}
        changed = _terms(version.terms | terms, f"plan {slug}", "billing.plan_invalid")
        version = _version(row.id, version.version + 1, changed)
        session.add(version)
    row.is_active = row.is_active if is_active is None else is_active
    row.position = row.position if position is None else position
    await session.flush()
    after: dict[str, Any] = {"is_active": row.is_active, "position": row.position, "version": version.version}
    if terms is not None:
        after["terms"] = terms
    await audit.record(session, actor, "plan.changed", "plan", slug, before=before, after=after, reason=reason)
    return _staff_plan(row, version)


async def add_plan(session: AsyncSession, actor: Actor, slug: str, terms: dict[str, Any]) -> StaffPlan:
    """Sell something new, last in the list. Raises Denied, Invalid `billing.plan_invalid`, Conflict
    `billing.plan_exists`."""
    actor.require(Permission.PLANS_EDIT)
    checked = _terms(terms, f"plan {slug}", "billing.plan_invalid")
    known = await _newest(session, actor.organization_id)
    if slug in {plan.slug for plan, _ in known}:
        raise Conflict("billing.plan_exists", "There is a plan of this name", plan=slug)
    row = BillingPlan(
        id=ids.new(), organization_id=actor.organization_id, slug=slug, is_active=True, created_at=clock.now(),
        position=max((plan.position for plan, _ in known), default=-1) + 1,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    version = _version(row.id, 1, checked)
    session.add(version)
    await session.flush()
    await audit.record(session, actor, "plan.added", "plan", slug, after={"terms": version.terms})
    return _staff_plan(row, version)


async def versions(session: AsyncSession, actor: Actor, slug: str) -> list[PlanVersion]:
    """The history of a plan's terms, the newest first. Raises Denied, NotFound `billing.plan_not_found`."""
    actor.require(Permission.PAYMENTS_VIEW)
    rows = (
        await session.scalars(
            select(BillingPlanVersion)
            .join(BillingPlan, BillingPlan.id == BillingPlanVersion.plan_id)
            .where(BillingPlan.organization_id == actor.organization_id, BillingPlan.slug == slug)
            .order_by(BillingPlanVersion.version.desc())
        )
    ).all()
    if not rows:
        raise NotFound("billing.plan_not_found", "No such plan", plan=slug[:80])
    return [PlanVersion(row.version, PlanTerms(**row.terms), row.created_at) for row in rows]


async def _latest(session: AsyncSession, plan_id: UUID) -> BillingPlanVersion:
    return (
        await session.scalars(
            select(BillingPlanVersion)
            .where(BillingPlanVersion.plan_id == plan_id)
            .order_by(BillingPlanVersion.version.desc())
            .limit(1)
        )
    ).one()


def _staff_plan(plan: BillingPlan, version: BillingPlanVersion) -> StaffPlan:
    return StaffPlan(plan.slug, version.version, plan.is_active, plan.position, PlanTerms(**version.terms))


def _terms(entry: dict[str, Any], where: str, code: str = "billing.catalogue_invalid") -> PlanTerms:
    try:
        terms = PlanTerms(**entry)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise Invalid(code, f"{where}, {key}: {first['msg']} (got {first['input']!r})") from error
    for asset, units in terms.prices.items():
        if asset not in EXPONENTS or asset == "TOKEN" or units <= 0:
            raise Invalid(code, f"{where}, prices.{asset}: a positive whole number of {', '.join(EXPONENTS)}")
    if not terms.prices:
        raise Invalid(code, f"{where}, prices: at least one price is needed")
    return terms


def _version(plan_id: UUID, version: int, terms: PlanTerms) -> BillingPlanVersion:
    return BillingPlanVersion(
        id=ids.new(), plan_id=plan_id, version=version, terms=terms.model_dump(mode="json"), created_at=clock.now()
    )
