"""Every measurement runs and yields sane figures; how fast this machine is, is not a matter of tests."""

import math
import tempfile
from pathlib import Path

import pytest

from bench.figures import Figure, Plan, percentile, ratio
from bench.run import BENCHMARKS


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BENCHMARKS))
async def test_a_measurement_yields_sane_figures(name: str) -> None:
    said: list[str] = []
    # Not pytest's folder: a server that was started by root runs as somebody who may not enter it.
    with tempfile.TemporaryDirectory(prefix="kassa-bench-") as folder:
        plan = Plan(Path(folder), seconds=0.3, rounds=1, entries=500)
        figures = await BENCHMARKS[name](plan, said.append)
    assert said
    assert any(figure.limit is not None for figure in figures)
    for figure in figures:
        # A difference of two noisy times may be below zero in so short a run; a figure is a number all the same.
        assert math.isfinite(figure.value), figure
    assert all(figure.value > 0 for figure in figures if figure.unit in ("1/s", "s", "MB"))
    unanswered = [figure.value for figure in figures if "without an answer" in figure.name]
    assert not any(unanswered)


def test_a_limit_is_kept_on_its_own_side() -> None:
    assert Figure("fast", 0.7, at_least=0.65).is_met
    assert not Figure("slow", 0.6, at_least=0.65).is_met
    assert Figure("short", 4.0, at_most=5.0).is_met
    assert not Figure("long", 6.0, at_most=5.0).is_met
    assert Figure("explains", 1.0).is_met is None
    assert Figure("short", 4.0, at_most=5.0).ratio == 0.8


def test_a_round_that_was_disturbed_does_not_count() -> None:
    assert ratio([100, 10, 90], [100, 100, 100]) == 0.9
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
