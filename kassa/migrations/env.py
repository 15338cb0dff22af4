"""What Alembic runs for every command: it connects, takes the lock and hands over the models' tables."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kassa.kit.db import sqlalchemy_url
from kassa.runtime.tables import metadata

MIGRATION_LOCK = 0x6B61737361  # "kassa"; advisory locks are per database

# Tables that are not ours to compare: the job queue brings its own, and partitions follow their parents.
_FOREIGN_TABLES = text("SELECT relname FROM pg_class WHERE relispartition OR relname LIKE 'pgqueuer%'")


async def _run(url: str) -> None:
    engine = create_async_engine(sqlalchemy_url(url), poolclass=NullPool, connect_args={"command_timeout": None})
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


def _migrate(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    foreign = set(connection.scalars(_FOREIGN_TABLES))
    connection.commit()  # the lock is the session's; an open transaction would swallow those of the migrations
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        include_name=lambda name, kind, parents: kind != "table" or name not in foreign,
    )
    with context.begin_transaction():
        context.run_migrations()


asyncio.run(_run(context.config.attributes["url"]))
