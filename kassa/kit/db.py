"""PostgreSQL: the engine, the one way to open a transaction, and the base of every table."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import BigInteger, DateTime, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table. A module's tables carry its name as a prefix and never leave it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as a plain class attribute
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        UUID: Uuid,
        int: BigInteger,
        str: Text,
    }


def sqlalchemy_url(url: str) -> str:
    """A plain postgresql:// address as SQLAlchemy's asyncpg dialect wants it."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The same address for asyncpg itself and for PostgreSQL's tools."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Database:
    """One database: `transaction()` is one business fact, committed at the end of the block."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        reserve: int = 20,
        session_info: Mapping[str, Any] | None = None,
    ) -> None:
        self.url = plain_url(url)
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            # No overflow: a connection beyond the size would be opened and closed for every single use.
            pool_size=pool_size + reserve,
            max_overflow=0,
            pool_use_lifo=True,
            pool_timeout=30,
            # A restart of PostgreSQL leaves dead connections in the pool; asking first costs one round trip
            # and saves a request that would fail.
            pool_pre_ping=False,
            json_serializer=lambda value: orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode(),
            json_deserializer=orjson.loads,
            connect_args={"timeout": 10, "command_timeout": 60},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info=dict(session_info or {}))
        self._calls = Calls(self.url, pool_size)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction; commit when the block ends, roll back when it raises."""
        async with self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def transaction_if_needed(self) -> AsyncIterator["LazyTransaction"]:
        """As `transaction`, but nothing is opened until the block asks for the session."""
        lazy = LazyTransaction(self._sessions)
        try:
            yield lazy
            if lazy.is_open:
                await lazy.session.commit()
        finally:
            if lazy.is_open:
                # Rolls back what was not committed; a cancelled task still gives its connection back.
                await asyncio.shield(asyncio.ensure_future(lazy.session.close()))

    async def call(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Run one statement that is a whole fact by itself, committed when it returns: for hot paths.

        It takes one round trip where a transaction takes three. JSON goes in and comes out as text.
        """
        return await self._calls.fetch(query, *arguments)

    async def ping(self) -> str:
        """The server's version; raises when it does not answer."""
        async with self.engine.connect() as connection:
            return str(await connection.scalar(text("show server_version")))

    async def close(self) -> None:
        """Close the pool."""
        await self.engine.dispose()
        await self._calls.close()


class Calls:
    """Connections for statements that leave nothing behind. asyncpg's own pool wraps a connection and makes a task at
    every use, which costs more than such a statement does."""

    def __init__(self, url: str, size: int) -> None:
        self._url = url
        self._size = size
        self._opened = 0
        self._idle: list[asyncpg.Connection[asyncpg.Record]] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Run one statement on the connection that was used last."""
        while not self._idle and self._opened >= self._size:
            await self._turn()
        connection = self._idle.pop() if self._idle else await self._open()
        is_whole = False
        try:
            found: list[asyncpg.Record] = await connection.fetch(query, *arguments)
            is_whole = True
        except asyncpg.PostgresError:
            # The statement was refused; the connection is none the worse, unless the server is going away.
            is_whole = not connection.is_closed()
            raise
        finally:
            # Whoever was cancelled leaves a statement running: nobody else may meet it.
            self._leave(connection, is_whole=is_whole)
        return found

    async def close(self) -> None:
        """Close what is idle; what is in use is closed when it is done."""
        self._size = 0
        while self._idle:
            self._opened -= 1
            await self._idle.pop().close()

    async def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        self._opened += 1
        try:
            return await asyncpg.connect(self._url, timeout=10, command_timeout=60)
        except BaseException:
            self._opened -= 1
            self._wake()
            raise

    def _leave(self, connection: "asyncpg.Connection[asyncpg.Record]", *, is_whole: bool) -> None:
        if is_whole and not connection.is_closed() and self._opened <= self._size:
            self._idle.append(connection)
        else:
            self._opened -= 1
            connection.terminate()
        self._wake()

    async def _turn(self) -> None:
        """Wait until a connection is idle or may be opened; the longest waiting first."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._wake()
            raise
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _wake(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


class LazyTransaction:
    """A transaction that begins when its session is asked for: many updates are answered without one."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._session: AsyncSession | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has asked for the session."""
        return self._session is not None

    @property
    def session(self) -> AsyncSession:
        """The session of this transaction."""
        if self._session is None:
            self._session = self._sessions()
        return self._session


async def nothing_to_reset(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """For pools whose users leave no state behind: asyncpg's own reset is a round trip after every use."""


ConnectionLost = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
                  asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
                  asyncpg.InternalClientError)  # fmt: skip
"""What asyncpg raises when the server went away: asking again later may succeed. InternalClientError is its word for
a connection that is lost while a statement begins."""


def is_connection_lost(error: BaseException) -> bool:
    """Whether an error means that the database is away, and not that the statement is wrong."""
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ if error.orig is not None else None
        return error.connection_invalidated or isinstance(cause, (*ConnectionLost, OSError))
    return isinstance(error, (*ConnectionLost, OSError))


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error, however it came; empty when it is none of PostgreSQL's."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


async def fetch(session: AsyncSession, query: str, *arguments: object) -> list[dict[str, Any]]:
    """Run one statement with $1-style arguments in the session's transaction: for hot paths and SQL functions."""
    connection = await session.connection()
    result = await connection.exec_driver_sql(query, arguments)
    return [dict(row) for row in result.mappings()] if result.returns_rows else []


async def fetch_one(session: AsyncSession, query: str, *arguments: object) -> dict[str, Any]:
    """The one row of a statement that always returns one."""
    return (await fetch(session, query, *arguments))[0]
