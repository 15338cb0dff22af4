"""People over HTTP: signing in and registering, one's own profile, staff, customers."""

from fastapi import APIRouter

from . import customers, profile, sign_in, staff

router = APIRouter()
for part in (sign_in, profile, staff, customers):
    router.include_router(part.router)
