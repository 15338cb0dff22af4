"""Telegram: the Bot API as bots see it, and the phones of the people who talk to them."""

from .app import create_app

__all__ = ["create_app"]
