"""Dialogs over HTTP."""

from fastapi import APIRouter

from . import staff

router = APIRouter()
for part in (staff,):
    router.include_router(part.router)
