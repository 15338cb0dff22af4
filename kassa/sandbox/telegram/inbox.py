"""Updates that wait for a bot: kept until getUpdates confirms them or the webhook answers 2xx."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from kassa.sandbox.faults import Faults
from kassa.sandbox.telegram.errors import Json, conflict
from kassa.sandbox.telegram.journal import Journal
from kassa.sandbox.telegram.state import DEFAULT_UPDATES_EXCEPT, Bot
from kassa.sandbox.telegram.world import World


@dataclass(slots=True)
class Waiting:
    """One undelivered update; `queue` names the chat within which order is kept."""

    number: int
    update: Json
    queue: str


class Inbox:
    """Undelivered updates of one bot, oldest first."""

    def __init__(self) -> None:
        self.waiting: dict[int, Waiting] = {}
        self.arrived = asyncio.Event()
        self.poll = 0
        self.held: tuple[Json, str] | None = None


class Inboxes:
    """Undelivered updates of every bot."""

    def __init__(self, world: World, faults: Faults, journal: Journal) -> None:
        self.world = world
        self.on_arrival: Callable[[Bot, Waiting], None] = lambda bot, waiting: None
        self._faults = faults
        self._journal = journal
        self._inboxes: dict[int, Inbox] = {}
        self._numbers = count(1)
        self._timers: set[asyncio.TimerHandle] = set()
        self._is_closing = False
        for key, document in world.store.all("telegram_updates"):
            inbox = self.of(int(key.partition("|")[0]))
            number = int(key.rpartition("|")[2])
            inbox.waiting[number] = Waiting(number, document["update"], document["queue"])
            self._numbers = count(number + 1)

    def of(self, bot_id: int) -> Inbox:
        """The inbox of a bot."""
        inbox = self._inboxes.get(bot_id)
        if inbox is None:
            inbox = self._inboxes[bot_id] = Inbox()
        return inbox

    def push(self, bot: Bot, kind: str, body: Json, queue: str) -> Json | None:
        """A new update for the bot, unless it does not want this kind. Plays the faults of updates."""
        wanted = bot.allowed_updates
        if (kind not in wanted) if wanted else (kind in DEFAULT_UPDATES_EXCEPT):
            return None
        update = {"update_id": bot.next_update_id, kind: body}
        bot.next_update_id += 1
        self.world.save(bot)
        fault = self._faults.take("telegram", kind, "update_doubled", "update_reordered", "update_late")
        inbox = self.of(bot.id)
        if fault is None:
            self._add(bot, update, queue)
        elif fault.kind == "update_doubled":
            self._add(bot, update, queue)
            self._add(bot, update, queue)
        elif fault.kind == "update_late":
            self._later(float(fault.options.get("seconds", 5)), bot, update, queue)
        elif inbox.held is None:
            inbox.held = (update, queue)
            # Nothing may follow: then the held one goes out alone.
            self._later(float(fault.options.get("seconds", 5)), bot, None, queue)
        else:
            self._add(bot, update, queue)
        if inbox.held is not None and inbox.held[0] is not update:
            self._release(bot)
        return update

    def _release(self, bot: Bot) -> None:
        inbox = self.of(bot.id)
        if inbox.held is not None:
            (update, queue), inbox.held = inbox.held, None
            self._add(bot, update, queue)

    def _later(self, seconds: float, bot: Bot, update: Json | None, queue: str) -> None:
        def fire() -> None:
            self._timers.discard(timer)
            if update is None:
                self._release(bot)
            else:
                self._add(bot, update, queue)

        timer = asyncio.get_running_loop().call_later(seconds, fire)
        self._timers.add(timer)

    def _add(self, bot: Bot, update: Json, queue: str) -> None:
        waiting = Waiting(next(self._numbers), update, queue)
        inbox = self.of(bot.id)
        inbox.waiting[waiting.number] = waiting
        self.world.put("telegram_updates", f"{bot.id}|{waiting.number:015d}", {"update": update, "queue": queue})
        inbox.arrived.set()
        self.on_arrival(bot, waiting)

    def confirm(self, bot: Bot, number: int) -> None:
        """The update has been received; forget it."""
        if self.of(bot.id).waiting.pop(number, None):
            self.world.put("telegram_updates", f"{bot.id}|{number:015d}", None)

    def drop_all(self, bot: Bot) -> None:
        """Forget everything that waits."""
        for number in list(self.of(bot.id).waiting):
            self.confirm(bot, number)

    async def poll(self, bot: Bot, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """What getUpdates answers; a newer poll or a webhook ends a waiting one with 409."""
        inbox = self.of(bot.id)
        inbox.poll += 1
        mine = inbox.poll
        inbox.arrived.set()
        self._confirm_before(bot, inbox, offset)
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout_s
        while True:
            if inbox.poll != mine or bot.webhook.get("url"):
                by = "setWebhook request" if bot.webhook.get("url") else "other getUpdates request"
                raise conflict(f"terminated by {by}; make sure that only one bot instance is running")
            ready = [item.update for item in list(inbox.waiting.values())[:limit]]
            left = until - loop.time()
            if ready or left <= 0 or self._is_closing:
                for update in ready:
                    self._journal.add_update(bot.id, update, "getUpdates")
                return ready
            inbox.arrived.clear()
            try:
                await asyncio.wait_for(inbox.arrived.wait(), left)
            except TimeoutError:
                continue

    def _confirm_before(self, bot: Bot, inbox: Inbox, offset: int) -> None:
        if offset < 0:
            kept = list(inbox.waiting)[offset:]
            for number in list(inbox.waiting):
                if number not in kept:
                    self.confirm(bot, number)
        elif offset > 0:
            for number, item in list(inbox.waiting.items()):
                if item.update["update_id"] < offset:
                    self.confirm(bot, number)

    def release(self) -> None:
        """Answer every waiting poll at once: the process is about to stop."""
        self._is_closing = True
        for inbox in self._inboxes.values():
            inbox.arrived.set()

    def stop(self) -> None:
        """Cancel what is due later."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
