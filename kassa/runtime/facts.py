"""What rules may ask about a customer, gathered from the modules that know it, in one statement."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import billing, identity, policies
from kassa.kit import clock, db
from kassa.kit.db import Database
from kassa.runtime.levels import LevelsConfig

_QUERY = f"select f.*, ({billing.OWNED_PLANS}) as plans from ({identity.PERSON_FACTS}) f"  # noqa: S608 - our own words
_TIERS = ("free", "basic", "premium")


class Facts:
    """The source of facts of this installation."""

    def __init__(self, database: Database, levels: LevelsConfig | None) -> None:
        self._database = database
        known = levels.levels if levels else ()
        # A level is known by its name in any of the languages.
        self._tiers = {name.casefold(): level.rate_tier for level in known for name in level.name.values()}

    async def __call__(self, session: AsyncSession | None, organization_id: UUID, customer_id: UUID) -> policies.Facts:
        """The facts of a customer; those of nobody when there is no such customer."""
        arguments = (customer_id, organization_id, clock.now())
        rows: list[Any]
        if session is None:
            rows = await self._database.call(_QUERY, *arguments)
        else:
            rows = await db.fetch(session, _QUERY, *arguments)
        if not rows:
            return policies.Facts()
        row = rows[0]
        found = row["plans"] if isinstance(row["plans"], list) else orjson.loads(row["plans"])
        plans = tuple(
            policies.OwnedPlan(
                UUID(item["id"]), item["slug"], datetime.fromisoformat(item["starts_at"]),
                datetime.fromisoformat(item["ends_at"]), item["tier"],
            )
            for item in found
        )  # fmt: skip
        tiers = [plan.tier for plan in plans] + [self._tiers.get(row["level"].casefold(), "free")]
        best = max((tier for tier in tiers if tier in _TIERS), key=_TIERS.index, default="free")
        return policies.Facts(best, row["level"], row["locale"], "", plans)
