"""NFR-3: the endpoint of customers' programs, with check of the key, limits, hold and capture in the database, against
a bare hold-and-settle proxy.

Beside it, to see where time goes, two parts of the product behind the same small HTTP shell as the proxy: its gateway
with the ledger, and a question in a chat (stored, job, answer stored) without Telegram.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import orjson

from kassa.kit import ids

from . import machine
from .client import Connection, connect, post
from .figures import Figure, Note, Plan, median, percentile, ratio
from .machine import Program
from .rules import raise_limits
from .stub.provider import provider
from .stub.serving import serving

PER_S = 100.0
AT_ONCE = 32
CHUNKS = 2000
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Way:
    """A way to be answered: where it is asked, and by which program."""

    port: int
    path: str
    program: Program | None = None
    keys: Sequence[str] = ("",)

    def request(self, chunks: str = "") -> bytes:
        """The bytes of the next question."""
        number = next(_numbers)
        question = f"question {number}" + (f" chunks={chunks} " if chunks else "")
        messages = [{"role": "user", "content": question}]
        body = {"model": "deepseek", "stream": True, "messages": messages}
        key = self.keys[number % len(self.keys)]
        return post(self.path, orjson.dumps(body), f"Authorization: Bearer {key}\r\n" if key else "")


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Ask each by turns: as much as they take, evenly, and for long answers."""
    on, load_cores = machine.cores()
    note("starting PostgreSQL, the endpoint and the others")
    upstream, port, other_port = machine.free_port(), machine.free_port(), machine.free_port()
    with machine.pinned(load_cores), machine.postgres(plan.directory / "postgres") as server:
        server.pin(on)
        environment = {
            "KASSA_BENCH_PORT": str(other_port), "KASSA_BENCH_UPSTREAM": f"http://127.0.0.1:{upstream}",
            "KASSA_MODE": "production", "KASSA_HOST": "127.0.0.1", "KASSA_PORT": str(port),
            "KASSA_PUBLIC_URL": f"http://127.0.0.1:{port}", "KASSA_SECRET_KEYS": ids.secret(),
            "KASSA_DATABASE_URL": server.url, "KASSA_DATA_DIR": str(plan.directory / "data"),
            "KASSA_LOG_LEVEL": "WARNING", "KASSA_DEEPSEEK_API_URL": f"http://127.0.0.1:{upstream}",
            "KASSA_DEEPSEEK_API_KEY": "bench",
        }  # fmt: skip
        async with (
            serving(provider, upstream),
            machine.program(["bench.subjects.ai"], environment, on, plan.directory / "ai.log") as others,
            machine.program(["kassa", "up", "api", "--json"], environment, on, plan.directory / "api.log") as api,
        ):
            await raise_limits(server.url)
            ways = {name: Way(other_port, f"/{name}", others) for name in ("gateway", "bare", "ask", "cached")}
            ways["endpoint"] = Way(port, "/v1/chat/completions", api, others.facts["keys"])
            ways["direct"] = Way(upstream, "/v1/chat/completions")
            figures = await _measure(plan, note, ways)
            figures.append(await _unanswered(server.url))
            return figures


