"""NFR-5: a chat's message stored and delivered, against a bare room; memory of idle sockets; nothing lost by drops."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import aiohttp
import orjson

from kassa.kit import ids

from . import machine, ws
from .figures import Figure, Note, Plan, median, percentile, ratio
from .machine import Program

PER_S, ROOMS = 100.0, 20
IDLE = 10_000
PER_PERSON, PER_ADDRESS = 20, 180
"""Below what the rules allow."""
DROPPED, SPEAKERS, MESSAGES = 10, 4, 800
WARM_S = 1.0


@dataclass(slots=True)
class Visitor:
    """A guest of the site and their chat."""

    token: str
    stream: str


@dataclass(slots=True)
class Pair:
    """Two sockets of one room: one speaks, the other hears."""

    say: Callable[[int], None]
    heard: dict[int, float] = field(default_factory=dict)
    said: dict[int, float] = field(default_factory=dict)


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Drizzle both by turns; then open the idle sockets; then drop and resume."""
    subject_cores, load_cores = machine.cores()
    _allow_many_files()
    with machine.pinned(load_cores), machine.postgres(plan.directory / "postgres") as server:
        server.pin(subject_cores)
        async with AsyncExitStack() as stack:
            note("starting PostgreSQL, the api role and the bare room")
            bare_port, port = machine.free_port(), machine.free_port()
            bare = await stack.enter_async_context(
                machine.program(["bench.subjects.room_bare"], {"KASSA_BENCH_PORT": str(bare_port)}, subject_cores,
                                plan.directory / "bare.log")
            )  # fmt: skip
            product = await stack.enter_async_context(
                machine.program(["kassa", "up", "api", "--json"], _environment(plan, server.url, port), subject_cores,
                                plan.directory / "product.log")
            )  # fmt: skip
            http = await stack.enter_async_context(aiohttp.ClientSession())
            visitors = [await _visit(http, port) for _ in range(ROOMS)]
            figures = await _latencies(plan, note, bare_port, port, visitors)
            figures += await _drops(note, port, await _visit(http, port), http)
            figures += await _idle(note, bare, product, bare_port, port, min(IDLE, plan.entries))
            return figures


def _environment(plan: Plan, database_url: str, port: int) -> dict[str, str]:
    return {
        "KASSA_MODE": "production", "KASSA_HOST": "127.0.0.1", "KASSA_PORT": str(port),
        "KASSA_PUBLIC_URL": f"http://127.0.0.1:{port}", "KASSA_DATABASE_URL": database_url,
        "KASSA_DATA_DIR": str(plan.directory / "data"), "KASSA_SECRET_KEYS": ids.secret(), "KASSA_LOG_LEVEL": "WARNING",
    }  # fmt: skip


async def _people(port: int, count: int) -> list[Visitor]:
    """Guests, from so many addresses that none of them asks too often."""
    people: list[Visitor] = []
    while len(people) < count:
        connector = aiohttp.TCPConnector(local_addr=(f"127.0.200.{1 + len(people) // 100}", 0))
        async with aiohttp.ClientSession(connector=connector) as http:
            people += [await _visit(http, port) for _ in range(min(100, count - len(people)))]
    return people


async def _visit(http: aiohttp.ClientSession, port: int) -> Visitor:
    base = f"http://127.0.0.1:{port}/api/v1"
    async with http.post(f"{base}/auth/guest", json={"language": "en"}) as answer:
        token = (await answer.json())["access_token"]
    async with http.get(f"{base}/chat", headers={"Authorization": f"Bearer {token}"}) as answer:
        return Visitor(token, (await answer.json())["stream"])


