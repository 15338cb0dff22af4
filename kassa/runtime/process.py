"""One process from start to end: database, schema, seed, roles."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from kassa.kit import log, migrate
from kassa.kit.app import App
from kassa.kit.errors import Unavailable
from kassa.kit.postgres import EmbeddedPostgres
from kassa.runtime import build, demo, roles
from kassa.runtime.roles import Role, Running
from kassa.runtime.settings import Settings, with_generated_secrets

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Addresses:
    """What to open once everything serves."""

    app: str
    sandbox: str | None
    admin_email: str
    docs: str


@asynccontextmanager
async def opened(settings: Settings, *, ensure_schema: bool = True) -> AsyncIterator[App]:
    """The App over a running database whose schema is current; an embedded database is started and stopped here."""
    settings = with_generated_secrets(settings)
    embedded = None if settings.database_url else EmbeddedPostgres(settings.data_dir / "postgres")
    try:
        url = await asyncio.to_thread(embedded.start) if embedded else settings.database_url
        if ensure_schema:
            await _upgrade(url)
        async with build.build(settings, url) as app:
            yield app
    finally:
        if embedded is not None:
            await asyncio.to_thread(embedded.stop)


async def _upgrade(url: str) -> None:
    """Bring the schema up to date. Raises Unavailable `database.unavailable` when nobody can be asked."""
    try:
        await asyncio.to_thread(migrate.upgrade, url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, TimeoutError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        where = make_url(url).render_as_string(hide_password=True)
        raise Unavailable("database.unavailable", f"{where}: {cause}. Check KASSA_DATABASE_URL") from error


async def serve(settings: Settings, wanted: Sequence[Role], on_ready: Callable[[Addresses], None]) -> None:
    """Serve roles until SIGTERM or Ctrl-C; `on_ready` is called once everything answers."""
    log.configure(settings.log_level, _log_folder(settings, wanted), pretty=settings.is_sandbox)
    _allow_many_files()
    running = Running(asyncio.Event(), asyncio.Event())
    roles.stop_on_signals(running.stop)
    async with opened(settings) as app:
        settings = app.get(Settings)
        await build.seed(app)
        async with asyncio.TaskGroup() as group:
            group.create_task(roles.run(app, wanted, running))
            group.create_task(_announce(app, settings, wanted, running, on_ready))


def _allow_many_files() -> None:
    """Each socket is a file: as many as the system lets us have, where its first offer is often 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - does not exist on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _log_folder(settings: Settings, wanted: Sequence[Role]) -> Path:
    """Where this process writes its files: processes with other roles must not rotate one another's."""
    folder = settings.log_dir or settings.data_dir / "logs"
    return folder if set(wanted) == set(roles.ALL) else folder / "-".join(sorted(role.value for role in wanted))


async def _announce(
    app: App, settings: Settings, wanted: Sequence[Role], running: Running, on_ready: Callable[[Addresses], None]
) -> None:
    await running.ready.wait()
    if Role.API in wanted and settings.serves_sandbox:
        await demo.seed_demo(app)
    on_ready(
        Addresses(
            settings.base_url, f"{settings.sandbox_base}/" if settings.is_sandbox else None, settings.owner_email,
            f"{settings.base_url}/api/docs",
        )
    )  # fmt: skip


async def with_app(settings: Settings, work: Callable[[App], Awaitable[Result]]) -> Result:
    """Run one command over an App: what the CLI does besides serving."""
    log.configure("WARNING", None, pretty=True)
    async with opened(settings) as app:
        await build.seed(app)
        return await work(app)
