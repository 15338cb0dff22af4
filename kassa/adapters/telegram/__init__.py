"""Telegram as a channel: the Bot API, updates in our own words, a limiter for what we send."""

from .limiter import SendLimiter
from .messenger import TelegramMessenger

__all__ = ["SendLimiter", "TelegramMessenger"]
