"""Flood control: about 30 messages a second per bot, one a second per chat, 20 a minute per group.

The numbers are those of the Bot API FAQ; the sizes of the bursts are not documented.
"""

import math
import time
from dataclasses import dataclass

from kassa.sandbox.telegram.errors import too_many_requests
from kassa.sandbox.telegram.state import Bot, Chat

# (messages at once, messages a second)
_PER_BOT = (30.0, 30.0)
_PER_CHAT = (5.0, 1.0)
_PER_GROUP = (20.0, 20 / 60)
# Seen in the field: drafts of one chat are refused when they come faster than about two a second for long.
_DRAFTS = (10.0, 2.0)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """Token buckets; `enabled = False` lets everything through (load tests)."""

    def __init__(self) -> None:
        self.enabled = True
        self._buckets: dict[tuple[str, int, int], _Bucket] = {}

    def check_message(self, bot: Bot, chat: Chat) -> None:
        """Count a message; refuses with retry_after. A refused message uses nothing up."""
        if not self.enabled:
            return
        group = not chat.is_private
        whole = ("bot", bot.id, 0)
        part = ("group" if group else "chat", bot.id, chat.id)
        wait = max(self._wait(whole, _PER_BOT), self._wait(part, _PER_GROUP if group else _PER_CHAT))
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._buckets[whole].left -= 1
        self._buckets[part].left -= 1

    def check_edit(self, bot: Bot, chat: Chat) -> None:
        """Count an edit: groups count it with the messages, private chats apart."""
        self._check(("edit", bot.id, chat.id) if chat.is_private else ("group", bot.id, chat.id), chat)

    def check_draft(self, bot: Bot, chat: Chat) -> None:
        """Count a draft."""
        self._check(("draft", bot.id, chat.id), chat)

    def _check(self, key: tuple[str, int, int], chat: Chat) -> None:
        if not self.enabled:
            return
        wait = self._wait(key, _DRAFTS if key[0] == "draft" else _PER_CHAT if chat.is_private else _PER_GROUP)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._buckets[key].left -= 1

    def _wait(self, key: tuple[str, int, int], rule: tuple[float, float]) -> float:
        size, rate = rule
        now = time.monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(size, now)
        bucket.left = min(size, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        return 0.0 if bucket.left >= 1 else (1 - bucket.left) / rate

    def reset(self) -> None:
        """Forget what was counted."""
        self._buckets.clear()