async def _latencies(plan: Plan, note: Note, bare_port: int, port: int, visitors: list[Visitor]) -> list[Figure]:
    taken: dict[str, list[list[float]]] = {"product": [], "bare": []}
    async with _bare_pairs(bare_port) as bare, _product_pairs(port, visitors) as product:
        sides = {"product": product, "bare": bare}
        for pairs in sides.values():
            await _drizzle(pairs, WARM_S)
        for number in range(plan.rounds):
            for name, pairs in sides.items():
                note(f"round {number + 1} of {plan.rounds}: {name}")
                taken[name].append(await _drizzle(pairs, plan.seconds))
    p50 = {name: [1000 * percentile(found, 0.5) for found in rounds] for name, rounds in taken.items()}
    p99 = {name: [1000 * percentile(found, 0.99) for found in rounds] for name, rounds in taken.items()}
    return [
        Figure(
            "sockets: stored and delivered, median to bare room", ratio(p50["product"], p50["bare"]), "×", at_most=8
        ),
        Figure("sockets: the same, p99", ratio(p99["product"], p99["bare"]), "×", at_most=15),
        *[Figure(f"  p50 at 100/s, {name}", median(found), "ms") for name, found in p50.items()],
        *[Figure(f"  p99 at 100/s, {name}", median(found), "ms") for name, found in p99.items()],
    ]


async def _drizzle(pairs: list[Pair], seconds: float) -> list[float]:
    """Seconds from saying to hearing, for messages that come evenly in rooms by turns."""
    began, count = time.perf_counter(), int(seconds * PER_S)
    for pair in pairs:
        pair.said.clear()
        pair.heard.clear()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / PER_S - time.perf_counter()))
        pair = pairs[number % len(pairs)]
        pair.said[number] = time.perf_counter()
        pair.say(number)
    async with asyncio.timeout(20):
        while sum(len(pair.heard) for pair in pairs) < count:  # noqa: ASYNC110 - counted by callbacks
            await asyncio.sleep(0.01)
    return [pair.heard[number] - said for pair in pairs for number, said in pair.said.items()]


@asynccontextmanager
async def _bare_pairs(port: int) -> AsyncIterator[list[Pair]]:
    pairs, wires = [], []
    for room in range(ROOMS):
        speaker = await ws.connect(port, f"/{room}")
        pair = Pair(partial(_say_bare, speaker))
        listener = await ws.connect(port, f"/{room}", partial(_hear_bare, pair))
        pairs.append(pair)
        wires += [speaker, listener]
    yield pairs
    for wire in wires:
        wire.drop()


@asynccontextmanager
async def _product_pairs(port: int, visitors: list[Visitor]) -> AsyncIterator[list[Pair]]:
    pairs, wires = [], []
    run = ids.new().hex[-8:]
    for visitor in visitors:
        speaker = await _follow(port, visitor)
        listener = await _follow(port, visitor)
        head = orjson.dumps({"type": "post", "stream": visitor.stream, "payload": {"kind": "message"}})[:-2]

        def say(number: int, wire: ws.Wire = speaker, head: bytes = head) -> None:
            wire.send(
                head + b',"text":"/hello %d"},"id":"%s-%d-%d"}' % (number, run.encode(), number, time.monotonic_ns())
            )

        pair = Pair(say)
        listener.hear = partial(_hear, pair)
        pairs.append(pair)
        wires += [speaker, listener]
    yield pairs
    for wire in wires:
        wire.drop()


def _say_bare(wire: ws.Wire, number: int) -> None:
    wire.send(b"hello %d" % number)


def _hear_bare(pair: Pair, text: bytes) -> None:
    _note(pair, int(text[6:]))


def _hear(pair: Pair, text: bytes) -> None:
    frame = orjson.loads(text)
    if frame["type"] == "event" and frame["payload"].get("author") == "customer":
        _note(pair, int(frame["payload"]["text"][7:]))


def _note(pair: Pair, number: int) -> None:
    pair.heard.setdefault(number, time.perf_counter())


async def _follow(port: int, visitor: Visitor, after: int | None = None, number: int = 0) -> ws.Wire:
    wire = await ws.connect(port, "/api/v1/ws", number=number)
    welcome = await wire.ask(type="hello", token=visitor.token)
    if welcome.get("type") != "welcome":
        raise RuntimeError(f"not welcome: {welcome}")
    if after is None:
        await wire.ask(type="subscribe", stream=visitor.stream)
    return wire


