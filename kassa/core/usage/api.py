"""Usage over HTTP: the customer's own, and the organization's for staff."""

from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, CustomerActor, StaffActor
from kassa.kit import clock
from kassa.kit.listing import Page, fetch_page
from kassa.kit.lists import ListOut, PageIn, add_list
from kassa.kit.web import ERRORS, Tx

from . import records
from .dashboard import Dashboard, dashboard
from .models import UsageRecord

router = APIRouter(prefix="/api/v1", responses=ERRORS)


class UsageOut(BaseModel):
    """One request: what it was, what came of it, what it cost the customer in tokens."""

    id: UUID
    channel: str
    kind: str
    model: str
    status: str
    error_code: str
    is_cached: bool
    input_tokens: int | None
    output_tokens: int | None
    charged_tokens: int
    latency_ms: int | None
    key_id: UUID | None
    created_at: datetime


class StaffUsageOut(UsageOut):
    """The same with who asked, and what it cost us."""

    customer_id: UUID
    bot_id: UUID | None
    cost_micro_usd: int | None


class UsageDay(BaseModel):
    """What a customer asked of a model on a day (UTC)."""

    day: date
    model: str
    requests: int
    charged_tokens: int


class UsageSummary(BaseModel):
    """A customer's usage by day and model, and its sum."""

    days: list[UsageDay]
    requests: int
    charged_tokens: int


class UsageFilters:
    """What to look for."""

    def __init__(
        self,
        customer_id: UUID | None = None,
        model: str = Query("", max_length=80),
        status: str = Query("", max_length=20),
        channel: str = Query("", max_length=20),
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> None:
        self.facts = {"customer_id": customer_id, "model": model, "status": status, "channel": channel,
                      "since": since, "until": until}  # fmt: skip


@router.get("/billing/usage", tags=["billing"])
async def get_usage(actor: CustomerActor, session: Tx, days: int = Query(30, ge=1, le=366)) -> UsageSummary:
    """What one has asked, by day and model."""
    rows = await records.of_customer(session, actor.id, clock.now() - timedelta(days=days))
    found = [UsageDay(**row) for row in rows]
    return UsageSummary(
        days=found, requests=sum(row.requests for row in found), charged_tokens=sum(row.charged_tokens for row in found)
    )


@router.get("/billing/usage/requests", tags=["billing"])
async def get_requests(actor: CustomerActor, session: Tx, page: PageIn) -> ListOut[UsageOut]:
    """One's requests, the newest first."""
    rows, after = await fetch_page(session, records.own_records(actor), page, UsageRecord.created_at, UsageRecord.id)
    return ListOut(items=[UsageOut.model_validate(row, from_attributes=True) for row in rows], next_cursor=after)


@router.get("/admin/stats", tags=["admin"])
async def get_stats(actor: StaffActor, session: Tx, days: int = Query(30, ge=1, le=366)) -> Dashboard:
    """The figures of the last days, of the same time before them, and of now."""
    return await dashboard(session, actor, days)


async def _fetch(
    session: AsyncSession, actor: Actor, filters: UsageFilters, page: Page
) -> tuple[list[StaffUsageOut], str | None]:
    wanted = records.records(actor, **filters.facts)  # type: ignore[arg-type]
    rows, after = await fetch_page(session, wanted, page, UsageRecord.created_at, UsageRecord.id)
    return [StaffUsageOut.model_validate(row, from_attributes=True) for row in rows], after


add_list(
    router, "/admin/usage", StaffUsageOut, _fetch, actor=StaffActor, filters=UsageFilters, title="Usage", tags=["admin"]
)
