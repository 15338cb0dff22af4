"""NFR-3: answering a question with hold and capture in the database, against a bare hold-and-settle proxy.

There is no HTTP endpoint for customers' own programs yet, so the product's steps run behind the same small HTTP shell
as the proxy: its gateway with the ledger, and its whole path (question stored, job, answer stored) without Telegram.
"""

import asyncio
import itertools
import time

import asyncpg
import orjson

from kassa.kit import ids

from . import machine
from .client import Connection, connect, post
from .figures import Figure, Note, Plan, median, percentile, ratio
from .machine import Program
from .stub.provider import provider
from .stub.serving import serving

PER_S = 100.0
AT_ONCE = 32
CHUNKS = 2000
_numbers = itertools.count()


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Ask the three by turns: as much as they take, evenly, and for long answers."""
    on, load_cores = machine.cores()
    note("starting PostgreSQL and the subject")
    upstream, port = machine.free_port(), machine.free_port()
    with machine.pinned(load_cores), machine.postgres(plan.directory / "postgres") as server:
        server.pin(on)
        environment = {
            "KASSA_BENCH_PORT": str(port), "KASSA_BENCH_UPSTREAM": f"http://127.0.0.1:{upstream}",
            "KASSA_MODE": "production", "KASSA_PUBLIC_URL": "http://127.0.0.1", "KASSA_SECRET_KEYS": ids.secret(),
            "KASSA_DATABASE_URL": server.url, "KASSA_DATA_DIR": str(plan.directory / "data"),
            "KASSA_DEEPSEEK_API_URL": f"http://127.0.0.1:{upstream}", "KASSA_DEEPSEEK_API_KEY": "bench",
        }  # fmt: skip
        log = plan.directory / "ai.log"
        async with serving(provider, upstream), machine.program(["bench.subjects.ai"], environment, on, log) as subject:
            figures = await _measure(plan, note, subject, port, upstream)
            figures.append(await _unanswered(server.url))
            return figures


async def _measure(plan: Plan, note: Note, subject: Program, port: int, upstream: int) -> list[Figure]:
    ways = ("gateway", "bare", "ask")
    for way in (*ways, "cached"):
        await _flood(port, way, min(1.5, plan.seconds))
    rates: dict[str, list[float]] = {way: [] for way in ways}
    chunk_us: dict[tuple[str, int], list[float]] = {(way, many): [] for many in (1, 16) for way in ("gateway", "bare")}
    taken: dict[str, list[list[float]]] = {"gateway": [], "bare": [], "ask": [], "direct": [], "cached": []}
    for number in range(plan.rounds):
        for way in ways:
            note(f"round {number + 1} of {plan.rounds}: /{way}")
            rates[way].append(await _flood(port, way, plan.seconds))
        for way, found in taken.items():
            note(f"round {number + 1} of {plan.rounds}: {PER_S:g}/s, {way}")
            path, at = ("/v1/chat/completions", upstream) if way == "direct" else (f"/{way}", port)
            found.append(await _drizzle(at, path, plan.seconds))
        for (way, many), costs in chunk_us.items():
            note(f"round {number + 1} of {plan.rounds}: long answers, /{way}")
            costs.append(await _chunk_us(subject, port, way, many, plan.seconds))
    p50 = {way: median([1000 * percentile(round_, 0.5) for round_ in found]) for way, found in taken.items()}
    p99 = {way: median([1000 * percentile(round_, 0.99) for round_ in found]) for way, found in taken.items()}
    return [
        Figure("ai: gateway's requests/s to bare proxy", ratio(rates["gateway"], rates["bare"]), "×", at_least=0.6),
        Figure("ai: whole path's requests/s to bare proxy", ratio(rates["ask"], rates["bare"]), "×"),
        Figure("ai: added at 100/s, median", p50["gateway"] - p50["direct"], "ms", at_most=3.0),
        Figure("ai: added at 100/s, p99", p99["gateway"] - p99["direct"], "ms", at_most=10.0),
        Figure("ai: processor per chunk to bare proxy", _chunk_ratio(chunk_us, 1), "×", at_most=2.0),
        Figure("ai: the same, chunks 16 in a read", _chunk_ratio(chunk_us, 16), "×"),
        Figure("ai: cache hit, median", p50["cached"], "ms", at_most=2.0),
        *[Figure(f"  requests/s, {way}", median(found), "1/s") for way, found in rates.items()],
        *[Figure(f"  p50 at 100/s, {way}", value, "ms") for way, value in p50.items()],
        *[Figure(f"  p99 at 100/s, {way}", value, "ms") for way, value in p99.items()],
        *[
            Figure(f"  processor per chunk, {way}, {many} in a write", median(found), "µs")
            for (way, many), found in chunk_us.items()
        ],
    ]


def _chunk_ratio(costs: dict[tuple[str, int], list[float]], many: int) -> float:
    # Over all rounds: the processor's clock ticks in hundredths of a second, too coarse for one.
    return sum(costs["gateway", many]) / max(sum(costs["bare", many]), 0.01)


async def _flood(port: int, way: str, seconds: float) -> float:
    done = 0
    end_at = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        connection = await connect(port)
        while time.perf_counter() < end_at:
            await _asked(connection, _request(f"/{way}"))
            done += 1
        connection.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one())
    return done / (time.perf_counter() - began)


async def _drizzle(port: int, path: str, seconds: float) -> list[float]:
    free = [await connect(port) for _ in range(AT_ONCE)]
    taken: list[float] = []

    async def one() -> None:
        connection = free.pop() if free else await connect(port)
        began = time.perf_counter()
        await _asked(connection, _request(path))
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


async def _chunk_us(subject: Program, port: int, way: str, many: int, seconds: float) -> float:
    """Processor time for one more chunk: long answers less answers of one part, per part."""
    answers = max(4, int(seconds * 8)) * (4 if many > 1 else 1)
    connection = await connect(port)
    spent = []
    for chunks in (1, CHUNKS + 1):
        before = subject.cpu_s()
        for _ in range(answers):
            await _asked(connection, _request(f"/{way}", f"{chunks}/{many}"))
        spent.append(subject.cpu_s() - before)
    connection.close()
    return 1e6 * (spent[1] - spent[0]) / (answers * CHUNKS)


def _request(path: str, chunks: str = "") -> bytes:
    question = f"question {next(_numbers)}" + (f" chunks={chunks} " if chunks else "")
    return post(path, orjson.dumps({"question": question, "messages": [{"role": "user", "content": question}]}))


async def _asked(connection: Connection, request: bytes) -> None:
    status, body = await connection.request(request)
    if status != 200:
        raise RuntimeError(f"the subject answered {status}: {body[:500]!r}")


async def _unanswered(url: str) -> Figure:
    """Questions of the whole path that came to no answer: there must be none."""
    connection = await asyncpg.connect(url)
    try:
        missing = await connection.fetchval("select count(*) from ai_access_request where status <> 'answered'")
    finally:
        await connection.close()
    return Figure("  questions left without an answer", float(missing), "")
