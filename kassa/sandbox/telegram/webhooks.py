"""Delivery of updates to webhooks: in order within a chat, chats side by side, repeated until 2xx."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp
import orjson

from kassa.kit import clock
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.inbox import Inboxes, Waiting
from kassa.sandbox.telegram.journal import Journal
from kassa.sandbox.telegram.state import Bot

_TIMEOUT_S = 60
_MAX_PAUSE_S = 60.0


class _Lane:
    """Updates of one chat of one bot."""

    def __init__(self) -> None:
        self.waiting: deque[Waiting] = deque()
        self.is_busy = False
        self.failures = 0


class _Line:
    """Delivery to one bot: its chats and how many requests run."""

    def __init__(self) -> None:
        self.lanes: dict[str, _Lane] = {}
        self.ready: deque[str] = deque()
        self.running = 0


class Webhooks:
    """Sends what arrives in the inboxes to the webhooks that are set."""

    def __init__(self, inboxes: Inboxes, journal: Journal) -> None:
        self._inboxes = inboxes
        self._journal = journal
        self._lines: dict[int, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._session: aiohttp.ClientSession | None = None
        self.first_pause_s = 1.0
        self.on_reply: Callable[[Bot, Json], Awaitable[None]] | None = None
        inboxes.on_arrival = self._arrived

    def start(self, bots: list[Bot]) -> None:
        """Go on with what was undelivered when the process ended."""
        for bot in bots:
            self.restart(bot)

    async def stop(self) -> None:
        """End deliveries; what is not confirmed stays in the inbox."""
        for timer in self._timers:
            timer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None
        self._lines.clear()

    def restart(self, bot: Bot) -> None:
        """Begin again after setWebhook or deleteWebhook, or a start of the process."""
        self._lines.pop(bot.id, None)
        for waiting in list(self._inboxes.of(bot.id).waiting.values()):
            self._arrived(bot, waiting)

    def _arrived(self, bot: Bot, waiting: Waiting) -> None:
        if not bot.webhook.get("url"):
            return
        line = self._lines.get(bot.id)
        if line is None:
            line = self._lines[bot.id] = _Line()
        lane = line.lanes.get(waiting.queue)
        if lane is None:
            lane = line.lanes[waiting.queue] = _Lane()
        lane.waiting.append(waiting)
        if not lane.is_busy:
            lane.is_busy = True
            line.ready.append(waiting.queue)
        self._spawn(bot, line)

    def _spawn(self, bot: Bot, line: _Line) -> None:
        while line.ready and line.running < int(bot.webhook.get("max_connections", 40)):
            line.running += 1
            task = asyncio.get_running_loop().create_task(self._drive(bot, line, line.ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drive(self, bot: Bot, line: _Line, queue: str) -> None:
        lane = line.lanes[queue]
        pause: float | None = None
        try:
            while lane.waiting and self._lines.get(bot.id) is line:
                pause = await self._deliver(bot, lane.waiting[0], lane.failures)
                if pause is not None:
                    lane.failures += 1
                    break
                lane.failures = 0
                self._inboxes.confirm(bot, lane.waiting.popleft().number)
        finally:
            line.running -= 1
        if pause is not None:
            self._later(pause, bot, line, queue)
        else:
            lane.is_busy = False
            if not lane.waiting:
                line.lanes.pop(queue, None)
        self._spawn(bot, line)

    def _later(self, pause: float, bot: Bot, line: _Line, queue: str) -> None:
        def again() -> None:
            self._timers.discard(timer)
            if self._lines.get(bot.id) is line:
                line.ready.append(queue)
                self._spawn(bot, line)

        timer = asyncio.get_running_loop().call_later(pause, again)
        self._timers.add(timer)

    async def _deliver(self, bot: Bot, waiting: Waiting, failures: int) -> float | None:
        """Send one update; the seconds to wait before the next attempt, or None when it was accepted."""
        headers = {"Content-Type": "application/json"}
        if bot.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook["secret_token"]
        self._journal.add_update(bot.id, waiting.update, "webhook")
        pause = min(self.first_pause_s * float(2**failures), _MAX_PAUSE_S)
        try:
            answer = await self._client().post(
                bot.webhook["url"], data=orjson.dumps(waiting.update), headers=headers, allow_redirects=False
            )
            async with answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(bot, "Connection timed out" if isinstance(error, TimeoutError) else "Connection refused")
            return pause
        if not 200 <= answer.status < 300:
            self._failed(bot, f"Wrong response from the webhook: {answer.status} {answer.reason}")
            retry_after = answer.headers.get("Retry-After", "")
            return max(pause, float(retry_after)) if answer.status == 429 and retry_after.isdigit() else pause
        await self._reply(bot, body)
        return None

    async def _reply(self, bot: Bot, body: bytes) -> None:
        if self.on_reply is None or not body.lstrip().startswith(b"{") or b'"method"' not in body:
            return
        try:
            call = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        if isinstance(call.get("method"), str):
            await self.on_reply(bot, call)

    def _failed(self, bot: Bot, message: str) -> None:
        bot.webhook["last_error_date"] = int(clock.now().timestamp())
        bot.webhook["last_error_message"] = message
        self._inboxes.world.save(bot)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S), connector=aiohttp.TCPConnector(limit=0)
            )
        return self._session
