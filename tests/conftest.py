"""Every test speaks to a real PostgreSQL: one server for the whole run, one database for each test that asks."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from kassa.kit import ids, migrate
from kassa.kit.db import Database, plain_url
from kassa.kit.postgres import EmbeddedPostgres

_OUTSIDE_SERVER = "KASSA_TEST_DATABASE_URL"  # its role needs CREATEDB
_SERVER_DIR = "KASSA_TEST_SERVER_DIR"  # set here by the main process, read by the workers of xdist


@dataclass(frozen=True)
class Server:
    """The test server: who may make databases, who owns them, and the migrated one that tests get a copy of."""

    admin_url: str
    owner_url: str
    template: str

    def url_of(self, name: str) -> str:
        """The URL of one database for its owner."""
        return make_url(self.owner_url).set(database=name).render_as_string(hide_password=False)

    async def run(self, *statements: str) -> None:
        """Run statements that make or drop databases."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def clone(self) -> str:
        """A fresh copy of the migrated database; answers its name."""
        name = f"kassa_test_{ids.new().hex}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" OWNER "{self._owner}"')
        return name

    async def drop(self, name: str) -> None:
        """Drop a copy, and whoever is still connected to it."""
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def make_template(self) -> None:
        """Make the migrated database unless a worker, or an earlier run of the same migrations, has."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute("SELECT pg_advisory_lock(1)")
            if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", self.template):
                return
            unfinished = f"{self.template}_unfinished"
            await connection.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{unfinished}" OWNER "{self._owner}"')
            await asyncio.to_thread(migrate.upgrade, self.url_of(unfinished))
            await connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.template}"')
        finally:
            await connection.close()

    @property
    def _owner(self) -> str:
        return str(make_url(self.owner_url).username)


# Helpers of the flows assert, and several folders import them: they are told here, before anybody does.
pytest.register_assert_rewrite("tests.flows.installation", "tests.flows.phone", "tests.flows.steps")


def pytest_configure(config: pytest.Config) -> None:
    """The main process names the folder of the server; whoever needs the server first starts it."""
    if os.environ.get(_OUTSIDE_SERVER) or hasattr(config, "workerinput"):
        return
    os.environ[_SERVER_DIR] = tempfile.mkdtemp(prefix="kassa-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The main process leaves nothing behind, even when a worker was killed."""
    if os.environ.get(_OUTSIDE_SERVER) or hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(_SERVER_DIR))
    if (folder / "cluster" / "postmaster.pid").exists():
        server = EmbeddedPostgres(folder, fast=True)
        server.start()
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def test_server() -> Iterator[Server]:
    """The server with the migrated template database."""
    digest = hashlib.sha256()
    for file in sorted(migrate.MIGRATIONS.rglob("*")):
        if file.suffix in {".py", ".sql"}:
            digest.update(file.read_bytes())
    template = f"kassa_template_{digest.hexdigest()[:16]}"
    outside = os.environ.get(_OUTSIDE_SERVER)
    if outside:
        server = Server(plain_url(outside), plain_url(outside), template)
        asyncio.run(server.make_template())
        yield server
        return
    with EmbeddedPostgres(Path(os.environ[_SERVER_DIR]), fast=True) as postgres:
        server = Server(postgres.superuser_url, postgres.url, template)
        asyncio.run(server.make_template())
        yield server


@pytest.fixture
async def database_url(test_server: Server) -> AsyncIterator[str]:
    """A migrated database of this test alone."""
    name = await test_server.clone()
    yield test_server.url_of(name)
    await test_server.drop(name)


@pytest.fixture
async def empty_database_url(test_server: Server) -> AsyncIterator[str]:
    """A database without any table, for tests of the migrations themselves."""
    name = f"kassa_test_{ids.new().hex}"
    owner = make_url(test_server.owner_url).username
    await test_server.run(f'CREATE DATABASE "{name}" OWNER "{owner}"')
    yield test_server.url_of(name)
    await test_server.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, opened as the product opens it."""
    database = Database(database_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A running server of this test alone, to be stopped and started. Not below pytest's folder, which every other
    session of pytest closes to the user that the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix="kassa-tests-"))
    server = EmbeddedPostgres(folder / "postgres", fast=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
