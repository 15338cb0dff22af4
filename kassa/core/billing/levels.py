"""Customer levels: what it takes to reach one, and what it brings (IDN-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import identity
from kassa.kit import clock, db
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.money import divide

# What a customer has spent (what was given back does not count), and since when they are here.
_STANDING = """
select c.id, c.level, c.created_at,
       coalesce(sum(p.units - p.refunded_units) filter (where p.asset = 'RUB'), 0)::bigint as spent
from identity_customer c left join billing_order o on o.customer_id = c.id
left join billing_payment p on p.order_id = o.id and p.status in ('succeeded', 'partially_refunded', 'refunded')
where {where}
group by c.id
"""
_ONE = _STANDING.format(where="c.id = $1")
# After their first payment people only move up by time, so who has paid or has a level is all that is looked at daily.
_ALL = _STANDING.format(
    where="c.merged_into is null and c.id > $1 and (c.level <> '' or exists "
    "(select 1 from billing_order x where x.customer_id = c.id and x.paid_at is not null))"
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level. `spent_units` are kopecks; all thresholds have to be reached."""

    key: str
    names: dict[str, str]
    spent_units: int = 0
    referrals: int = 0
    days: int = 0
    discount_percent: int = 0
    bonus_percent: int = 0
    rate_tier: str = "free"

    def name(self, locale: str) -> str:
        """The name in a language."""
        return self.names.get(locale) or self.key


class Levels:
    """The installation's levels, the lowest first; without any, nobody has one."""

    def __init__(self, levels: Sequence[Level] = ()) -> None:
        self.all = tuple(levels)

    def find(self, key: str) -> Level | None:
        """A level by its key."""
        return next((level for level in self.all if level.key == key), None)

    def reached(self, spent_units: int, days: int, referrals: int) -> str:
        """The key of the highest level whose thresholds are all reached; empty when there is none."""
        found = ""
        for level in self.all:
            if spent_units >= level.spent_units and days >= level.days and referrals >= level.referrals:
                found = level.key
        return found


@dataclass(frozen=True, slots=True)
class Perks:
    """What a customer's level brings to one purchase."""

    discount_percent: int = 0
    bonus_percent: int = 0

    def discount(self, units: int) -> int:
        """How much less is paid; a price never becomes nothing."""
        return min(divide(units, self.discount_percent, 100), units - 1)

    def bonus(self, tokens: int) -> int:
        """How many tokens come on top."""
        return divide(tokens, self.bonus_percent, 100)


async def perks_of(session: AsyncSession, levels: Levels, customer_id: UUID) -> Perks:
    """What the customer's present level brings."""
    level = levels.find(await identity.level_of(session, customer_id))
    return Perks(level.discount_percent, level.bonus_percent) if level else Perks()


async def recalculate(app: App, customer_id: str, **_event: Any) -> None:
    """Job: find a customer's level after a purchase or a refund."""
    async with app.get(Database).transaction() as session:
        await _apply(session, app.get(Levels), await db.fetch(session, _ONE, UUID(customer_id)))


async def recalculate_all(app: App) -> None:
    """Job: find everybody's level, because days pass."""
    last = UUID(int=0)
    while True:
        async with app.get(Database).transaction() as session:
            rows = await db.fetch(session, f"{_ALL} order by c.id limit 500", last)
            await _apply(session, app.get(Levels), rows)
        if len(rows) < 500:
            return
        last = UUID(str(rows[-1]["id"]))


async def _apply(session: AsyncSession, levels: Levels, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        days = (clock.now() - row["created_at"]) // timedelta(days=1)
        reached = levels.reached(row["spent"], days, 0)
        if reached != row["level"]:
            await identity.set_level(session, UUID(str(row["id"])), reached)
