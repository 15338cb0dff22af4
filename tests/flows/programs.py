"""Starting `kassa` without loading it again. Loading is most of a start, and the tests start it hundreds of times: on
Linux a process that has loaded the program is copied instead. tests/docs starts it as people do."""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

CAN_COPY = sys.platform == "linux"
_REQUEST_BYTES = 256 * 1024


class Running(Protocol):
    """What the tests use of subprocess.Popen."""

    pid: int
    stdout: IO[bytes] | None
    returncode: Any

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


def start(words: Sequence[str], folder: Path, environment: dict[str, str], errors: Path) -> Running:
    """Start `kassa` with these words; its output is a pipe, its log is added to a file."""
    with errors.open("ab") as log:
        if CAN_COPY:
            return _Copy(words, folder, environment, log.fileno())
        return subprocess.Popen(
            [sys.executable, "-m", "kassa", *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


class _Copy:
    """A program that was copied; a guard beside it tells its pid and how it ended."""

    def __init__(self, words: Sequence[str], folder: Path, environment: dict[str, str], log: int) -> None:
        self.returncode: int | None = None
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        request = {"words": [*words], "folder": str(folder), "environment": environment}
        with theirs:
            socket.send_fds(_loaded(), [json.dumps(request).encode()], [theirs.fileno(), writing, log])
        os.close(writing)
        self.stdout: IO[bytes] | None = os.fdopen(reading, "rb")
        self._guard = ours.makefile("rb", buffering=0)
        ours.close()
        self.pid = int(self._guard.readline())

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        if self.returncode is None and select.select([self._guard], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; the exit code, or minus the signal. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._guard], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("kassa", timeout or 0)
            self.returncode = int(self._guard.readline() or -signal.SIGKILL)
            self._guard.close()
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@cache
def _loaded() -> socket.socket:
    """The way to a process that has loaded the program; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * _REQUEST_BYTES)
    with theirs:
        loaded = subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())], pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[2], start_new_session=True,
        )  # fmt: skip

    def end() -> None:
        ours.close()
        loaded.wait(10)

    atexit.register(end)
    return ours


def _serve(control: socket.socket) -> None:
    """Copy this process whenever it is asked, until nobody can ask any more."""
    import kassa.__main__  # noqa: F401, PLC0415 - this is what is loaded once

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # guards end by themselves
    while True:
        message, files, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 3)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _watch(json.loads(message), *files)
        for file in files:
            os.close(file)


def _watch(request: dict[str, Any], told: int, output: int, log: int) -> NoReturn:
    """Start the program and tell what becomes of it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        _become(request, output, log)
    os.close(output)
    os.close(log)
    os.write(told, f"{pid}\n".encode())
    status = os.waitpid(pid, 0)[1]
    with contextlib.suppress(OSError):  # nobody waits any more
        os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(request: dict[str, Any], output: int, log: int) -> NoReturn:
    """Be the program, as if it had been started just now."""
    from kassa.cli import main  # noqa: PLC0415 - loaded by now

    code: Any = 0
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (log, 2)):
            os.dup2(source, target)
            os.close(source)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        sys.argv = ["kassa", *request["words"]]
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - as Python itself ends a program
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
