"""Emulators of OpenAI, DeepSeek, Perplexity, Anthropic and Gemini: their addresses, payloads, streams and errors."""

from .app import create_app

__all__ = ["create_app"]
