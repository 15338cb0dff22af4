"""The embedded server survives what happens to servers: odd paths, restarts, kill -9, several users at once."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from kassa.kit.errors import Unavailable
from kassa.kit.postgres import EmbeddedPostgres


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a space and non-ASCII letters in its path."""
    folder = tmp_path / "my shop касса" / "postgres"
    yield folder
    if (folder / "cluster" / "postmaster.pid").exists():
        server = EmbeddedPostgres(folder, fast=True)
        server.start()
        server.stop()


def ask(url: str, query: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "cluster" / "postmaster.pid").read_text().splitlines()[0]))


def test_first_start_makes_a_database_owned_by_an_ordinary_role(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server.url, "SELECT current_user || ' ' || current_database()") == "kassa kassa"
        assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(server.superuser_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
        assert ask(server.url, "SELECT lower('ЁЖ')") == "ёж"


def test_data_and_address_outlive_a_restart_and_the_second_start_is_quick(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        url = server.url
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not (folder / "cluster" / "postmaster.pid").exists()

    took_s = []
    for _ in range(3):
        begun = time.monotonic()
        with EmbeddedPostgres(folder, fast=True) as server:
            took_s.append(time.monotonic() - begun)
            assert server.url == url
            assert ask(url, "SELECT answer FROM kept") == 42
    assert min(took_s) < 2  # the best of three, as something else may be busy for a moment


def test_start_after_the_server_was_killed(folder: Path) -> None:
    server = EmbeddedPostgres(folder)  # not fast: what was committed must be there
    server.start()
    ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster(folder).kill()

    with EmbeddedPostgres(folder) as successor:
        assert ask(successor.url, "SELECT answer FROM kept") == 42
        server.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself as another program there")
def test_a_pid_file_that_names_another_program_does_not_stop_a_start(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True):
        lines = (folder / "cluster" / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid())  # after a reboot the number belongs to somebody else
    (folder / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")

    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_the_last_user_stops_the_server(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder, fast=True), EmbeddedPostgres(folder, fast=True)
    assert first.start() == second.start()
    first.stop()
    assert ask(second.url, "SELECT 1") == 1
    second.stop()
    assert not (folder / "cluster" / "postmaster.pid").exists()


def test_a_process_that_was_killed_does_not_keep_the_server(folder: Path) -> None:
    program = (
        "import os, sys, pathlib; from kassa.kit.postgres import EmbeddedPostgres;"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1]), fast=True).start(); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], check=False, env={**os.environ})
    assert done.returncode == 9
    assert postmaster(folder).is_running()

    with EmbeddedPostgres(folder, fast=True) as server:
        assert ask(server.url, "SELECT 1") == 1
    assert not (folder / "cluster" / "postmaster.pid").exists()


def test_two_processes_may_start_at_once(folder: Path) -> None:
    program = (
        "import sys, pathlib; from kassa.kit.postgres import EmbeddedPostgres;"
        "server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), fast=True);"
        "print(server.start(), flush=True); sys.stdin.read(); server.stop()"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    addresses = set()
    for starter in starters:
        assert starter.stdout is not None
        addresses.add(starter.stdout.readline().strip())
    assert len(addresses) == 1
    assert addresses.pop().startswith("postgresql://kassa:")
    for starter in starters:
        starter.communicate("", timeout=30)
        assert starter.returncode == 0
    assert not (folder / "cluster" / "postmaster.pid").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in access lists, not in modes")
def test_passwords_are_for_our_eyes_only(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True):
        assert (folder / "server.json").stat().st_mode & 0o777 == 0o600
        assert (folder / "cluster").stat().st_mode & 0o777 == 0o700
        assert not (folder / "initdb.password").exists()


def test_a_folder_of_another_version_is_refused_with_advice(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True):
        pass
    (folder / "cluster" / "PG_VERSION").write_text("15\n")
    with pytest.raises(Unavailable, match="restore a backup") as refused:
        EmbeddedPostgres(folder, fast=True).start()
    assert refused.value.code == "postgres.cannot_start"


def test_a_damaged_cluster_says_what_the_server_said(folder: Path) -> None:
    with EmbeddedPostgres(folder, fast=True) as server:
        assert json.loads((folder / "server.json").read_text())["is_prepared"]
    (folder / "cluster" / "postgresql.conf").write_text("shared_buffers = 'nonsense'\n")
    with pytest.raises(Unavailable, match="nonsense"):
        server.start()
