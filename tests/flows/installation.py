"""The product as an operator runs it: real processes of `kassa up` over one database and one data directory."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import yaml

from kassa.core import access, billing, identity, ledger, policies
from kassa.core.policies.rules import default_source
from kassa.kit import ids
from kassa.kit.db import Database, plain_url
from tests.conftest import Server
from tests.flows import programs
from tests.flows.phone import Phone, meet
from tests.openapi import specification
from tests.sandbox.telegram_schema import find_schema, validate_request

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
START_S = 60
LIFTED = ("http", "ws")
SHOP = {"Authorization": aiohttp.encode_basic_auth("100500", "sandbox-secret")}


class Process:
    """One `kassa up`. Its log lies beside its data."""

    def __init__(self, words: list[str], folder: Path, environment: dict[str, str], name: str) -> None:
        self.log = folder / f"{name}.log"
        self.popen = programs.start(words, folder, environment, self.log)

    def wait_ready(self) -> Json:
        """The one line of JSON that says it serves."""
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        assert line, f"the process ended with {self.popen.wait()}:\n{self.tail()}"
        ready: Json = json.loads(line)
        return ready

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.popen.poll() is None

    async def death(self, timeout_s: float = 30) -> int:
        """Wait for its end; the exit code, -9 after a failpoint."""
        until = time.monotonic() + timeout_s
        while self.is_alive:
            assert time.monotonic() < until, f"the process lives on:\n{self.tail()}"
            await asyncio.sleep(0.02)
        return int(self.popen.returncode)

    def kill(self) -> None:
        """SIGKILL: no chance to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as a supervisor stops it; the exit code."""
        self._end(signal.SIGTERM)
        return int(self.popen.returncode)

    def _end(self, number: int) -> None:
        if self.is_alive:
            self.popen.send_signal(number)
        try:
            self.popen.wait(60)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise
        finally:
            if self.popen.stdout is not None:
                self.popen.stdout.close()

    def tail(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])


class Installation:
    """One address, one database, one data directory; any number of processes."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.folder = folder
        self.database_url = plain_url(database_url)
        self.base = f"http://127.0.0.1:{free_port()}"
        self.world = self.base
        """Where the sandbox is: here, or an emulator outside."""
        self.processes: list[Process] = []
        self._settings = settings

    def configure(self, **settings: str) -> None:
        """Add settings for what is started from now on."""
        self._settings |= settings

    def environment(self, **extra: str) -> dict[str, str]:
        """What its processes and commands are started with."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("KASSA_")}
        settings = {
            "PORT": self.base.rpartition(":")[2],
            "DATABASE_URL": self.database_url,
            "DATABASE_POOL_SIZE": "5",
            "DATA_DIR": str(self.folder / "data"),
            "CONFIG_DIR": str(ROOT / "config"),
            "JOBS_HEARTBEAT_S": "1",
            "TELEGRAM_SEND_RATE": "0",
        } | self._settings
        given = {f"KASSA_{name}": value for name, value in (settings | extra).items()}
        return own | given | {"PYTHONPATH": str(ROOT)}

    def up(self, *roles: str, **extra: str) -> Process:
        """Start a process and wait until it serves."""
        process = self.launch(*roles, **extra)
        process.wait_ready()
        return process

    def launch(self, *roles: str, **extra: str) -> Process:
        """Start a process without waiting."""
        self.folder.mkdir(parents=True, exist_ok=True)
        process = Process(
            ["up", *roles, "--json"], self.folder, self.environment(**extra), f"process-{len(self.processes)}"
        )
        self.processes.append(process)
        return process

    def beside(self, *roles: str, **extra: str) -> Process:
        """Start a process that uses the sandbox of the one that serves it."""
        return self.up(*roles, SANDBOX_URL=f"{self.base}/sandbox", **extra)

    async def command(self, *words: str, code: int = 0, **extra: str) -> Json:
        """Run a command of the CLI with --json; its answer."""
        if self.world == self.base:
            extra = {"SANDBOX_URL": f"{self.base}/sandbox", **extra}
        errors = self.folder / f"command-{ids.new().hex}.log"
        process = await asyncio.to_thread(
            programs.start, [*words, "--json"], self.folder, self.environment(**extra), errors
        )
        assert process.stdout is not None
        with process.stdout as output:
            out = await asyncio.to_thread(output.read)
        found = await asyncio.to_thread(process.wait)
        assert found == code, (found, out.decode(), errors.read_text())
        answer: Json = json.loads(out)
        return answer

    def close(self) -> None:
        """End what still runs: at once, unless it has to write down what was run in it."""
        for process in self.processes:
            if "COVERAGE_PROCESS_CONFIG" in os.environ:
                process.stop()
            else:
                process.kill()

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of its database."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    async def value(self, query: str, *arguments: object) -> Any:
        """The first value of the first row."""
        found = await self.rows(query, *arguments)
        return found[0][0] if found else None

    async def until(self, query: str, *arguments: object, timeout_s: float = 30) -> Any:
        """Wait for the query's first value to be true."""
        until = time.monotonic() + timeout_s
        while not (found := await self.value(query, *arguments)):
            assert time.monotonic() < until, f"still not: {query}\n{self.processes[-1].tail()}"
            await asyncio.sleep(0.1)
        return found

    async def check(self) -> None:
        """What must hold after every flow: each check green, nothing stuck, every request as the vendors ask."""
        database = Database(self.database_url, pool_size=2)
        try:
            async with database.transaction() as session:
                found = await ledger.run_checks(session)
                found += await ledger.run_checks(session, billing.BILLING_CHECKS)
        finally:
            await database.close()
        assert [check for check in found if not check.is_ok] == []
        assert (
            await self.rows("select entrypoint, payload, attempts, updated from pgqueuer where status = 'failed'") == []
        )
        assert await self.rows("select * from channel_update where state = 'failed'") == []
        assert await self.rows("select * from channel_message where state = 'failed'") == []
        for process in self.processes:
            # Every token of the tests' bots has these words in it.
            assert not re.search("sandbox-demo-bot|production-bot|live_secret", process.log.read_text(errors="replace"))
        async with aiohttp.ClientSession() as http:
            await self.check_requests(http)

    async def check_requests(self, http: aiohttp.ClientSession) -> None:
        """The emulators' records against the official schemas: no call of ours may be one that they do not describe."""
        schema = find_schema()
        async with http.get(f"{self.world}/sandbox/api/requests", params={"limit": 100_000}) as answer:
            requests = await answer.json()
        if schema is not None:
            problems = [p for r in requests for p in validate_request(schema, r["method"], r["params"])]
            assert problems == []
        for path, kind in (("payments", "Payment"), ("refunds", "Refund")):
            url = f"{self.world}/sandbox/yookassa/v3/{path}?limit=100"
            async with http.get(url, headers=SHOP) as answer:
                items = (await answer.json())["items"]
            if schema is not None:
                assert [p for item in items for p in specification("yookassa-openapi.yaml").problems(kind, item)] == []

    async def no_limits(self) -> None:
        """Let the emulated Telegram take messages as fast as they come."""
        async with aiohttp.ClientSession() as http:
            url = f"{self.world}/sandbox/api/settings"
            async with http.patch(url, json={"limits": False}) as answer:
                assert answer.status == 200

    async def lift_http_limits(self) -> None:
        """Let everybody call from one address: all tests do. The limits have tests of their own."""
        database = Database(self.database_url, pool_size=1)
        try:
            async with database.transaction() as session:
                organization = await identity.default_organization(session)
                rules = yaml.safe_load(default_source())
                rules["rules"] = [rule for rule in rules["rules"] if rule["actions"][0].partition(".")[0] not in LIFTED]
                actor = access.system_actor(organization.id)
                await policies.save_rules(session, actor, yaml.safe_dump(rules), "for tests")
        finally:
            await database.close()

    async def owner(self, http: aiohttp.ClientSession) -> dict[str, str]:
        """The headers of the signed-in owner."""
        kept = self.folder / "data" / "owner-password"
        password = self._settings.get("OWNER_PASSWORD") or kept.read_text().strip()
        body = {"email": "owner@example.com", "password": password}
        async with http.post(f"{self.base}/api/v1/auth/login", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}

    async def customer(self, phone: Phone, http: aiohttp.ClientSession) -> dict[str, str]:
        """The headers of a person for the REST API."""
        return await phone.sign_in(self.base)

    async def meet(
        self, http: aiohttp.ClientSession, bot: str = "neuro_demo_bot", language: str = "ru", name: str = "Вера"
    ) -> Phone:
        """A new person who has pressed Start and read the greeting."""
        phone = await meet(http, self.world, bot, language, name)
        await phone.say("/start")
        await phone.wait("/balance")
        return phone


@contextmanager
def installed(
    server: Server, folder: Path, *roles: str, http_limits: bool = False, **settings: str
) -> Iterator[Installation]:
    """An installation over a copy of the migrated database, with one process of the roles (all when none is named)."""
    name = asyncio.run(server.clone())
    place = Installation(folder, server.url_of(name), **settings)
    try:
        place.up(*roles)
        asyncio.run(place.no_limits())
        if not http_limits:
            asyncio.run(place.lift_http_limits())
        yield place
    finally:
        place.close()
        asyncio.run(server.drop(name))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
