"""What the emulator has to do later, by the product's clock; it survives a restart."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from kassa.kit import clock, ids
from kassa.sandbox.store import Store

logger = structlog.get_logger(__name__)

_COLLECTION = "yookassa.tasks"
_LOOK_S = 1.0  # the clock may be moved under us, so a long sleep is cut into looks


class Agenda:
    """Tasks with a time. A task that was under way when the process ended is done again."""

    def __init__(self, store: Store, act: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._store = store
        self._act = act
        self._heap = [(float(task["at"]), key) for key, task in store.all(_COLLECTION)]
        heapq.heapify(self._heap)
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def add(self, kind: str, delay_s: float = 0, **facts: Any) -> None:
        """Do something after so many seconds."""
        key, at = str(ids.new()), clock.now().timestamp() + delay_s
        self._store.put(_COLLECTION, key, {"at": at, "kind": kind, **facts})
        heapq.heappush(self._heap, (at, key))
        self._wake.set()

    def hurry(self, kind: str, delay_s: float, **facts: Any) -> None:
        """Bring forward the tasks of a kind that have these facts."""
        for key, task in self._store.all(_COLLECTION):
            if task["kind"] == kind and facts.items() <= task.items():
                at = clock.now().timestamp() + delay_s
                if at < task["at"]:
                    self._store.put(_COLLECTION, key, {**task, "at": at})
                    heapq.heappush(self._heap, (at, key))
                    self._wake.set()

    def ensure_running(self) -> None:
        """Start, unless it runs: a mounted application is not told that it starts."""
        if self._loop is None or self._loop.done():
            self._wake = asyncio.Event()
            self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is not done stays in the store."""
        tasks = [*self._under_way, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop = None

    async def _run(self) -> None:
        while True:
            now = clock.now().timestamp()
            while self._heap and self._heap[0][0] <= now:
                at, key = heapq.heappop(self._heap)
                task = self._store.get(_COLLECTION, key)
                if task is not None and task["at"] == at:  # else it is done, or was brought forward
                    doing = asyncio.create_task(self._do(key, task))
                    self._under_way.add(doing)
                    doing.add_done_callback(self._under_way.discard)
            self._wake.clear()
            pause = min(_LOOK_S, self._heap[0][0] - now) if self._heap else None
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue

    async def _do(self, key: str, task: dict[str, Any]) -> None:
        try:
            await self._act(task)
        except Exception:  # one bad task must not end the loop
            logger.exception("sandbox_task_failed", kind=task["kind"])
        self._store.delete(_COLLECTION, key)
