"""One running installation for the flows of a module: every flow has people of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, installed


@pytest.fixture(scope="module")
def place(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All roles in one process, with the sandbox."""
    with installed(test_server, tmp_path_factory.mktemp("kassa")) as place:
        yield place


@pytest.fixture
def place_alone(test_server: Server, tmp_path: Path) -> Iterator[Installation]:
    """An installation of this test alone."""
    with installed(test_server, tmp_path) as place:
        yield place


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that keeps no connection: flows restart the server behind its back."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield session


@pytest.fixture
async def checked(place: Installation) -> AsyncIterator[Installation]:
    """The module's installation; when the flow is over, everything in it must be in order."""
    yield place
    await place.check()
