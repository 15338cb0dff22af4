"""What is for sale: loading the seed, listing, and changing terms by a new version."""

from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, Permission
from kassa.kit import clock, ids
from kassa.kit.errors import Invalid, NotFound
from kassa.kit.money import EXPONENTS

from .models import BillingPlan, BillingPlanVersion
from .types import Plan, PlanTerms

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
        .where(BillingPlan.organization_id == organization_id, BillingPlan.is_active)
        .order_by(BillingPlan.position)
    )
    return [Plan(plan.slug, version.id, version.version, PlanTerms(**version.terms)) for plan, version in rows]


async def get_plan(session: AsyncSession, organization_id: UUID, slug: str) -> Plan:
    """One plan on sale. Raises NotFound `billing.plan_not_found`."""
    for plan in await list_plans(session, organization_id):
        if plan.slug == slug:
            return plan
    raise NotFound("billing.plan_not_found", "No such plan", plan=slug[:80])


async def change_plan(session: AsyncSession, actor: Actor, slug: str, changes: dict[str, Any]) -> Plan:
    """Sell a plan on other terms from now on; orders placed before keep theirs.

    Raises Denied, NotFound `billing.plan_not_found`, Invalid `billing.plan_invalid`.
    """
    actor.require(Permission.PLANS_EDIT)
    plan = await get_plan(session, actor.organization_id, slug)
    terms = _terms(plan.terms.model_dump(mode="json") | changes, f"plan {slug}", "billing.plan_invalid")
    row = (
        await session.scalars(
            select(BillingPlan)
            .where(BillingPlan.organization_id == actor.organization_id, BillingPlan.slug == slug)
            .with_for_update()
        )
    ).one()
    version = _version(row.id, plan.version + 1, terms)
    session.add(version)
    await session.flush()
    return Plan(slug, version.id, version.version, terms)


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