async def _measure(plan: Plan, note: Note, ways: dict[str, Way]) -> list[Figure]:
    for name in ("endpoint", "gateway", "bare", "ask", "cached"):
        await _flood(ways[name], min(1.5, plan.seconds))
    rates: dict[str, list[float]] = {name: [] for name in ("endpoint", "bare", "gateway", "ask")}
    long = ("endpoint", "bare")
    chunk_us: dict[tuple[str, int], list[float]] = {(name, many): [] for many in (1, 16) for name in long}
    taken: dict[str, list[list[float]]] = {name: [] for name in ways}
    for number in range(plan.rounds):
        for name, measured in rates.items():
            note(f"round {number + 1} of {plan.rounds}: {name}")
            measured.append(await _flood(ways[name], plan.seconds))
        for name, found in taken.items():
            note(f"round {number + 1} of {plan.rounds}: {PER_S:g}/s, {name}")
            found.append(await _drizzle(ways[name], plan.seconds))
        for (name, many), costs in chunk_us.items():
            note(f"round {number + 1} of {plan.rounds}: long answers, {name}")
            costs.append(await _chunk_us(ways[name], many, plan.seconds))
    p50 = {name: median([1000 * percentile(round_, 0.5) for round_ in found]) for name, found in taken.items()}
    p99 = {name: median([1000 * percentile(round_, 0.99) for round_ in found]) for name, found in taken.items()}
    return [
        Figure("ai: endpoint's requests/s to bare proxy", ratio(rates["endpoint"], rates["bare"]), "×", at_least=0.6),
        Figure("ai: added at 100/s, median", p50["endpoint"] - p50["direct"], "ms", at_most=3.0),
        Figure("ai: added at 100/s, p99", p99["endpoint"] - p99["direct"], "ms", at_most=10.0),
        Figure("ai: processor per chunk to bare proxy", _chunk_ratio(chunk_us, 1), "×", at_most=2.0),
        Figure("ai: the same, chunks 16 in a read", _chunk_ratio(chunk_us, 16), "×"),
        Figure("ai: cache hit, median", p50["cached"], "ms", at_most=2.0),
        Figure("ai: gateway's requests/s to bare proxy", ratio(rates["gateway"], rates["bare"]), "×"),
        Figure("ai: a chat's questions/s to bare proxy", ratio(rates["ask"], rates["bare"]), "×"),
        *[Figure(f"  requests/s, {name}", median(found), "1/s") for name, found in rates.items()],
        *[Figure(f"  p50 at 100/s, {name}", value, "ms") for name, value in p50.items()],
        *[Figure(f"  p99 at 100/s, {name}", value, "ms") for name, value in p99.items()],
        *[
            Figure(f"  processor per chunk, {name}, {many} in a write", median(found), "µs")
            for (name, many), found in chunk_us.items()
        ],
    ]


def _chunk_ratio(costs: dict[tuple[str, int], list[float]], many: int) -> float:
    # Over all rounds: the processor's clock ticks in hundredths of a second, too coarse for one.
    return sum(costs["endpoint", many]) / max(sum(costs["bare", many]), 0.01)


async def _flood(way: Way, seconds: float) -> float:
    done = 0
    end_at = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        connection = await connect(way.port)
        while time.perf_counter() < end_at:
            await _asked(connection, way.request())
            done += 1
        connection.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())
    return done / (time.perf_counter() - began)


async def _drizzle(way: Way, seconds: float) -> list[float]:
    free = [await connect(way.port) for _ in range(AT_ONCE)]
    taken: list[float] = []

    async def one() -> None:
        connection = free.pop() if free else await connect(way.port)
        began = time.perf_counter()
        await _asked(connection, way.request())
        taken.append(time.perf_counter() - began)
        free.append(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * PER_S)):
            await asyncio.sleep(max(0.0, began + number / PER_S - time.perf_counter()))
            group.create_task(one())
    for connection in free:
        connection.close()
    return taken


async def _chunk_us(way: Way, many: int, seconds: float) -> float:
    """Processor time for one more chunk: long answers less answers of one part, per part."""
    assert way.program is not None
    answers = max(4, int(seconds * 8)) * (4 if many > 1 else 1)
    connection = await connect(way.port)
    spent = []
    for chunks in (1, CHUNKS + 1):
        before = way.program.cpu_s()
        for _ in range(answers):
            await _asked(connection, way.request(f"{chunks}/{many}"))
        spent.append(way.program.cpu_s() - before)
    connection.close()
    return 1e6 * (spent[1] - spent[0]) / (answers * CHUNKS)


async def _asked(connection: Connection, request: bytes) -> None:
    status, body = await connection.request(request)
    if status != 200:
        raise RuntimeError(f"the subject answered {status}: {body[:500]!r}")


async def _unanswered(url: str) -> Figure:
    """Questions in chats and calls of programs that came to no answer: there must be none."""
    connection = await asyncpg.connect(url)
    try:
        missing = await connection.fetchval(
            "select (select count(*) from ai_access_request where status <> 'answered')"
            " + (select count(*) from api_access_request where status <> 'answered')"
        )
    finally:
        await connection.close()
    return Figure("  questions left without an answer", float(missing), "")
