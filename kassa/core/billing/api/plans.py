"""Plans and prices for staff, over HTTP."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.core.billing import plans
from kassa.core.billing.types import PlanTerms
from kassa.kit.listing import Page
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class PlanOut(BaseModel):
    """A plan in its newest version."""

    slug: str
    version: int
    is_active: bool
    position: int
    terms: PlanTerms


class VersionOut(BaseModel):
    """The terms that a plan had from a moment on."""

    version: int
    terms: PlanTerms
    created_at: datetime


class NewPlan(BaseModel):
    """A plan to sell."""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")
    terms: dict[str, Any]


class PlanChange(BaseModel):
    """Other terms from now on (only what changes), and whether the plan is on sale and where it stands."""

    terms: dict[str, Any] | None = None
    is_active: bool | None = None
    position: int | None = Field(None, ge=0, le=10_000)
    reason: str = Field("", max_length=500)


async def _fetch(session: AsyncSession, actor: Actor, _filters: Any, _page: Page) -> tuple[list[PlanOut], str | None]:
    return [_out(item) for item in await plans.all_plans(session, actor)], None


add_list(router, "/plans", PlanOut, _fetch, actor=StaffActor, title="Plans")


@router.post("/plans", status_code=201)
async def post_plan(body: NewPlan, actor: StaffActor, session: Tx) -> PlanOut:
    """Sell something new."""
    return _out(await plans.add_plan(session, actor, body.slug, body.terms))


@router.put("/plans/{slug}")
async def put_plan(slug: str, body: PlanChange, actor: StaffActor, session: Tx) -> PlanOut:
    """Sell a plan on other terms from now on; orders placed before keep theirs."""
    changed = await plans.edit_plan(
        session, actor, slug, terms=body.terms, is_active=body.is_active, position=body.position, reason=body.reason
    )
    return _out(changed)


@router.get("/plans/{slug}/versions")
async def get_versions(slug: str, actor: StaffActor, session: Tx) -> ListOut[VersionOut]:
    """The history of a plan's terms, the newest first."""
    found = await plans.versions(session, actor, slug)
    return ListOut(items=[VersionOut.model_validate(item, from_attributes=True) for item in found], next_cursor=None)


def _out(item: plans.StaffPlan) -> PlanOut:
    return PlanOut.model_validate(item, from_attributes=True)
