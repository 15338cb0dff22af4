"""NFR-2: from an update at the webhook to its reply at Telegram, durable and in order, against a bare bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from kassa.kit import ids

from . import machine
from .figures import Figure, Note, Plan, median, percentile, ratio
from .machine import Server
from .rules import raise_limits
from .stub.serving import serving
from .stub.telegram import BotApiStub
from .subjects.help_bot import TOKEN
from .updates import Target, drizzle, flood

PER_S = 200.0


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Flood and drizzle the product, the minimal durable bot and the bare bot by turns."""
    subject_cores, load_cores = machine.cores()
    note("starting PostgreSQL and three bots")
    with machine.pinned(load_cores), machine.postgres(plan.directory / "postgres") as server:
        server.pin(subject_cores)
        async with _targets(plan, server, subject_cores) as targets:
            return await _measure(plan, note, targets)


async def _measure(plan: Plan, note: Note, targets: dict[str, Target]) -> list[Figure]:
    rates: dict[str, list[float]] = {name: [] for name in targets}
    medians: dict[str, list[float]] = {name: [] for name in targets}
    tails: dict[str, list[float]] = {name: [] for name in targets}
    for target in targets.values():
        await flood(target, min(2.0, plan.seconds))  # warms caches, plans and people's first contact
        await drizzle(target, min(2.0, plan.seconds), PER_S)
    for number in range(plan.rounds):
        for name, target in targets.items():
            note(f"round {number + 1} of {plan.rounds}: {name}")
            rates[name].append(await flood(target, plan.seconds))
            await asyncio.sleep(0.3)
            taken = await drizzle(target, plan.seconds, PER_S)
            medians[name].append(1000 * percentile(taken, 0.5))
            tails[name].append(1000 * percentile(taken, 0.99))
    p50, p99 = median(medians["product"]), ratio(tails["product"], tails["minimal"])
    return [
        Figure("telegram: updates/s to bare aiogram", ratio(rates["product"], rates["bare"]), "×", at_least=0.65),
        Figure("telegram: median reply at 200/s", p50, "ms", at_most=5.0),
        Figure("telegram: p99 at 200/s to minimal durable", p99, "×", at_most=1.5),
        *[Figure(f"  updates/s, {name}", median(found), "1/s") for name, found in rates.items()],
        *[Figure(f"  p50 at 200/s, {name}", median(found), "ms") for name, found in medians.items()],
        *[Figure(f"  p99 at 200/s, {name}", median(found), "ms") for name, found in tails.items()],
    ]


@asynccontextmanager
async def _targets(plan: Plan, server: Server, on: list[int]) -> AsyncIterator[dict[str, Target]]:
    async with AsyncExitStack() as stack:
        stubs = {}
        for name in ("product", "minimal", "bare"):
            stub, port = BotApiStub(), machine.free_port()
            await stack.enter_async_context(serving(stub, port))
            stubs[name] = (stub, port, machine.free_port())
        targets = {"product": await _product(stack, plan, server, on, *stubs["product"])}
        for name in ("minimal", "bare"):
            stub, stub_port, port = stubs[name]
            environment = {
                "KASSA_BENCH_PORT": str(port), "KASSA_BENCH_STUB_PORT": str(stub_port),
                "KASSA_BENCH_DATABASE_URL": await server.create("bench_minimal") if name == "minimal" else "",
            }  # fmt: skip
            module = [f"bench.subjects.telegram_{name}"]
            await stack.enter_async_context(machine.program(module, environment, on, plan.directory / f"{name}.log"))
            targets[name] = Target(name, port, "/webhook", "-", stub)
        yield targets


async def _product(
    stack: AsyncExitStack, plan: Plan, server: Server, on: list[int], stub: BotApiStub, stub_port: int, port: int
) -> Target:
    """The product as an operator runs it: all roles in one process, in production mode, with one bot."""
    environment = {
        "KASSA_MODE": "production", "KASSA_HOST": "127.0.0.1", "KASSA_PORT": str(port),
        "KASSA_PUBLIC_URL": f"http://127.0.0.1:{port}", "KASSA_DATABASE_URL": server.url,
        "KASSA_DATA_DIR": str(plan.directory / "data"), "KASSA_SECRET_KEYS": ids.secret(),
        "KASSA_TELEGRAM_API_URL": f"http://127.0.0.1:{stub_port}", "KASSA_TELEGRAM_TRANSPORT": "webhook",
        "KASSA_TELEGRAM_SEND_RATE": "0", "KASSA_LOG_LEVEL": "WARNING",
    }  # fmt: skip
    await machine.run(
        ["kassa", "bot", "add", "--token", TOKEN, "--locale", "en", "--locales", "ru,en", "--json"], environment
    )
    await stack.enter_async_context(
        machine.program(["kassa", "up", "--json"], environment, on, plan.directory / "product.log")
    )
    await raise_limits(server.url)
    url, secret = await asyncio.wait_for(stub.webhook, 30)
    return Target("product", port, url.removeprefix(f"http://127.0.0.1:{port}"), secret, stub)
