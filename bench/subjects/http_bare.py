"""The bare endpoint: FastAPI asks asyncpg for a customer's account and returns it. Nobody is authenticated, nothing is
counted, nothing is limited."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI

from kassa.core.billing.account import ACCOUNT
from kassa.kit import clock

from .serving import main, serve, setting


async def run() -> None:
    """Serve /account."""
    pool = await asyncpg.create_pool(setting("DATABASE_URL"), min_size=5, max_size=10)
    api = FastAPI()

    @api.get("/account/{organization_id}/{customer_id}")
    async def account(organization_id: UUID, customer_id: UUID) -> dict[str, Any]:
        row = await pool.fetchrow(ACCOUNT, organization_id, customer_id, clock.now())
        assert row is not None
        found: dict[str, Any] = orjson.loads(row["account"])
        return found

    await serve(api, int(setting("PORT")))
    await pool.close()


if __name__ == "__main__":
    main(run())
