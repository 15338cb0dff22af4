"""Channels over HTTP: Telegram's webhook and sign-in, what visitors see, and the owner's bots."""

from fastapi import APIRouter

from . import bots, site, telegram

router = APIRouter()
for part in (telegram, bots, site):
    router.include_router(part.router)
