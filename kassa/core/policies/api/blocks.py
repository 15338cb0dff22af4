"""Blocks of customers and addresses: the panel's routes (POL-4, IDN-7)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, StaffActor
from kassa.core.policies import blocks
from kassa.core.policies.models import PoliciesBlock
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import add_list
from kassa.kit.web import ERRORS, Tx

router = APIRouter(prefix="/api/v1/admin", tags=["admin"], responses=ERRORS)


class BlockOut(BaseModel):
    """Who gets no service, why, and until when (null is for ever). `rule` blocked by itself when it is not empty."""

    id: UUID
    customer_id: UUID | None
    network: str | None
    reason: str
    rule: str
    until: datetime | None
    is_live: bool
    created_by: UUID | None
    created_at: datetime
    lifted_at: datetime | None
    lifted_by: UUID | None
    lift_reason: str


class BlockIn(BaseModel):
    """A customer, or an address or network like 203.0.113.0/24."""

    customer_id: UUID | None = None
    network: str = Field(default="", max_length=64)
    reason: str = Field(min_length=1, max_length=500)
    until: AwareDatetime | None = None


class LiftIn(BaseModel):
    """Why a block is lifted."""

    reason: str = Field(min_length=1, max_length=500)


class BlockFilters:
    """What to look for."""

    def __init__(
        self,
        customer_id: UUID | None = None,
        network: str = Query("", max_length=64, description="Blocks that touch this address or network"),
        live: bool | None = Query(None, description="Only those in force, or only those that are over"),
    ) -> None:
        self.facts: dict[str, Any] = {"customer_id": customer_id, "network": network, "live": live}


async def _fetch(
    session: AsyncSession, actor: Actor, filters: BlockFilters, page: Page
) -> tuple[list[BlockOut], str | None]:
    wanted = blocks.blocks(actor, **filters.facts)
    rows, after = await fetch_page(session, wanted, page, PoliciesBlock.created_at, PoliciesBlock.id)
    return [_out(blocks.block_of(row)) for row in rows], after


add_list(router, "/blocks", BlockOut, _fetch, actor=StaffActor, filters=BlockFilters, title="Blocks")


@router.post("/blocks", status_code=201)
async def post_block(body: BlockIn, actor: StaffActor, session: Tx) -> BlockOut:
    """Give a customer or a network no service, from the next request on."""
    made = await blocks.block(
        session, actor, reason=body.reason, customer_id=body.customer_id, network=body.network, until=body.until
    )
    return _out(made)


@router.post("/blocks/{block_id}/lift")
async def lift_block(block_id: UUID, body: LiftIn, actor: StaffActor, session: Tx) -> BlockOut:
    """Lift a block, from the next request on; it stays in the history."""
    return _out(await blocks.unblock(session, actor, block_id, body.reason))


def _out(found: blocks.Block) -> BlockOut:
    return BlockOut.model_validate(found, from_attributes=True)
