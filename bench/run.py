"""`python -m bench.run [NAMES] [--json] [--seconds N] [--rounds N] [--full]`; exit code 1 for a missed limit."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kassa.kit import loop

from . import ai, http, job_queue, ledger, sockets, start, telegram
from .figures import Figure, Note, Plan

Measure = Callable[[Plan, Note], Coroutine[Any, Any, list[Figure]]]
BENCHMARKS: dict[str, Measure] = {
    "telegram": telegram.measure, "ai": ai.measure, "ledger": ledger.measure, "jobs": job_queue.measure,
    "http": http.measure, "start": start.measure, "sockets": sockets.measure,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure what was asked for, all when nothing was named."""
    parser = argparse.ArgumentParser(prog="kassa bench", description="Measure this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one measurement")
    parser.add_argument("--rounds", type=int, default=5, help="how often sides are measured by turns")
    parser.add_argument("--full", action="store_true", help="tables with 10 million rows")
    parser.add_argument("--entries", type=int, help="tables with so many rows")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    entries = options.entries or (10_000_000 if options.full else 200_000)
    figures: list[Figure] = []
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for name in options.names or BENCHMARKS:
            figures += _measure(name, options, entries, progress)
    missed = [figure for figure in figures if figure.is_met is False]
    if options.json:
        sys.stdout.write(json.dumps([figure.to_json() for figure in figures], indent=1) + "\n")
    else:
        _show(figures)
    return 1 if missed else 0


def _measure(name: str, options: argparse.Namespace, entries: int, progress: Progress) -> list[Figure]:
    task = progress.add_task(name, total=None)

    def note(said: str) -> None:
        progress.update(task, description=f"{name}: {said}")

    with tempfile.TemporaryDirectory(prefix="kassa-bench-") as directory:
        plan = Plan(Path(directory), options.seconds, options.rounds, entries)
        figures = loop.run(BENCHMARKS[name](plan, note))
    progress.remove_task(task)
    return figures


def _show(figures: list[Figure]) -> None:
    table = Table("Figure", "Value", "Limit", "Of the limit", "")
    for column in table.columns[1:4]:
        column.justify = "right"
    signs = {True: "[green]kept[/green]", False: "[red]MISSED[/red]", None: ""}
    for figure in figures:
        bound = "≥" if figure.at_least is not None else "≤"
        limit = f"{bound} {figure.limit:g} {figure.unit}" if figure.limit is not None else ""
        share = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
        table.add_row(figure.name, f"{figure.value:,.2f} {figure.unit}", limit, share, signs[figure.is_met])
    Console(width=110).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
