"""The event loop: uvloop where it exists, which halves the cost of every read and write of a socket."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

try:
    import uvloop
except ImportError:  # Windows
    _factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    _factory = uvloop.new_event_loop

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, as asyncio.run does."""
    with asyncio.Runner(loop_factory=_factory) as runner:
        return runner.run(work)
