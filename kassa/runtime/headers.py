"""Security headers: every HTTP answer gets those that it did not set itself (SEC-1).

Around the whole application and not in it: also the answer to a bug, which FastAPI makes outside all its middleware,
goes through here.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS = b"max-age=31536000"
PERMISSIONS = b"camera=(), geolocation=(), microphone=(), payment=()"

_API = ("/api/", "/v1/", "/metrics")
_SANDBOX = "/sandbox"

Headers = tuple[tuple[bytes, bytes], ...]

_EVERYWHERE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", PERMISSIONS),
)
_OF_API: Headers = (
    *_EVERYWHERE,
    (b"referrer-policy", b"no-referrer"),
    # What is not said to be public may be about a person: no browser and no proxy keeps it.
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OF_PAGES: Headers = (*_EVERYWHERE, (b"referrer-policy", b"same-origin"))


class SecureHeaders:
    """Plain ASGI around the application. `is_https` tells browsers to come by https only, for a year."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._always: Headers = ((b"strict-transport-security", HSTS),) if is_https else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to its answer what is missing."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._complete(path, list(message.get("headers", ())))
            await send(message)

        await self._app(scope, receive, completed)

    def _complete(self, path: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = {name.lower(): value for name, value in headers}
        is_api = path.startswith(_API)
        wanted = (*self._always, *(_OF_API if is_api else _OF_PAGES), *_framing(path, is_api, given))
        return [*headers, *(header for header in wanted if header[0] not in given)]


def _framing(path: str, is_api: bool, given: dict[bytes, bytes]) -> Headers:
    """Who may show the answer in a frame: nobody, where it does not say so itself; the sandbox's pages each other."""
    policy = given.get(b"content-security-policy", b"")
    if b"frame-ancestors" in policy:
        return ()
    is_sandbox = path == _SANDBOX or path.startswith(f"{_SANDBOX}/")
    ancestors, option = (b"'self'", b"SAMEORIGIN") if is_sandbox else (b"'none'", b"DENY")
    # Scripts get no `default-src`: a worker's script would have to live by it.
    is_data = is_api and not given.get(b"content-type", b"").startswith(b"text/html")
    closed = b"default-src 'none'; " if is_data else b""
    return ((b"content-security-policy", closed + b"frame-ancestors " + ancestors), (b"x-frame-options", option))
