"""DOC-1: every command that the documentation shows works as it stands there."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from kassa.runtime.settings import load
from tests.docs.commands import PAGES, ROOT, Block, blocks
from tests.flows.phone import meet

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the blocks are written for a POSIX shell")

BASH = blocks("bash", "sh")
WORKING = [block for block in BASH if not block.mark.startswith("not run: ") and not block.is_server]
LIVE = [block for block in WORKING if block.mark != "run: stopped"]
STOPPED = [block for block in WORKING if block.mark == "run: stopped"]
SERVERS = [block for block in BASH if not block.mark.startswith("not run: ") and block.is_server]
START_S = 60
NEW_BOT = {"token": "7000000077:documentation-bot-token-0000000077", "name": "Shop", "username": "documented_bot"}


@dataclass
class Shell:
    """Where the blocks run: a folder with a data directory and a port of its own."""

    folder: Path
    environment: dict[str, str]

    @property
    def base(self) -> str:
        """The address of its Kassa."""
        return f"http://127.0.0.1:{self.environment['KASSA_PORT']}"

    def start(self, command: str) -> subprocess.Popen[str]:
        """Start a command that serves; its output goes to a file, because a full pipe would stop it."""
        log = self.folder / f"up-{time.monotonic_ns()}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {command}"], cwd=self.folder, env=self.environment, text=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + START_S
        while "Kassa is ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        return process

    def run(self, block: Block) -> None:
        """Run a block as one script that stops at the first failure."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.text], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if block.mark != "run: may fail":
            assert done.returncode == 0, f"{block}\n{block.text}\n{done.stdout}\n{done.stderr}"


def stop(process: subprocess.Popen[str]) -> None:
    """Stop as Ctrl-C does."""
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0


def shell(folder: Path) -> Shell:
    """A folder that looks like a checkout to the commands, with `python3` being the one that runs the tests."""
    program = folder / "bin" / "python3"
    program.parent.mkdir()
    # The environment of the tests is installed already: `dev.py kassa` and `dev.py up` would look, and then do this.
    program.write_text(
        "#!/usr/bin/env bash\n"
        'case "$1 ${2-}" in\n'
        f'  "dev.py kassa") shift 2; exec "{sys.executable}" -m kassa "$@";;\n'
        f'  "dev.py up") shift 1; exec "{sys.executable}" -m kassa "$@";;\n'
        f'  *) exec "{sys.executable}" "$@";;\n'
        "esac\n"
    )
    program.chmod(0o755)
    for name in ("dev.py", "config", "docs", ".env.example", "kassa", "tests"):
        (folder / name).symlink_to(ROOT / name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("KASSA_")}
    return Shell(
        folder,
        own
        | {
            "PATH": f"{program.parent}{os.pathsep}{own['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "200",
            "KASSA_PORT": str(port), "TOKEN": NEW_BOT["token"], "BOT": NEW_BOT["username"],
            "PASSWORD": "a-good-password",
        },
    )  # fmt: skip


async def trade(base: str) -> str:
    """What the commands of the pages need: a bot at @BotFather, and a paid order; answers its number."""
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{base}/sandbox/api/bots", json=NEW_BOT) as answer:
            assert answer.status == 201, await answer.text()
        phone = await meet(http, base, "neuro_demo_bot")
        await phone.say("/buy")
        await phone.press(await phone.wait("Что купить"), "7 дней")
        await phone.press(await phone.wait("с момента оплаты"), "Оплатить")
        link = await phone.press(await phone.wait("на странице ЮKassa"), "Оплатить")
        assert await phone.pay(link) < 400
        paid = re.search(r"Заказ № (\d+)", json.dumps(await phone.wait("получена"), ensure_ascii=False))
        assert paid is not None
        return paid[1]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    place = shell(tmp_path_factory.mktemp("checkout"))
    process = place.start("python3 dev.py up")
    try:
        place.environment["ORDER"] = asyncio.run(trade(place.base))
        yield place
    finally:
        stop(process)


def test_every_block_that_is_not_run_says_why() -> None:
    marks = {block.mark for block in BASH}
    assert all(re.fullmatch(r"|run: may fail|run: stopped|not run: .{10,}", mark) for mark in marks), marks


@pytest.mark.slow
def test_commands_work(running: Shell) -> None:
    """One test and not many: the blocks of a page follow on one another."""
    assert LIVE
    for block in LIVE:
        running.run(block)


@pytest.mark.slow
def test_commands_that_want_kassa_stopped_work(tmp_path: Path) -> None:
    place = shell(tmp_path)
    assert STOPPED
    backup = next(block for block in WORKING if "kassa backup" in block.text)
    for block in STOPPED:
        place.run(backup)
        place.run(block)


@pytest.mark.slow
@pytest.mark.parametrize("block", SERVERS, ids=str)
def test_commands_that_serve_become_ready(block: Block, tmp_path: Path) -> None:
    place = shell(tmp_path)
    with ExitStack() as running:
        for line in block.text.splitlines():
            running.callback(stop, place.start(line))


@pytest.mark.parametrize("block", blocks("ini"), ids=str)
def test_shown_settings_are_valid(block: Block, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(block.text, "utf-8")
    load(environment={}, env_file=file)


def test_relative_links_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_bash_is_here() -> None:
    assert shutil.which("bash")
