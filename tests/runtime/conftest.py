"""One running installation for all tests of the HTTP edge, and clients of it."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, installed
from tests.runtime.web import Caller


@pytest.fixture(scope="session")
def site(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All roles in one process."""
    with installed(test_server, tmp_path_factory.mktemp("kassa")) as place:
        yield place


@pytest.fixture
async def http(site: Installation) -> AsyncIterator[aiohttp.ClientSession]:
    """A client whose addresses begin at the installation."""
    async with aiohttp.ClientSession(base_url=site.base) as session:
        yield session


@pytest.fixture
async def owner(site: Installation, http: aiohttp.ClientSession) -> Caller:
    """The owner, signed in."""
    return Caller(http, (await site.owner(http))["Authorization"].removeprefix("Bearer "))
