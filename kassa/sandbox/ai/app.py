"""The application: one prefix per vendor, each standing for exactly the vendor's base URL."""

from typing import Any

from fastapi import FastAPI

from kassa.sandbox.faults import Faults
from kassa.sandbox.store import Store

from . import anthropic, gemini, openai
from .stage import Stage


def create_app(store: Store, faults: Faults, *, chunk_delay_s: float = 1 / 60) -> FastAPI:
    """Build the emulator. `chunk_delay_s` is the pause between parts of a streamed answer; 0 for load tests.

    Base URLs: /openai/v1 · /deepseek · /perplexity · /anthropic · /gemini. Any key works but `wrong`.
    """
    app = FastAPI(title="AI providers, emulated", docs_url=None, redoc_url=None, openapi_url=None)
    stage = Stage(store, faults, chunk_delay_s)
    app.include_router(openai.router(stage, "openai"), prefix="/openai/v1")
    app.include_router(openai.router(stage, "deepseek"), prefix="/deepseek")
    app.include_router(openai.router(stage, "perplexity"), prefix="/perplexity/v1")
    app.include_router(anthropic.router(stage), prefix="/anthropic")
    app.include_router(gemini.router(stage), prefix="/gemini")

    @app.get("/ai/requests")
    async def requests() -> list[dict[str, Any]]:
        """What was asked last, the oldest first: for people and tests to look at."""
        return sorted((body for _, body in store.all("ai_requests")), key=lambda entry: str(entry["at"]))

    return app
