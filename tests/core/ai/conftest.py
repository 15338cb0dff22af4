"""What tests of the gateway share: an organization with the seeded catalogue, and a gateway to drivers of its own."""

from uuid import UUID

import pytest

from kassa.core import ai
from kassa.kit import ids
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from tests.core.ai.fakes import Script, ScriptedDriver


@pytest.fixture
def vault() -> Vault:
    return Vault(["a key for tests only"])


@pytest.fixture
async def organization(database: Database, vault: Vault) -> UUID:
    """An organization with the seed and one key each for OpenAI, Anthropic and Gemini."""
    organization_id = ids.new()
    async with database.transaction() as session:
        await ai.seed_catalogue(session, organization_id, ai.load_catalogue())
        endpoints = [ai.EndpointSeed(name, "", f"sk-{name}-0001") for name in ("openai", "anthropic", "gemini")]
        await ai.seed_endpoints(session, organization_id, vault, endpoints)
    return organization_id


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def gateway(database: Database, vault: Vault, script: Script) -> ai.Gateway:
    driver = ScriptedDriver(script)
    drivers = {"openai_chat": driver, "anthropic": driver, "gemini": driver, "openai_responses": driver}
    return ai.Gateway(database, ai.KeyPool(database, vault), drivers)
