"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import re
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kassa.sandbox.faults import Faults
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.call import Call, Upload
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import ApiError, Json
from kassa.sandbox.telegram.methods import METHODS
from kassa.sandbox.telegram.state import Bot

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{30,}")
_UNAUTHORIZED = ApiError(401, "Unauthorized")


def create_app(store: Store, faults: Faults) -> FastAPI:
    """The emulated Bot API; its state is `app.state.emulator`, to be started and stopped by the caller."""
    app = FastAPI(openapi_url=None)
    emulator = Emulator(store, faults, METHODS)
    app.state.emulator = emulator
    # Plain routes: a load test goes through here, and FastAPI's validation would cost more than the answer.
    app.router.routes.append(Route("/bot{token}/{method}", _BotApi(emulator)))
    app.router.routes.append(Route("/file/bot{token}/{path:path}", _FileApi(emulator)))
    return app


def known_bot(emulator: Emulator, token: str) -> Bot | None:
    """The bot of a token; a well-formed token of an unknown bot makes the bot, another bot's secret does not."""
    if not _TOKEN.fullmatch(token):
        return None
    bot = emulator.world.bots.get(int(token.partition(":")[0]))
    if bot is None:
        bot = emulator.world.add_bot(token)
        emulator.hub.publish("bot", bot=bot.id)
    return bot if bot.token == token else None


class _BotApi:
    """One call of a bot as an ASGI application."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._emulator.start()
        status, body = await self._answer(Request(scope, receive))
        await Response(orjson.dumps(body), status, media_type="application/json")(scope, receive, send)

    async def _answer(self, request: Request) -> tuple[int, Json]:
        bot = known_bot(self._emulator, request.path_params["token"])
        if bot is None:
            return 401, _UNAUTHORIZED.body()
        try:
            params, uploads = await _read(request)
        except ValueError:
            return 400, ApiError(400, "Bad Request: can't parse request body").body()
        return await self._emulator.handle(Call(bot, request.path_params["method"], params, uploads))


async def _read(request: Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters from the query, JSON, a form or a multipart body; and the files."""
    params: Json = dict(request.query_params) if request.url.query else {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _read_multipart(request, params)
    body = await request.body()
    if kind == "application/json" and body:
        parsed: Any = orjson.loads(body)
        if not isinstance(parsed, dict):
            raise ValueError("an object is expected")
        params |= parsed
    elif body:
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return params, {}


async def _read_multipart(request: Request, params: Json) -> tuple[Json, dict[str, Upload]]:
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, value.content_type or "", await value.read())
            else:
                params[name] = value
    named = "".join(value for value in params.values() if isinstance(value, str) and "attach://" in value)
    for name in uploads:
        if f"attach://{name}" not in named:
            params.setdefault(name, f"attach://{name}")
    return params, uploads


class _FileApi:
    """Download of a file by the path that getFile gave."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = cast("dict[str, str]", scope["path_params"])
        response = self._find(path["token"], path["path"])
        await response(scope, receive, send)

    def _find(self, token: str, path: str) -> Response:
        if known_bot(self._emulator, token) is None:
            return Response(orjson.dumps(_UNAUTHORIZED.body()), 401, media_type="application/json")
        facts = self._emulator.files.by_path(path)
        if facts is None:
            return Response(orjson.dumps(ApiError(404, "Not Found").body()), 404, media_type="application/json")
        return Response(self._emulator.files.body(facts["file_id"]), media_type=facts["mime_type"])
