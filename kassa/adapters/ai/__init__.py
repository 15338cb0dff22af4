"""AI providers over one shared HTTP session; the runtime picks a driver by its kind."""

import aiohttp

from kassa.core.ai import MakeDriver, TextDriver

from .anthropic import AnthropicDriver
from .gemini import GeminiDriver
from .openai_chat import OpenAIChatDriver
from .openai_media import OpenAIMediaDriver
from .openai_responses import OpenAIResponsesDriver

__all__ = [
    "AnthropicDriver", "GeminiDriver", "OpenAIChatDriver", "OpenAIMediaDriver", "OpenAIResponsesDriver", "make_drivers",
    "text_drivers",
]  # fmt: skip


def text_drivers(session: aiohttp.ClientSession) -> dict[str, TextDriver]:
    """Every text driver by its kind, as routes of the catalogue name it."""
    return {
        "openai_chat": OpenAIChatDriver(session),
        "openai_responses": OpenAIResponsesDriver(session),
        "anthropic": AnthropicDriver(session),
        "gemini": GeminiDriver(session),
    }


def make_drivers(session: aiohttp.ClientSession) -> dict[str, MakeDriver]:
    """Every driver of calls that do not stream, by its kind."""
    media = OpenAIMediaDriver(session)
    return {"openai_images": media, "openai_audio": media, "openai_embeddings": media}
