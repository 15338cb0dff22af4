"""The OpenAI-compatible routes."""

from fastapi import APIRouter

from . import chat, media, models, responses

router = APIRouter()
for part in (models, chat, responses, media):
    router.include_router(part.router)
