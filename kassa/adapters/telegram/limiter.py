"""How fast we may write: Telegram's limits per bot and per chat (core.telegram.org/bots/faq), and what it asked of us.

Kept per process: several processes sending for one bot share the limits only through Telegram's own answers, which
are obeyed for the whole chat or bot.
"""

import asyncio
import time
from collections import OrderedDict

from kassa.core.channels import SlowDown

BOT_PER_S = 28.0
"""Messages a second of one bot; Telegram starts to refuse at about 30."""
PRIVATE_EVERY_S = 1.0
GROUP_EVERY_S = 3.0
BURST = 4
"""Messages that a chat takes at once after a silence."""
MAX_WAIT_S = 5.0
"""Longer waits are given back to the queue instead of holding a worker."""


class SendLimiter:
    """Spaces messages out. `scale` multiplies every rate; 0 switches the limiter off (for load tests)."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._next: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._paused: dict[tuple[int, int], float] = {}

    async def acquire(self, bot_id: int, chat_id: int) -> None:
        """Wait for the chat's and the bot's turn. Raises SlowDown when that is far away."""
        if self._scale == 0:
            return
        now = time.monotonic()
        self._check_pause((bot_id, 0), now)
        self._check_pause((bot_id, chat_id), now)
        every = (GROUP_EVERY_S if chat_id < 0 else PRIVATE_EVERY_S) / self._scale
        chat_at = self._slot((bot_id, chat_id), now, every, BURST)
        bot_at = self._slot((bot_id, 0), now, 1 / (BOT_PER_S * self._scale), BOT_PER_S / 2)
        wait = max(chat_at, bot_at) - now
        if wait > MAX_WAIT_S:
            self._give_back((bot_id, chat_id), every)
            raise SlowDown(wait)
        if wait > 0:
            await asyncio.sleep(wait)

    def may_draft(self, bot_id: int, chat_id: int) -> bool:
        """Whether a draft may go out now: drafts never take the turn of a message, and never during a pause."""
        if self._scale == 0:
            return True
        now = time.monotonic()
        if any(self._paused.get(key, 0) > now for key in ((bot_id, 0), (bot_id, chat_id))):
            return False
        return self._next.get((bot_id, 0), now) - now < BOT_PER_S / 4 / BOT_PER_S

    def pause(self, bot_id: int, chat_id: int, seconds: float) -> None:
        """Telegram said to wait. Three chats told so at once mean that the bot as a whole is too fast."""
        now = time.monotonic()
        self._paused[bot_id, chat_id] = now + seconds
        recent = [key for key, until in self._paused.items() if key[0] == bot_id and key[1] and until > now]
        if len(recent) >= 3:
            self._paused[bot_id, 0] = now + seconds
        self._paused = {key: until for key, until in self._paused.items() if until > now}

    def _check_pause(self, key: tuple[int, int], now: float) -> None:
        until = self._paused.get(key, 0.0)
        if until > now:
            raise SlowDown(until - now)

    def _slot(self, key: tuple[int, int], now: float, every: float, burst: float) -> float:
        """The generic cell rate algorithm: when this message may go, and the book-keeping that it will."""
        due = max(self._next.get(key, 0.0), now - every * (burst - 1))
        self._next[key] = due + every
        self._next.move_to_end(key)
        if len(self._next) > 20_000:
            self._next.popitem(last=False)
        return due

    def _give_back(self, key: tuple[int, int], every: float) -> None:
        self._next[key] -= every
