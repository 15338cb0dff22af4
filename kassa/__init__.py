"""Kassa: a self-hosted platform for running a business on Telegram bots and the web."""

__version__ = "0.1.0"
