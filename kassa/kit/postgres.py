"""An embedded PostgreSQL: the server programs of a Python wheel, run on a data folder of ours, with nothing installed.

It listens on 127.0.0.1 with passwords kept in the data folder. TCP and not a Unix socket, because that is the same on
Linux, macOS and Windows, and because a socket's path may neither be long nor hold a space.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import fasteners  # type: ignore[import-untyped]  # the package carries no types
import psutil

from kassa.kit import tcp
from kassa.kit.errors import Unavailable
from kassa.kit.postgres_programs import MAJOR_VERSION, Programs
from kassa.kit.postgres_state import ServerState, write_private
from kassa.kit.process_list import ProcessList

_PATIENCE_S = 60  # recovery after a power cut replays the log before the server is ready
_LOCK_PATIENCE_S = 180

_SETTINGS = """\
# Written at every start; put settings of your own below the include line of postgresql.conf.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
# The passwords are 192 random bits: stretching them would only slow every new connection down.
scram_iterations = 1
"""
_FAST_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""

# fcntl locks belong to a process, so threads of one process need a lock of their own.
_threads = threading.Lock()


class EmbeddedPostgres:
    """One server on one data folder, shared by all processes that call `start`; the last to `stop` stops it.

    `fast` gives up safety against a power cut, for tests.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self._dir = data_dir.expanduser().absolute()
        self._cluster = self._dir / "cluster"
        self._fast = fast
        self._state: ServerState | None = None
        self._users = ProcessList(self._dir / "users.json")

    def start(self) -> str:
        """Start the server unless it runs already; answers the URL of database `kassa` for its owner, role `kassa`.

        Raises Unavailable("postgres.cannot_start").
        """
        try:
            self._dir.mkdir(parents=True, exist_ok=True)
            with self._locked():
                self._ensure_running()
                self._ensure_prepared()
                self._users.join()
        except Unavailable as error:
            raise Unavailable("postgres.cannot_start", error.message, **error.facts) from error
        except OSError as error:
            raise Unavailable("postgres.cannot_start", f"embedded PostgreSQL in {self._dir}: {error}") from error
        return self.url

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it."""
        if self._state is None:
            return
        with self._locked():
            if not self._users.leave() and self._postmaster() is not None:
                self._end()
        self._state = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The product's database; only after `start`."""
        state = self._started()
        return f"postgresql://kassa:{state.password}@127.0.0.1:{state.port}/kassa"

    @property
    def superuser_url(self) -> str:
        """For backups, extensions and test databases; only after `start`."""
        state = self._started()
        return f"postgresql://postgres:{state.superuser_password}@127.0.0.1:{state.port}/postgres"

    def program(self, name: str) -> Path:
        """The path of one of the server's programs: pg_dump, pg_restore, psql, pgbench..."""
        return self._programs.path(name)

    @cached_property
    def _programs(self) -> Programs:
        return Programs(self._dir)

    def _started(self) -> ServerState:
        if self._state is None:
            raise Unavailable("postgres.not_started", "the embedded PostgreSQL is not started")
        return self._state

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = fasteners.InterProcessLock(self._dir / "lock")
        with _threads:
            if not lock.acquire(timeout=_LOCK_PATIENCE_S, delay=0.02, max_delay=0.1):
                raise Unavailable("postgres.cannot_start", f"another process holds {self._dir / 'lock'}")
            try:
                yield
            finally:
                lock.release()

    def _ensure_running(self) -> None:
        self._programs.let_in()
        self._state = ServerState.load(self._dir)
        if not (self._cluster / "PG_VERSION").exists():
            self._create_cluster(self._state)
        self._check_version()
        for _ in range(3):  # a server that was killed a moment ago still looks alive, and then it is not
            if self._postmaster() is None:
                self._await_orphans()
                self._launch(self._state)
            port = self._await_ready()
            if port is not None:
                self._state.port = port
                self._state.save(self._dir)
                return
        raise Unavailable("postgres.cannot_start", f"PostgreSQL in {self._cluster} ends as soon as it has started")

    def _create_cluster(self, state: ServerState) -> None:
        """initdb beside, then rename: a start killed half-way leaves nothing that looks finished."""
        state.is_prepared = False
        state.save(self._dir)
        fresh = self._dir / "cluster.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        password_file = self._dir / "initdb.password"
        write_private(password_file, state.superuser_password)
        self._programs.hand_over(fresh)
        self._programs.hand_over(password_file)
        try:
            # The builtin locale sorts and folds case the same on every operating system and every libc version.
            self._programs.run(
                "initdb", "--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--set=scram_iterations=1", "--no-instructions", *(["--no-sync"] if self._fast else []),
                "-D", str(fresh),
            )  # fmt: skip
        finally:
            password_file.unlink()
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'kassa.conf'\n")
        fresh.rename(self._cluster)

    def _check_version(self) -> None:
        version = (self._cluster / "PG_VERSION").read_text("ascii").strip()
        if version != str(MAJOR_VERSION):
            message = f"{self._cluster} was made by PostgreSQL {version}, these programs are {MAJOR_VERSION}"
            raise Unavailable("postgres.cannot_start", message + ": restore a backup into a new data folder")

    def _launch(self, state: ServerState) -> None:
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        for attempt in (1, 2):
            state.port = tcp.free_port(state.port)
            settings = self._cluster / "kassa.conf"
            settings.write_text(_SETTINGS.format(port=state.port) + (_FAST_SETTINGS if self._fast else ""), "utf-8")
            self._programs.hand_over(settings)
            try:
                self._pg_ctl("start", "-l", str(self._cluster / "start.log"))
                break
            except Unavailable:
                if attempt == 2 or tcp.is_free(state.port):
                    raise
                state.port = 0  # somebody took the port between our look and the server's

    def _await_ready(self) -> int | None:
        """The port, once the server answers; None when it ended meanwhile."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if len(lines) >= 8 and lines[7].strip() == "ready" and tcp.postgres_answers(int(lines[3])):
                return int(lines[3])
            if self._postmaster() is None:
                return None
            time.sleep(0.05)
        raise Unavailable("postgres.cannot_start", f"PostgreSQL in {self._cluster} is not ready; see its log folder")

    def _ensure_prepared(self) -> None:
        state = self._started()
        if state.is_prepared:
            return
        statements = (
            "SELECT 'CREATE ROLE kassa LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kassa') \\gexec\n"
            "\\getenv password KASSA_ROLE_PASSWORD\n"
            "ALTER ROLE kassa PASSWORD :'password';\n"
            "SELECT 'CREATE DATABASE kassa OWNER kassa'"
            " WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kassa') \\gexec\n"
        )
        # Passwords go through the environment: arguments of a process are shown to every user of the machine.
        passwords = {"PGPASSWORD": state.superuser_password, "KASSA_ROLE_PASSWORD": state.password}
        where = ("-h", "127.0.0.1", "-p", str(state.port), "-U", "postgres", "-d", "postgres")
        self._programs.run("psql", "-Xq", "-v", "ON_ERROR_STOP=1", *where, statements=statements, variables=passwords)
        state.is_prepared = True
        state.save(self._dir)

    def _end(self) -> None:
        try:
            self._pg_ctl("stop", "-m", "fast")
        except Unavailable:
            if self._postmaster() is not None:  # else it ended by itself, which is as good
                raise

    def _pid_file(self) -> list[str]:
        try:
            return (self._cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except (FileNotFoundError, PermissionError):  # Windows: just being replaced
            return []

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this folder; a pid that now belongs to another program is not one."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().lstrip("-").isdigit():
            return None
        try:
            process = psutil.Process(abs(int(lines[0])))
            return process if self._is_ours(process) else None
        except psutil.NoSuchProcess:
            return None

    def _is_ours(self, process: psutil.Process) -> bool:
        if not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        try:
            return Path(process.cwd()).resolve() == self._cluster.resolve()
        except psutil.AccessDenied:
            return True

    def _await_orphans(self) -> None:
        """After kill -9 of the server its children end by themselves; starting beside them would spoil the data."""
        deadline = time.monotonic() + _PATIENCE_S
        while any(self._is_orphan(process) for process in psutil.process_iter()):
            if time.monotonic() > deadline:
                raise Unavailable("postgres.cannot_start", f"old server processes still use {self._cluster}")
            time.sleep(0.05)

    def _is_orphan(self, process: psutil.Process) -> bool:
        try:
            return process.name().startswith("postgres") and Path(process.cwd()).resolve() == self._cluster.resolve()
        except (psutil.Error, OSError):
            return False

    def _pg_ctl(self, *arguments: str) -> None:
        log = self._cluster / "start.log"
        try:
            command = (*arguments, "-w", "-s", "-t", str(_PATIENCE_S), "-D", str(self._cluster))
            self._programs.run("pg_ctl", *command)
        except Unavailable as error:
            tail = log.read_text("utf-8", errors="replace")[-2000:] if log.exists() else ""
            raise Unavailable(error.code, f"{error.message}\n{tail}".strip()) from error
