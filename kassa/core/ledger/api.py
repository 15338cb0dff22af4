"""A customer's tokens, and the ledger's checks, for staff over HTTP."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import identity
from kassa.core.access import Actor, Permission, StaffActor
from kassa.kit.errors import Invalid
from kassa.kit.listing import Page, decode_cursor, encode_cursor
from kassa.kit.lists import ListOut, add_list
from kassa.kit.web import ERRORS, Tx

from . import adjustments, service
from .types import Balance

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class GrantOut(BaseModel):
    """Units that came together and lapse together."""

    amount: int
    remaining: int
    held: int
    source: str
    reference: str
    expires_at: datetime | None
    created_at: datetime


class BalanceOut(BaseModel):
    """What a customer has of an asset."""

    asset: str
    available: int
    held: int
    grants: list[GrantOut]


class MovementOut(BaseModel):
    """One entry of a customer's account."""

    id: int
    transaction_id: UUID
    kind: str
    reference: str
    asset: str
    units: int
    created_at: datetime


class AdjustmentIn(BaseModel):
    """How many tokens to give (or, negative, to take), for how long, and why."""

    units: int
    days: int | None = Field(None, ge=1, le=3650)
    reason: str = Field(min_length=1, max_length=500)


class _Of:
    """Whose movements."""

    def __init__(self, customer_id: UUID) -> None:
        self.customer_id = customer_id


@router.get("/customers/{customer_id}/balances")
async def get_balances(customer_id: UUID, actor: StaffActor, session: Tx) -> ListOut[BalanceOut]:
    """What a customer has, grant by grant."""
    actor.require(Permission.CUSTOMERS_VIEW)
    await identity.get_customer(session, actor.organization_id, customer_id)
    found = await service.balances(session, actor.organization_id, customer_id)
    return ListOut(items=[_out(item) for item in found], next_cursor=None)


@router.post("/customers/{customer_id}/tokens", status_code=201)
async def post_adjustment(
    customer_id: UUID,
    body: AdjustmentIn,
    actor: StaffActor,
    session: Tx,
    idempotency_key: str = Header(min_length=1, max_length=200),
) -> BalanceOut:
    """Give a customer tokens, or take free ones."""
    balance = await adjustments.adjust(session, actor, customer_id, body.units, body.reason, idempotency_key, body.days)
    return _out(balance)


async def _fetch(session: AsyncSession, actor: Actor, of: _Of, page: Page) -> tuple[list[MovementOut], str | None]:
    actor.require(Permission.CUSTOMERS_VIEW)
    await identity.get_customer(session, actor.organization_id, of.customer_id)
    before: Any = decode_cursor(page.cursor)[0] if page.cursor else None
    if before is not None and type(before) is not int:
        raise Invalid("request.cursor_invalid", "This cursor is not one of ours")
    found = await adjustments.movements(session, actor.organization_id, of.customer_id, page.limit + 1, before)
    items = [MovementOut.model_validate(item, from_attributes=True) for item in found[: page.limit]]
    return items, encode_cursor(items[-1].id) if len(found) > page.limit else None


add_list(
    router, "/customers/{customer_id}/movements", MovementOut, _fetch, actor=StaffActor, filters=_Of, title="Movements"
)


def _out(balance: Balance) -> BalanceOut:
    return BalanceOut.model_validate(balance, from_attributes=True)
