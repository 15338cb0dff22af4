"""Processes on chosen cores: the subject with its database on the first, the load and the stubs on the last."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from kassa.kit import tcp
from kassa.kit.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[1]
START_TIMEOUT_S = 60


def cores() -> tuple[list[int], list[int]]:
    """The subject's core and the load's; the same one where there is only one."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return found[:1], found[-1:]


def pin(wanted: list[int], pid: int = 0) -> None:
    """Keep a process, and what it starts from now on, on some cores; nothing where the system cannot."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, wanted)


@contextmanager
def pinned(wanted: list[int]) -> Iterator[None]:
    """Keep this process on some cores for a block."""
    before = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    pin(wanted)
    try:
        yield
    finally:
        pin(before)


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL of our own, durable as the product's."""

    url: str
    superuser_url: str
    embedded: EmbeddedPostgres
    postmaster: psutil.Process

    async def create(self, name: str) -> str:
        """Make an empty database; answers its URL."""
        connection = await asyncpg.connect(self.superuser_url)
        try:
            await connection.execute(f'drop database if exists "{name}" with (force)')
            await connection.execute(f'create database "{name}" owner kassa')
        finally:
            await connection.close()
        return self.url.rsplit("/", 1)[0] + "/" + name

    def pin(self, wanted: list[int]) -> None:
        """Keep the server's processes on some cores."""
        for process in [self.postmaster, *self.postmaster.children(recursive=True)]:
            with contextlib.suppress(ProcessLookupError):
                pin(wanted, process.pid)


@contextmanager
def postgres(directory: Path) -> Iterator[Server]:
    """The embedded server, as the product starts it."""
    with EmbeddedPostgres(directory) as embedded:
        pid = int((directory / "cluster" / "postmaster.pid").read_text("utf-8").splitlines()[0])
        yield Server(embedded.url, embedded.superuser_url, embedded, psutil.Process(pid))


def free_port() -> int:
    """A port that nobody listens on now."""
    return tcp.free_port(0)


@dataclass(slots=True)
class Program:
    """A running subject and what it said when it was ready."""

    process: asyncio.subprocess.Process
    facts: dict[str, Any]

    def cpu_s(self) -> float:
        """Processor time it used so far, in seconds."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def rss_mb(self) -> float:
        """Resident memory."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)


@asynccontextmanager
async def program(
    arguments: list[str], environment: Mapping[str, str], on: list[int] | None, log: Path
) -> AsyncIterator[Program]:
    """Run a Python module that prints one line of JSON when it is ready; end it with the block."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=errors,
            env=_clean(os.environ) | {"PYTHONPATH": str(ROOT)} | dict(environment),
            preexec_fn=(lambda: pin(on)) if on is not None and os.name != "nt" else None,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_TIMEOUT_S)
            if not line:
                raise RuntimeError(f"{arguments} did not start: {_tail(log)}")
            yield Program(process, json.loads(line))
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()


def _tail(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")[-3000:]


async def run(arguments: list[str], environment: Mapping[str, str]) -> str:
    """Run a Python module to its end; answers what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=_clean(os.environ) | {"PYTHONPATH": str(ROOT)} | dict(environment),
    )  # fmt: skip
    out, errors = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{arguments} failed: {(out + errors).decode(errors='replace')[-3000:]}")
    return out.decode()


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Without the settings of an installation that may be set up here."""
    return {name: value for name, value in environment.items() if not name.startswith("KASSA_")}
