"""The owner's figures: money, customers, requests and margins side by side (USE-2)."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import billing, identity, ledger
from kassa.core.access import Actor, Permission
from kassa.core.ledger import AccountKind
from kassa.kit import clock

from . import records

MONEY = (AccountKind.REVENUE, AccountKind.DISCOUNTS, AccountKind.REFUNDS, AccountKind.FEES)
TOKENS = (AccountKind.TOKENS_ISSUED, AccountKind.TOKENS_USED, AccountKind.TOKENS_EXPIRED)


class Totals(BaseModel):
    """Sums of a period. Money by asset in its smallest unit: what came, what went back, what providers kept."""

    revenue: dict[str, int]
    refunds: dict[str, int]
    fees: dict[str, int]
    orders: int
    paying_customers: int
    first_purchases: int
    new_customers: int
    requests: int
    failed_requests: int
    tokens_issued: int
    tokens_used: int
    tokens_expired: int
    ai_cost_micro_usd: int


class Day(BaseModel):
    """One day (UTC) of the period."""

    day: str
    revenue: dict[str, int]
    refunds: dict[str, int]
    orders: int
    new_customers: int
    active_customers: int
    requests: int
    failed_requests: int
    tokens_used: int
    ai_cost_micro_usd: int


class ModelFigures(BaseModel):
    """A model's part: what it was asked, what customers paid for it in tokens, what it cost us."""

    model: str
    kind: str
    requests: int
    failed: int
    cached: int
    charged_tokens: int
    cost_micro_usd: int
    cost_per_million_tokens_micro_usd: int | None
    latency_p50_ms: float
    latency_p95_ms: float


class PlanFigures(BaseModel):
    """What was sold of a plan."""

    plan: str
    asset: str
    orders: int
    units: int


class ProviderFigures(BaseModel):
    """Payments through a provider."""

    provider: str
    asset: str
    succeeded: int
    failed: int
    units: int
    refunded: int


class Dashboard(BaseModel):
    """The figures of a period, of the one before it for comparison, and of now."""

    since: datetime
    until: datetime
    totals: Totals
    before: Totals
    days: list[Day]
    models: list[ModelFigures]
    plans: list[PlanFigures]
    providers: list[ProviderFigures]
    active_day: int
    active_week: int
    active_month: int
    unspent_tokens: int
    customers: int


async def dashboard(session: AsyncSession, actor: Actor, days: int) -> Dashboard:
    """Everything for the last `days` days, today included. Raises Denied."""
    actor.require(Permission.DASHBOARD_VIEW)
    organization, now = actor.organization_id, clock.now()
    until = now + timedelta(seconds=1)
    since = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = await records.active(session, organization, now)
    return Dashboard(
        since=since, until=until,
        totals=await _totals(session, organization, since, until),
        before=await _totals(session, organization, since - timedelta(days=days), since),
        days=await _days(session, organization, since, until, days),
        models=[_model(row) for row in await records.by_model(session, organization, since, until)],
        plans=[PlanFigures(**row) for row in await billing.figures.by_plan(session, organization, since, until)],
        providers=[
            ProviderFigures(**row) for row in await billing.figures.by_provider(session, organization, since, until)
        ],
        active_day=asked["day"], active_week=asked["week"], active_month=asked["month"],
        unspent_tokens=await ledger.unspent_tokens(session, organization),
        customers=await identity.count_customers(session, organization),
    )  # fmt: skip


async def _totals(session: AsyncSession, organization: UUID, since: datetime, until: datetime) -> Totals:
    sums: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await ledger.turnover(session, organization, MONEY + TOKENS, since, until):
        sums[row.kind][row.asset] += row.units
    sold = await billing.figures.totals(session, organization, since, until)
    asked = await records.by_day(session, organization, since, until)
    joined = await identity.count_new(session, organization, since, until)
    sold_for = {asset: -units for asset, units in sums[AccountKind.REVENUE].items()}
    return Totals(
        revenue=_net(sold_for, sums[AccountKind.DISCOUNTS]),
        refunds=dict(sums[AccountKind.REFUNDS]), fees=dict(sums[AccountKind.FEES]),
        orders=sold["orders"], paying_customers=sold["customers"], first_purchases=sold["first_time"],
        new_customers=sum(joined.values()),
        requests=sum(row["requests"] for row in asked), failed_requests=sum(row["failed"] for row in asked),
        tokens_issued=-sums[AccountKind.TOKENS_ISSUED]["TOKEN"], tokens_used=sums[AccountKind.TOKENS_USED]["TOKEN"],
        tokens_expired=sums[AccountKind.TOKENS_EXPIRED]["TOKEN"],
        ai_cost_micro_usd=sum(row["cost_micro_usd"] for row in asked),
    )  # fmt: skip


async def _days(session: AsyncSession, organization: UUID, since: datetime, until: datetime, count: int) -> list[Day]:
    money: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in await ledger.turnover(session, organization, (*MONEY, AccountKind.TOKENS_USED), since, until):
        money[row.day.isoformat(), row.kind][row.asset] = abs(row.units)
    sold = _by_day(await billing.figures.by_day(session, organization, since, until))
    asked = _by_day(await records.by_day(session, organization, since, until))
    joined = await identity.count_new(session, organization, since, until)
    names = [(since + timedelta(days=number)).date().isoformat() for number in range(count)]
    return [
        Day(
            day=day, refunds=money[day, AccountKind.REFUNDS],
            revenue=_net(money[day, AccountKind.REVENUE], money[day, AccountKind.DISCOUNTS]),
            orders=sold[day].get("orders", 0), new_customers=joined.get(day, 0),
            active_customers=asked[day].get("active", 0), requests=asked[day].get("requests", 0),
            failed_requests=asked[day].get("failed", 0),
            tokens_used=money[day, AccountKind.TOKENS_USED].get("TOKEN", 0),
            ai_cost_micro_usd=asked[day].get("cost_micro_usd", 0),
        )
        for day in names
    ]  # fmt: skip


def _net(revenue: dict[str, int], discounts: dict[str, int]) -> dict[str, int]:
    """What customers paid: what was sold, less what their levels took off."""
    return {asset: units - discounts.get(asset, 0) for asset, units in revenue.items()}


def _by_day(rows: list[dict[str, Any]]) -> defaultdict[str, dict[str, Any]]:
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        found[row["day"].isoformat()] = row
    return found


def _model(row: dict[str, Any]) -> ModelFigures:
    charged, cost = row["charged_tokens"], row["cost_micro_usd"]
    return ModelFigures(**row, cost_per_million_tokens_micro_usd=cost * 1_000_000 // charged if charged else None)
