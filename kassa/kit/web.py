"""The HTTP edge: one transaction per request, errors as JSON, limits on bodies, correlation ids and timings."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import asyncpg
import orjson
import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from kassa.kit import log, metrics
from kassa.kit.app import App
from kassa.kit.db import Database, is_connection_lost, sqlstate
from kassa.kit.errors import AppError, Kind

logger = structlog.get_logger(__name__)

STATUS = {
    Kind.NOT_FOUND: 404,
    Kind.UNAUTHENTICATED: 401,
    Kind.DENIED: 403,
    Kind.CONFLICT: 409,
    Kind.INVALID: 422,
    Kind.LIMIT: 429,
    Kind.UNAVAILABLE: 503,
}
MAX_BODY_BYTES = 1024 * 1024
"""No JSON body of ours is larger; uploads have routes and limits of their own."""
DISCARD_BYTES, DISCARD_S = 256 * 1024 * 1024, 10.0
"""How much of a body that is too large is read, and for how long, before we answer and hang up."""
MAX_DEPTH = 64
"""Nesting of JSON beyond this is an attack, not data."""


class Problem(Exception):
    """A refusal by the HTTP edge itself, with its own status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def app_of(request: Request) -> App:
    """What this process has at hand."""
    app: App = request.app.state.kassa
    return app


async def _open_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    async with app_of(request).get(Database).transaction() as session:
        yield session


# scope="function": the commit comes before the response. By default it would come after it, and a client could act on
# what is not there yet, or be told of a success that failed.
Tx = Annotated[AsyncSession, Depends(_open_transaction, scope="function")]


class ErrorOut(BaseModel):
    """The one shape of an error (CTR): a stable code, words for people, and facts."""

    code: str
    message: str
    details: dict[str, Any]


_ERROR_OUT = "#/components/schemas/ErrorOut"

Responses = dict[int | str, dict[str, Any]]
"""What FastAPI is told of answers, by status."""
ERRORS: Responses = {
    status: {"description": description, "content": {"application/json": {"schema": {"$ref": _ERROR_OUT}}}}
    for status, description in (
        (400, "The request cannot be read"),
        (401, "Nobody is signed in, or the token is not valid"),
        (403, "The caller may not do this"),
        (404, "There is no such thing, or it is not the caller's to see"),
        (409, "The state of things does not allow this"),
        (413, "The body is too large"),
        (422, "The request is not valid"),
        (429, "Too many or too much: see Retry-After"),
        (503, "Something outside does not answer now: try again"),
    )
}
"""What any of our routes may answer; every router declares them. They name the schema, because of a model FastAPI would
make a validator for every status of every route."""


class Api(FastAPI):
    """A FastAPI whose description has the one shape of an error."""

    @override
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schemas = super().openapi().setdefault("components", {}).setdefault("schemas", {})
            schemas["ErrorOut"] = ErrorOut.model_json_schema()
            for name in sorted(schemas):
                schemas[name] = schemas.pop(name)
        return super().openapi()


