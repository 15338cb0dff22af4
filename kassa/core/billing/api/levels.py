"""Customer levels over HTTP: for the customers who reach them, and for staff who see them."""

from dataclasses import asdict

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from kassa.core import identity
from kassa.core.access import CustomerActor, Permission, StaffActor
from kassa.core.billing.levels import Levels
from kassa.kit.lists import ListOut
from kassa.kit.web import ERRORS, Tx, app_of

router = APIRouter(prefix="/api/v1", responses=ERRORS)


class LevelOut(BaseModel):
    """A level: what it takes (money in kopecks), and what it brings."""

    key: str
    name: str
    spent_units: int
    referrals: int
    days: int
    discount_percent: int
    bonus_percent: int
    rate_tier: str


class OwnLevelOut(LevelOut):
    """The same, and whether it is one's own."""

    is_mine: bool


@router.get("/billing/levels", tags=["billing"])
async def get_levels(
    request: Request, actor: CustomerActor, session: Tx, locale: str = Query("en", max_length=8)
) -> ListOut[OwnLevelOut]:
    """The levels of customers, the lowest first, and one's own."""
    mine = await identity.level_of(session, actor.id)
    levels = app_of(request).get(Levels).all
    items = [OwnLevelOut(**asdict(level), name=level.name(locale), is_mine=level.key == mine) for level in levels]
    return ListOut(items=items, next_cursor=None)


@router.get("/admin/levels", tags=["admin"])
async def list_levels(
    request: Request, actor: StaffActor, locale: str = Query("en", max_length=8)
) -> ListOut[LevelOut]:
    """The installation's levels, the lowest first."""
    actor.require(Permission.CUSTOMERS_VIEW)
    items = [LevelOut(**asdict(level), name=level.name(locale)) for level in app_of(request).get(Levels).all]
    return ListOut(items=items, next_cursor=None)
