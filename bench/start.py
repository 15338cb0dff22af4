"""NFR-6 and RUN: how long a second start takes until everything serves, and what the idle process holds in memory."""

import asyncio
import time

import psutil

from . import machine
from .figures import Figure, Note, Plan, median


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Start everything in sandbox mode, stop it, start it again as often as there are rounds."""
    port = machine.free_port()
    environment = {
        "KASSA_MODE": "sandbox", "KASSA_HOST": "127.0.0.1", "KASSA_PORT": str(port), "KASSA_LOG_LEVEL": "WARNING",
        "KASSA_DATA_DIR": str(plan.directory / "data"), "KASSA_CONFIG_DIR": str(plan.directory),
    }  # fmt: skip
    taken: list[float] = []
    rss, tree = [], []
    for number in range(plan.rounds + 1):
        note("first start, with an empty folder" if number == 0 else f"start {number} of {plan.rounds}")
        began = time.perf_counter()
        async with machine.program(["kassa", "up", "--json"], environment, None, plan.directory / "up.log") as running:
            taken.append(time.perf_counter() - began)
            await asyncio.sleep(min(5.0, plan.seconds))
            rss.append(running.rss_mb())
            tree.append(rss[-1] + _postgres_mb(running.process.pid))
    return [
        Figure("start: second start until ready", median(taken[1:]), "s", at_most=5.0),
        Figure("start: idle memory of the process", median(rss[1:]), "MB", at_most=400.0),
        Figure("  first start, making the database", taken[0], "s"),
        Figure("  idle, with its PostgreSQL (shared pages once)", median(tree[1:]), "MB"),
    ]


def _postgres_mb(pid: int) -> float:
    """Memory of the embedded server that this process started, counting shared pages by their share."""
    total = 0.0
    for process in psutil.process_iter(["name"]):
        try:
            if (
                str(process.info["name"]).startswith("postgres")
                and process.create_time() > psutil.Process(pid).create_time()
            ):
                total += float(getattr(process.memory_full_info(), "pss", 0)) / 1e6
        except psutil.Error:
            continue
    return total