def error_body(code: str, message: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """The one shape of an error (CTR)."""
    return {"code": code, "message": message, "details": details or {}}


def read_json(body: bytes) -> Any:
    """Parse a body that may come from anybody. Raises Invalid `request.malformed`."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "request.malformed", "The body is not valid JSON") from error
    # Only a body with so many brackets can be that deep; most have few, and brackets in texts are no depth.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        raise Problem(400, "request.malformed", "The JSON is nested too deeply")
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in inner)


def install(app: FastAPI, body_limits: Mapping[str, int]) -> None:
    """Give an application our error answers, limits, correlation ids and metrics.

    `body_limits` are bytes by the beginning of a path; everything else may have MAX_BODY_BYTES, 0 is without limit.
    """
    app.add_exception_handler(AppError, _on_app_error)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(OSError, _on_database_error)
    app.add_exception_handler(asyncpg.PostgresError, _on_database_error)
    app.add_exception_handler(asyncpg.InterfaceError, _on_database_error)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(_Edge, body_limits=body_limits)


async def answer(error: Exception) -> Response:
    """The response to an error that is met in front of the routes, as a route's would be."""
    if isinstance(error, AppError):
        return await _on_app_error(None, error)
    return await _on_database_error(None, error)


class _Edge:
    """Plain ASGI: counts, times, names and bounds every request."""

    def __init__(self, app: ASGIApp, body_limits: Mapping[str, int]) -> None:
        self._app = app
        self._limits = tuple(body_limits.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")[:64]
        correlation = given if given.replace("-", "").isalnum() else ""
        began = time.perf_counter()
        status = 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", [])
                message["headers"] = [*message["headers"], (b"x-request-id", bound.encode())]
            await send(message)

        with log.bound(correlation) as bound:
            path = scope["path"]
            limit = next((limit for begin, limit in self._limits if path.startswith(begin)), MAX_BODY_BYTES)
            declared = headers.get(b"content-length", b"0")
            if limit and declared.isdigit() and int(declared) > limit:
                await _discard(receive)
                answer = JSONResponse(error_body("request.too_large", "The body is too large"), 413)
                await answer(scope, receive, counted)
            else:
                await self._app(scope, _bounded(receive, limit) if limit else receive, counted)
        route = scope.get("route")
        path = getattr(route, "path", "unmatched")
        metrics.http_seconds.labels(scope["method"], path, str(status)).observe(time.perf_counter() - began)


def _bounded(receive: Receive, limit: int) -> Receive:
    """A body without a declared length is counted as it comes."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            if message.get("more_body", False):
                await _discard(receive)
            raise Problem(413, "request.too_large", "The body is too large")
        return message

    return bounded


async def _discard(receive: Receive) -> None:
    """Read what is still being sent and keep none of it, for a while: who is hung up on while sending sees a broken
    connection and not our answer."""
    left = DISCARD_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return


async def _on_app_error(_request: Request | None, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 - registered for this type
    headers = {}
    if error.facts.get("retry_after_s"):
        headers["Retry-After"] = str(int(error.facts["retry_after_s"]))
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error_body(error.code, error.message, error.facts), STATUS[error.kind], headers)


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this type
    return JSONResponse(error_body(error.code, error.message), error.status)


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    problems = [
        {"where": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]} for item in error.errors()
    ]
    is_unreadable = any(item["type"] == "json_invalid" for item in error.errors())
    code = "request.malformed" if is_unreadable else "request.invalid"
    return JSONResponse(
        error_body(code, "The request is not valid", {"problems": problems}), 400 if is_unreadable else 422
    )


_HTTP_CODES = {404: "request.not_found", 405: "request.method_not_allowed", 413: "request.too_large"}


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    if isinstance(error.__cause__, Problem):
        return await _on_problem(_request, error.__cause__)
    code = _HTTP_CODES.get(error.status_code, "request.malformed" if error.status_code == 400 else "request.refused")
    return JSONResponse(error_body(code, str(error.detail)), error.status_code, error.headers)


_NUL_IN_TEXT = ("22021", "22P05")
"""PostgreSQL's codes for NUL in a text and in JSON: the one character of valid JSON that it cannot hold."""


async def _on_database_error(_request: Request | None, error: Exception) -> Response:
    if not is_connection_lost(error):
        found = sqlstate(error)
        if found in _NUL_IN_TEXT:
            return JSONResponse(error_body("request.invalid", "A text holds the character NUL"), 422)
        if not found.startswith(("08", "57", "53")):
            return await _on_bug(_request, error)
    logger.warning("database_unavailable", error=repr(error))
    return JSONResponse(error_body("service.unavailable", "Try again in a moment"), 503, {"Retry-After": "2"})


async def _on_bug(_request: Request | None, error: Exception) -> Response:
    logger.error("request_failed", exc_info=error)
    return JSONResponse(error_body("service.internal_error", "Something went wrong on our side"), 500)
