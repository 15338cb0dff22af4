"""One process or many: the same four roles, chosen on the command line. A role is which listeners and queues it has."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

import structlog
import uvicorn

from kassa.core import channels, live
from kassa.kit import jobs, schedules
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Unavailable
from kassa.kit.jobs import Job
from kassa.runtime import alerts, http
from kassa.runtime.headers import SecureHeaders
from kassa.runtime.modules import MODULES
from kassa.runtime.settings import Settings
from kassa.runtime.websockets import WebSocketProtocol
from kassa.sandbox.app import Sandbox, create_sandbox

logger = structlog.get_logger(__name__)

DRAIN_S = 90.0
"""How long accepted work may take to finish after SIGTERM; what is left is taken over by another process."""


class Role(StrEnum):
    """What a process may serve."""

    API = "api"
    BOT = "bot"
    JOBS = "jobs"
    SCHEDULER = "scheduler"


ALL = tuple(Role)


class _Server(uvicorn.Server):
    """uvicorn inside our own task group: the process, not the server, owns the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(slots=True)
class Running:
    """The roles of this process: `ready` is set when all of them serve, `stop` ends them."""

    ready: asyncio.Event
    stop: asyncio.Event


async def run(app: App, roles: Sequence[Role], running: Running) -> None:
    """Serve the roles until `stop` is set or one of them dies; then the process ends and its supervisor restarts it."""
    settings = app.get(Settings)
    async with AsyncExitStack() as stack:
        if Role.API in roles:
            # The listener comes first: in sandbox mode the other roles talk to it.
            await stack.enter_async_context(live.listening(app))
            await stack.enter_async_context(_serve_http(app, settings, running.stop))
        async with asyncio.TaskGroup() as group:
            if Role.BOT in roles:
                await _connect(app, roles)
                if not settings.is_webhook:
                    group.create_task(channels.poll_bots(app, running.stop), name="poller")
            served = _jobs_of(roles)
            if served:
                worker = jobs.Worker(
                    app.get(Database).url, served, app, concurrency=settings.jobs_concurrency,
                    heartbeat_timeout_s=settings.jobs_heartbeat_s,
                )  # fmt: skip
                group.create_task(_drained(worker.run(running.stop), running.stop), name="worker")
            if Role.SCHEDULER in roles:
                due = [schedule for module in MODULES for schedule in module.schedules]
                group.create_task(schedules.run(app.get(Database), due, running.stop), name="scheduler")
            group.create_task(alerts.watch(app, running.stop), name="alerts")
            running.ready.set()
            await running.stop.wait()
            logger.info("stopping", roles=[role.value for role in roles])


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and Ctrl-C set `stop`; a second one ends the process at once."""
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            sys.exit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, ask)
        except NotImplementedError:  # Windows has no signal handlers in its event loop
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ask))


@asynccontextmanager
async def _serve_http(app: App, settings: Settings, stop: asyncio.Event) -> AsyncIterator[None]:
    sandbox: Sandbox | None = None
    if settings.serves_sandbox:
        sandbox = create_sandbox(
            settings.data_dir / "sandbox", settings.base_url, f"{settings.base_url}/api/v1/webhooks/yookassa"
        )
    site = SecureHeaders(http.create_app(app, sandbox), is_https=settings.base_url.startswith("https://"))
    # An emulator's long poll ends only by its own time-out; nothing of ours is in it.
    config = uvicorn.Config(
        site, host=settings.host, port=settings.port, log_config=None, access_log=False,
        proxy_headers=True, forwarded_allow_ips=settings.trusted_proxies, server_header=False, lifespan="off",
        timeout_graceful_shutdown=2 if settings.serves_sandbox else 20, timeout_keep_alive=30, ws=WebSocketProtocol,
        ws_per_message_deflate=False, ws_max_size=live.MAX_FRAME_BYTES,
        backlog=2048,
    )  # fmt: skip
    listener = _listen(settings)
    server = _Server(config)
    if sandbox is not None:
        await sandbox.start()
    serving = asyncio.create_task(server.serve([listener]), name="http")
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise Unavailable("http.cannot_serve", "The HTTP server ended before it began")
            await asyncio.sleep(0.01)
        watcher = asyncio.create_task(_stop_when_done(serving, stop))
        yield
        watcher.cancel()
    finally:
        # In sandbox mode the workers drain first: they may still be talking to the emulators behind this listener.
        if sandbox is not None:
            sandbox.emulator.inboxes.release()
        server.should_exit = True
        await serving
        if sandbox is not None:
            await sandbox.stop()


def _listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises Unavailable `http.cannot_listen` when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":  # on Windows the option would mean taking a port from its owner
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        message = f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Set KASSA_PORT to a free port"
        raise Unavailable("http.cannot_listen", message) from error
    listener.setblocking(False)
    return listener


async def _stop_when_done(serving: asyncio.Task[None], stop: asyncio.Event) -> None:
    """A listener that ended by itself ends the process."""
    await asyncio.wait({serving})
    stop.set()


async def _connect(app: App, roles: Sequence[Role]) -> None:
    """Connect the bots when a process with the bot role starts: the address or the transport may have changed."""
    await channels.forget_connections(app)
    if Role.API in roles or not app.get(Settings).serves_sandbox:
        await channels.connect_bots(app)


def _jobs_of(roles: Sequence[Role]) -> list[Job]:
    """The bot role serves updates, the jobs role everything else."""
    wanted = []
    for module in MODULES:
        for job in module.jobs:
            role = Role.BOT if job.queue == "updates" else Role.JOBS
            if role in roles:
                wanted.append(job)
    return wanted


async def _drained(work: Awaitable[None], stop: asyncio.Event) -> None:
    """Let work finish after `stop`, but not for ever."""
    task = asyncio.ensure_future(work)
    stopper = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopper}, return_when=asyncio.FIRST_COMPLETED)
    stopper.cancel()
    done, _ = await asyncio.wait({task}, timeout=DRAIN_S)
    if not done:
        # Cancelling a job would record it as done. Ending the process leaves it to be taken over.
        logger.error("drain_timed_out", seconds=DRAIN_S)
        raise SystemExit(75)
    task.result()
