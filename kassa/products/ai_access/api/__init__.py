"""Dialogs over HTTP."""

from fastapi import APIRouter

from . import customer, staff

router = APIRouter()
for part in (customer, staff):
    router.include_router(part.router)
