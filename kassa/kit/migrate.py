"""Bringing a database to the newest schema. From a coroutine call `upgrade` through `asyncio.to_thread`."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from kassa.kit.db import plain_url

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def upgrade(url: str) -> None:
    """Apply what is missing. Two processes may do so at once: the second waits for the first and finds it done."""
    if asyncio.run(_revision(url)) == head():
        return
    # Alembic takes half a second to load, and at nearly every start nothing is missing.
    from kassa.kit import schema  # noqa: PLC0415 - see above

    schema.upgrade(url)


def head() -> str:
    """The newest revision that this program knows: its files are numbered."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def _revision(url: str) -> str | None:
    """The revision of a database; None when it has no schema yet."""
    connection = await asyncpg.connect(plain_url(url))
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found
    finally:
        await connection.close()


def run_script(connection: Connection, name: str) -> None:
    """Run a file of migrations/sql in the migration's transaction: many statements, functions with their own quotes.

    The transaction must have begun (a table was made, say), because the driver is asked directly.
    """
    connection.execute(text("select 1"))
    script = (MIGRATIONS / "sql" / name).read_text(encoding="utf-8")
    driver: Any = connection.connection.driver_connection
    await_only(driver.execute(script))