async def _drops(note: Note, port: int, visitor: Visitor, http: aiohttp.ClientSession) -> list[Figure]:
    """Ten followers lose their connections again and again while messages come."""
    note("dropping connections")
    url, headers = f"http://127.0.0.1:{port}/api/v1/chat/messages?limit=1", {"Authorization": f"Bearer {visitor.token}"}
    async with http.get(url, headers=headers) as answer:
        first = int((await answer.json())["position"])
    followers = [Follower(port, visitor, first) for _ in range(DROPPED)]
    tasks = [asyncio.create_task(follower.stay()) for follower in followers]
    speakers = [await _follow(port, visitor) for _ in range(SPEAKERS)]
    run, began = ids.new().hex[-8:], time.perf_counter()
    for number in range(MESSAGES):
        await asyncio.sleep(max(0.0, began + number / (2 * PER_S) - time.perf_counter()))
        body = {"kind": "message", "text": f"/d {number}"}
        frame = {"type": "post", "stream": visitor.stream, "id": f"{run}-{number}", "payload": body}
        speakers[number % SPEAKERS].send(orjson.dumps(frame))
    last = first + MESSAGES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while any(follower.position < last for follower in followers):  # noqa: ASYNC110 - counted by callbacks
                await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for speaker in speakers:
        speaker.drop()
    seen = [len(follower.seen) for follower in followers]
    return [
        Figure("sockets: messages lost over drops", float(sum(MESSAGES - count for count in seen)), "", at_most=0),
        Figure("sockets: messages doubled over drops", float(sum(f.doubled for f in followers)), "", at_most=0),
        Figure("  connections dropped", float(sum(follower.drops for follower in followers))),
    ]


class Follower:
    """A client that drops and resumes."""

    def __init__(self, port: int, visitor: Visitor, position: int) -> None:
        self.position, self.doubled, self.drops = position, 0, 0
        self.seen: set[int] = set()
        self._port, self._visitor = port, visitor

    async def stay(self) -> None:
        """Follow, be dropped, come back."""
        while True:
            try:
                wire = await _follow(self._port, self._visitor, self.position)
            except (OSError, RuntimeError):  # the places of dropped connections are not free yet
                await asyncio.sleep(0.1)
                continue
            wire.hear = self._hear
            follow = {"type": "subscribe", "stream": self._visitor.stream, "after_seq": self.position}
            wire.send(orjson.dumps(follow))
            try:
                await asyncio.sleep(random.uniform(0.05, 0.4))
            finally:
                wire.hear = None
                wire.drop()
            self.drops += 1

    def _hear(self, text: bytes) -> None:
        frame = orjson.loads(text)
        if frame["type"] != "event" or "seq" not in frame:
            return
        self.doubled += frame["seq"] in self.seen
        self.seen.add(frame["seq"])
        if frame["seq"] == self.position + 1:
            self.position += 1


async def _idle(note: Note, bare: Program, product: Program, bare_port: int, port: int, count: int) -> list[Figure]:
    note("signing people in")
    people = await _people(port, -(-count // PER_PERSON))

    async def to_bare(number: int) -> ws.Wire:
        return await ws.connect(bare_port, f"/{number % 1000}", number=1 + number // PER_ADDRESS)

    async def to_product(number: int) -> ws.Wire:
        return await _follow(port, people[number // PER_PERSON], number=1 + number // PER_ADDRESS)

    figures = []
    for name, program, opened in (("bare", bare, to_bare), ("product", product, to_product)):
        note(f"{count:,} idle sockets: {name}")
        kib, alive = await _memory(program, opened, count)
        limit = 47.0 if name == "product" else None
        figures.append(Figure(f"sockets: memory of an idle one, {name}", kib, "KiB", at_most=limit))
        if name == "product":
            figures.append(Figure("sockets: open at once in a process", float(alive), "", at_least=float(count)))
    return figures


async def _memory(program: Program, opened: Callable[[int], Awaitable[ws.Wire]], count: int) -> tuple[float, int]:
    """KiB of resident memory for each of the idle sockets, and how many of them stay."""
    wires = [await opened(0)]
    before = program.rss_mb()
    for start in range(1, count, 50):
        wires += await asyncio.gather(*(opened(number) for number in range(start, min(count, start + 50))))
    await asyncio.sleep(3)
    kib = (program.rss_mb() - before) * 1e6 / 1024 / (len(wires) - 1)
    alive = sum(not wire.closed.done() for wire in wires)
    for wire in wires:
        wire.drop()
    await asyncio.sleep(1)
    return kib, alive


def _allow_many_files() -> None:
    """As many open files as the system lets us have; those that we start have them too."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - does not exist on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
