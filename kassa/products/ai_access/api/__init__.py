"""Dialogs and their models over HTTP."""

from fastapi import APIRouter

from . import customer, models, staff

router = APIRouter()
for part in (customer, models, staff):
    router.include_router(part.router)
