"""Everything the sandbox serves under /sandbox: emulators, the control API and the phone."""

import importlib.resources
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from kassa.sandbox import ai, telegram, yookassa
from kassa.sandbox.faults import Faults
from kassa.sandbox.mail import Mailbox, mail_router
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.control import control_router
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import ApiError
from kassa.sandbox.telegram.oauth import oauth_router

SMTP_PORT_FILE = "smtp-port"
"""In the sandbox's folder: where its mail server listens."""

_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Kassa sandbox</title>
<style>body{font:16px/1.5 system-ui;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>
<h1>The sandbox page is not built</h1>
<p>The emulators work, only their page is missing. Run <code>python3 dev.py up</code>: it builds the page and starts
everything.</p>"""


class Sandbox(FastAPI):
    """The application to mount at /sandbox. A mount does not run lifespans: call `start` and `stop`."""

    store: Store
    faults: Faults
    emulator: Emulator
    shops: yookassa.Emulator
    mailbox: Mailbox

    async def start(self) -> None:
        """Go on with deliveries that were under way when the process ended."""
        self.emulator.start()
        self.shops.start()
        await self.mailbox.start()

    async def stop(self) -> None:
        """Stop deliveries and write everything to disk."""
        await self.mailbox.stop()
        await self.shops.stop()
        await self.emulator.stop()
        self.store.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """`start` and `stop` around a block."""
        await self.start()
        try:
            yield
        finally:
            await self.stop()


def create_sandbox(data_dir: Path | None, public_url: str, webhook_url: str) -> Sandbox:
    """All emulators over one store; without a data_dir nothing is kept.

    `public_url` is the product's own address, below which this is mounted at /sandbox; `webhook_url` is where the
    product takes payment notifications.
    """
    sandbox = Sandbox(title="Kassa sandbox", openapi_url=None)
    sandbox.store = Store(data_dir / "sandbox.sqlite3" if data_dir else None)
    sandbox.faults = Faults()
    telegram_app = telegram.create_app(sandbox.store, sandbox.faults)
    sandbox.emulator = telegram_app.state.emulator
    sandbox.state.emulator = sandbox.emulator
    sandbox.mailbox = Mailbox(sandbox.store, data_dir / SMTP_PORT_FILE if data_dir else None)
    sandbox.include_router(mail_router(sandbox.mailbox))
    sandbox.include_router(control_router(), prefix="/api")
    sandbox.add_exception_handler(ApiError, _refused)
    base = f"{public_url.rstrip('/')}/sandbox"
    sandbox.include_router(oauth_router(sandbox.emulator, base), prefix="/oauth")
    sandbox.mount("/telegram", telegram_app)
    shops = yookassa.create_app(sandbox.store, sandbox.faults, lambda: webhook_url, lambda: f"{base}/yookassa")
    sandbox.shops = shops.state.emulator
    sandbox.mount("/yookassa", shops)
    _mount_page(sandbox)
    # Last, because it stands at the root: /openai, /anthropic, /gemini, /deepseek, /perplexity.
    sandbox.mount("", ai.create_app(sandbox.store, sandbox.faults))
    return sandbox


async def _refused(request: Request, error: Exception) -> Response:
    description = error.description if isinstance(error, ApiError) else str(error)
    code = error.code if isinstance(error, ApiError) else 400
    return JSONResponse({"detail": description.removeprefix("Bad Request: ")}, code)


def _mount_page(sandbox: FastAPI) -> None:
    built = Path(str(importlib.resources.files("kassa"))) / "assets" / "sandbox"

    @sandbox.get("/", include_in_schema=False)
    @sandbox.get("", include_in_schema=False)
    async def page() -> HTMLResponse:
        index = built / "index.html"
        # Read on every request: the build may appear while the process runs, and the file is small.
        return HTMLResponse(index.read_text() if index.exists() else _NOT_BUILT, headers={"Cache-Control": "no-cache"})

    sandbox.mount("/assets", StaticFiles(directory=built / "assets", check_dir=False), name="sandbox-assets")
