"""The control API: what the phone in the browser, tests and scripts do as people.

The application that includes the router keeps its emulator in `app.state.emulator`.
"""

from fastapi import APIRouter

from . import chats, messages, mini_apps, people, switches

__all__ = ["control_router"]


def control_router() -> APIRouter:
    """Everything under /sandbox/api."""
    router = APIRouter()
    for part in (people, chats, messages, mini_apps, switches):
        router.include_router(part.routes)
    return router
