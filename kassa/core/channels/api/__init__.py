"""Channels over HTTP: Telegram's webhook and sign-in, and the owner's bots."""

from fastapi import APIRouter

from . import bots, telegram

router = APIRouter()
for part in (telegram, bots):
    router.include_router(part.router)
