"""Billing over HTTP: for customers, and for staff."""

from fastapi import APIRouter

from . import customer, plans, sales

router = APIRouter()
for part in (customer, sales, plans):
    router.include_router(part.router)
