"""The OpenAI-compatible routes."""

from . import chat, media, models, responses

routers = [models.router, chat.router, responses.router, media.router]
