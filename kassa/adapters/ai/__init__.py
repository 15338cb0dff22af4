"""AI providers over one shared HTTP session; the runtime picks a driver by its kind."""

import aiohttp

from kassa.core.ai import TextDriver

from .anthropic import AnthropicDriver
from .gemini import GeminiDriver
from .openai_chat import OpenAIChatDriver
from .openai_responses import OpenAIResponsesDriver

__all__ = ["AnthropicDriver", "GeminiDriver", "OpenAIChatDriver", "OpenAIResponsesDriver", "text_drivers"]


def text_drivers(session: aiohttp.ClientSession) -> dict[str, TextDriver]:
    """Every text driver by its kind, as routes of the catalogue name it."""
    return {
        "openai_chat": OpenAIChatDriver(session),
        "openai_responses": OpenAIResponsesDriver(session),
        "anthropic": AnthropicDriver(session),
        "gemini": GeminiDriver(session),
    }
