"""One process of a race: asks for the same customer until it has asked so often; prints how often it was allowed.

python -m tests.core.policies.racer DATABASE_URL ORGANIZATION CUSTOMER ACTION TIER TIMES
"""

import asyncio
import sys
from uuid import UUID

from kassa.core.policies import Allowed, Facts, Policies, Subject, SubjectKind
from kassa.kit import loop
from kassa.kit.db import Database


async def race(url: str, organization: str, customer: str, action: str, tier: str, times: str) -> int:
    """How many of so many requests were allowed."""
    database = Database(url, pool_size=4)
    engine = Policies(database)
    subject = Subject(UUID(organization), SubjectKind.CUSTOMER, UUID(customer), facts=Facts(tier=tier))
    left = asyncio.Semaphore(8)

    async def ask() -> bool:
        async with left:
            return isinstance(await engine.decide(action, subject), Allowed)

    allowed = sum(await asyncio.gather(*(ask() for _ in range(int(times)))))
    await database.close()
    return allowed


if __name__ == "__main__":
    sys.stdout.write(f"{loop.run(race(*sys.argv[1:]))}\n")
