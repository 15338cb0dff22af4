"""Serving the built web applications: one page for every address below a path, files that never change beside it.

`dev.py` builds each application of web/apps into kassa/assets/<name>. A file's address carries a hash of its content,
so that browsers keep it for ever; the page itself is never kept, and a new version is seen at the next visit.
"""

import base64
import hashlib
import importlib.resources
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

ASSETS = Path(str(importlib.resources.files("kassa"))) / "assets"
RESERVED = ("api", "v1", "metrics", "sandbox", "admin")
"""First words of addresses that no application at the root may answer (CTR)."""

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Kassa</title>
<body style="font:16px/1.5 system-ui;max-width:34rem;margin:15vh auto;padding:0 1rem">
<h1>This page is not built</h1><p>Everything else works. Run <code>python3 dev.py up</code>: it builds the web
applications and starts everything.</p></body></html>"""

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_PACKED = (("br", ".br"), ("gzip", ".gz"))
_FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml",
    ".json": "application/json", ".webmanifest": "application/manifest+json",
}  # fmt: skip
"""Not left to the operating system's table: on some Windows machines JavaScript is text/plain there."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a page may load and who may frame it; additions to what every application of ours gets."""

    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """More sources for a directive, such as {"script-src": ("https://telegram.org",)}."""
    frame_ancestors: tuple[str, ...] = ("'none'",)

    def header(self, page: str) -> str:
        """The Content-Security-Policy of a page; its inline scripts are allowed by their hashes."""
        hashes = tuple(f"'sha256-{_sha256(script)}'" for script in _INLINE_SCRIPT.findall(page))
        # Styles may stand in the page: component libraries set positions and animations that way.
        allowed: dict[str, tuple[str, ...]] = {
            "default-src": ("'self'",), "script-src": ("'self'", *hashes), "style-src": ("'self'", "'unsafe-inline'"),
            "img-src": ("'self'", "data:", "blob:"), "font-src": ("'self'", "data:"), "connect-src": ("'self'",),
            "object-src": ("'none'",), "base-uri": ("'none'",), "form-action": ("'self'",),
        }  # fmt: skip
        for directive, sources in self.sources.items():
            allowed[directive] = (*allowed.get(directive, ()), *sources)
        allowed["frame-ancestors"] = self.frame_ancestors
        return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in allowed.items())


class SpaRoute(BaseRoute):
    """Answers GET and HEAD of every address at or below `path` with the application's files or its page."""

    def __init__(self, path: str, folder: Path, policy: Policy) -> None:
        self.path = f"{path}/{{path}}"
        self._prefix = path
        self._folder = folder.resolve()
        self._policy = policy

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only what is ours: an unknown address of the API stays unknown."""
        address: str = scope["path"]
        is_below = address == self._prefix or address.startswith(f"{self._prefix}/")
        is_reserved = not self._prefix and address.split("/")[1] in RESERVED
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not is_below or is_reserved:
            return Match.NONE, {}
        return Match.FULL, {"route": self, "endpoint": self}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        rest: str = scope["path"].removeprefix(self._prefix)
        if not rest:
            return RedirectResponse(f"{self._prefix}/")
        file = self._file(rest.lstrip("/"))
        if file is not None:
            return file_answer(file, self._folder, Headers(scope=scope))
        if rest.startswith("/assets/"):
            # The page of an older version asks for what is gone; the page in its place would be taken for a script.
            raise HTTPException(404, "No such file")
        return self._page()

    def _file(self, name: str) -> Path | None:
        if not name or "\0" in name or "\\" in name or name == "index.html" or name.endswith((".br", ".gz")):
            return None
        file = (self._folder / name).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def _page(self) -> Response:
        index = self._folder / "index.html"
        # Read on every request: the build may appear while the process runs, and the file is small.
        page = index.read_text("utf-8") if index.exists() else _NOT_BUILT
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": self._policy.header(page),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        }
        if self._policy.frame_ancestors == ("'none'",):
            headers["X-Frame-Options"] = "DENY"
        return HTMLResponse(page, 200 if index.exists() else 503, headers)


def mount(api: FastAPI, path: str, name: str, policy: Policy | None = None, folder: Path | None = None) -> None:
    """Serve the application `name` at `path` ("" is the root: mount it last)."""
    api.router.routes.append(SpaRoute(path, folder or ASSETS / name, policy or Policy()))


def file_answer(file: Path, folder: Path, wanted: Headers) -> Response:
    """A file of a build, packed as the browser can unpack it."""
    is_hashed = file.relative_to(folder).parts[0] == "assets"
    headers = {
        "Cache-Control": _FOR_EVER if is_hashed else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    for coding, suffix in _PACKED:
        packed = file.with_name(file.name + suffix)
        if coding in wanted.get("accept-encoding", "") and packed.is_file():
            return FileResponse(packed, headers=headers | {"Content-Encoding": coding}, media_type=kind)
    return FileResponse(file, headers=headers, media_type=kind)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
