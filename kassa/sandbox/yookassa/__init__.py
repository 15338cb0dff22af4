"""Emulator of YooKassa: API v3 with its errors and idempotence, the payment page, and notifications with retries."""

from .app import create_app
from .emulator import Emulator

__all__ = ["Emulator", "create_app"]
