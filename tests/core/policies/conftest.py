"""An engine over a database of the test's own, and the organization it decides for."""

from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor, system_actor
from kassa.core.policies import Facts, Policies
from kassa.kit import ids
from kassa.kit.db import Database


class KnownFacts:
    """A source that answers what the test has told it, and counts how often it was asked."""

    def __init__(self) -> None:
        self.by_customer: dict[UUID, Facts] = {}
        self.asked = 0

    async def __call__(self, session: AsyncSession | None, organization_id: UUID, customer_id: UUID) -> Facts:
        self.asked += 1
        return self.by_customer.get(customer_id, Facts())


@pytest.fixture
def known() -> KnownFacts:
    """What is known of customers."""
    return KnownFacts()


@pytest.fixture
async def policies(database: Database, known: KnownFacts) -> Policies:
    """The engine of one process."""
    return Policies(database, known)


@pytest.fixture
def organization() -> UUID:
    """An organization that has the built-in rules."""
    return ids.new()


@pytest.fixture
def system(organization: UUID) -> Actor:
    """Kassa itself, which may everything there."""
    return system_actor(organization)
