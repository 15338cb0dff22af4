"""The HTTP application: the modules' routes, health, metrics, and the sandbox."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp

from kassa import __version__
from kassa.core import identity, policies
from kassa.kit import web
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.products.api_access import OpenAIErrors
from kassa.runtime import health, spa, widget
from kassa.runtime.modules import MODULES
from kassa.runtime.routes import RouteIndex
from kassa.runtime.settings import Settings

_IN_TELEGRAM = spa.Policy(frame_ancestors=("'self'", "https://web.telegram.org", "https://*.telegram.org"))
"""Telegram's web client shows Mini Apps in a frame; so does the sandbox's phone, from our own address."""


def create_app(app: App, sandbox: ASGIApp | None = None) -> FastAPI:
    """The application that the api role serves."""
    settings = app.get(Settings)
    api = web.Api(
        title="Kassa", version=__version__, openapi_url="/api/openapi.json", docs_url="/api/docs", redoc_url=None
    )
    api.state.kassa = app
    api.add_middleware(policies.Gate, kassa=app, organization=_default_organization(app))
    limits = {"/sandbox": 0} | {path: limit for module in MODULES for path, limit in module.body_limits.items()}
    web.install(api, limits)
    api.add_middleware(OpenAIErrors)
    for module in MODULES:
        for router in module.routers:
            # Including it would change nothing, and make every route a second time.
            api.router.routes.extend(router.routes)
    _add_operations(api, app)
    spa.mount(api, "/admin", "admin")
    widget.mount(api, settings)

    if sandbox is not None:

        @api.get("/sandbox", include_in_schema=False)
        async def to_sandbox() -> Response:
            return RedirectResponse("/sandbox/")

        api.mount("/sandbox", sandbox)
    spa.mount(api, "", "app", _IN_TELEGRAM)
    api.router.routes.insert(0, RouteIndex(api.router.routes))
    return api


def _default_organization(app: App) -> Callable[[], Awaitable[UUID]]:
    """Whose rules count for who is not signed in."""
    known: list[UUID] = []

    async def ask() -> UUID:
        if not known:
            async with app.get(Database).transaction() as session:
                known.append((await identity.default_organization(session)).id)
        return known[0]

    return ask


def _add_operations(api: FastAPI, app: App) -> None:
    @api.get("/api/health", tags=["operations"])
    async def whole_health() -> JSONResponse:
        """Whether this process can do its work, dependency by dependency."""
        report = await health.report(app)
        return JSONResponse(report, 200 if report["status"] == "ok" else 503)

    @api.get("/api/health/live", tags=["operations"])
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @api.get("/api/health/ready", tags=["operations"])
    async def ready() -> JSONResponse:
        """The database answers too: send requests here."""
        state = await health.database_state(app)
        return JSONResponse({"status": state["status"]}, 200 if state["status"] == "ok" else 503)

    @api.get("/metrics", include_in_schema=False)
    async def metrics(_request: Request) -> Response:
        await health.measure(app)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
