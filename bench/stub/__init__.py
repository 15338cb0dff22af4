"""Tiny servers that stand for Telegram and for an AI provider, so that only our side is measured."""
