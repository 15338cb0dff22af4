"""The migrations make what the models describe, also when several processes start at once."""

import asyncio
import sys

from kassa.kit import migrate, schema

PROGRAM = "import sys; from kassa.kit import migrate; migrate.upgrade(sys.argv[1])"


async def test_processes_that_migrate_at_once_leave_one_schema(empty_database_url: str) -> None:
    starters = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, empty_database_url) for _ in range(3)
    ]
    assert [await starter.wait() for starter in starters] == [0, 0, 0]
    assert await asyncio.to_thread(schema.check, empty_database_url) == ""


async def test_the_template_of_tests_is_up_to_date(database_url: str) -> None:
    assert await asyncio.to_thread(schema.check, database_url) == ""


def test_the_newest_file_is_the_newest_revision() -> None:
    """A start asks the names of the files, and not Alembic, whether anything is missing."""
    assert migrate.head() == schema.head()
