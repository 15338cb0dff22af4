"""OpenAI's shape, which DeepSeek (chat completions) and Perplexity (responses) share, each with its own errors."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kassa.kit import clock, ids
from kassa.sandbox.faults import Fault

from . import chat_completions, media, moderations, responses
from .catalogue import MODELS, SHUTDOWNS
from .stage import ERRORS, Silence, Stage

Json = dict[str, Any]

# Status, type, code, message of each error a fault asks for.
_ERRORS: dict[str, tuple[int, str, str | None, str]] = {
    "500": (500, "server_error", None, "The server had an error while processing your request. Sorry about that!"),
    "429": (429, "requests", "rate_limit_exceeded", "Rate limit reached for requests per min: Limit 500, Used 500."),
    "invalid_key": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided: wrong."),
    "quota": (
        429, "insufficient_quota", "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "overloaded": (503, "server_error", None, "The engine is currently overloaded, please try again later."),
    "no_access": (
        403, "request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported",
    ),
    "bad_input": (
        400, "invalid_request_error", "context_length_exceeded",
        "This model's maximum context length is 128000 tokens. Please reduce the length of the messages.",
    ),
    "model_gone": (404, "invalid_request_error", "model_not_found", "The model does not exist or you have no access."),
}  # fmt: skip
# DeepSeek tells an empty balance with 402 and has no codes worth the name.
_DEEPSEEK: dict[str, tuple[int, str, str | None, str]] = {
    "invalid_key": (
        401,
        "authentication_error",
        "invalid_request_error",
        "Authentication Fails, api key is invalid",
    ),
    "quota": (402, "unknown_error", "invalid_request_error", "Insufficient Balance"),
    "429": (429, "rate_limit_error", "invalid_request_error", "Rate limit reached, please slow down."),
    "overloaded": (503, "service_unavailable_error", "invalid_request_error", "Service is too busy. Please retry."),
}


def router(stage: Stage, provider: str) -> APIRouter:
    """The routes of one vendor of this shape."""
    routes = APIRouter()
    handlers = {"chat/completions": chat_completions.reply, "responses": responses.reply}
    paths = {"openai": tuple(handlers), "deepseek": ("chat/completions",), "perplexity": ("responses",)}[provider]

    def add(path: str) -> None:
        async def ask(request: Request) -> Response:
            body = await _body(request)
            model = str(body.get("model") or "")
            fault = stage.fault(provider, f"{path} {model}")
            refusal = _refused(provider, request, body, fault)
            if refusal is not None:
                return refusal
            stage.record(provider, path, body)
            if fault is not None and fault.kind == "timeout":
                return Silence()
            delay_s = stage.delay_s(request, model, fault)
            return await handlers[path](provider, body, fault, _headers(), delay_s)

        routes.add_api_route(f"/{path}", ask, methods=["POST"])

    for path in paths:
        add(path)
    if provider == "deepseek":
        routes.add_api_route("/user/balance", _balance(stage), methods=["GET"])
    if provider == "openai":
        for path in media.MODELS:
            routes.add_api_route(f"/{path}", _media(stage, path), methods=["POST"])
        routes.add_api_route("/moderations", _moderation(stage), methods=["POST"])
    routes.add_api_route("/models", _models(stage, provider), methods=["GET"])
    return routes


def error(provider: str, kind: str, fault: Fault | None = None, message: str = "") -> JSONResponse:
    """The vendor's error of a kind."""
    table = _ERRORS | _DEEPSEEK if provider == "deepseek" else _ERRORS
    status, error_type, code, text = table[kind]
    headers = _headers()
    if kind == "429":
        headers["retry-after"] = str(fault.options.get("retry_after", 20) if fault is not None else 20)
    body = {"error": {"message": message or text, "type": error_type, "param": None, "code": code}}
    return JSONResponse(body, status, headers)


def _refused(provider: str, request: Request, body: Json, fault: Fault | None) -> Response | None:
    if not _authorized(request):
        return error(provider, "invalid_key")
    if fault is not None and fault.kind in ERRORS:
        return error(provider, fault.kind, fault)
    model = body.get("model")
    question = body.get("messages") if "chat" in request.url.path else body.get("input")
    if not isinstance(model, str) or not model:
        return error(provider, "bad_input", message="you must provide a model parameter")
    if not question:
        return error(provider, "bad_input", message="Missing required parameter: 'messages' or 'input'.")
    if model not in MODELS[provider]:
        return error(
            provider, "model_gone", message=f"The model `{model}` does not exist or you do not have access to it."
        )
    return None


def _authorized(request: Request) -> bool:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key) and key != "wrong"


async def _body(request: Request) -> Json:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _headers() -> dict[str, str]:
    return {
        "x-request-id": f"req_{ids.new().hex}",
        "openai-version": "2020-10-01",
        "openai-processing-ms": "12",
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
    }


def _media(stage: Stage, path: str) -> Any:
    async def make(request: Request) -> Response:
        is_form = request.headers.get("content-type", "").startswith("multipart/")
        body: Json = dict(await request.form()) if is_form else await _body(request)
        model = str(body.get("model") or "")
        fault = stage.fault("openai", f"{path} {model}")
        if not _authorized(request):
            return error("openai", "invalid_key")
        if fault is not None and fault.kind in ERRORS:
            return error("openai", fault.kind, fault)
        if model not in media.MODELS[path]:
            return error("openai", "model_gone", message=f"The model `{model}` does not exist.")
        stage.record("openai", path, {key: value for key, value in body.items() if isinstance(value, (str, int, list))})
        if fault is not None and fault.kind == "timeout":
            return Silence()
        made = await media.reply(path, request, body)
        return error("openai", "bad_input", message=made) if isinstance(made, str) else made

    return make


def _models(stage: Stage, provider: str) -> Any:
    async def models(request: Request) -> Response:
        fault = stage.fault(provider, "models")
        if not _authorized(request):
            return error(provider, "invalid_key")
        if fault is not None and fault.kind in ERRORS:
            return error(provider, fault.kind, fault)
        data = [
            {"id": model, "object": "model", "created": 1715367049, "owned_by": provider}
            | ({"shutdown_date": SHUTDOWNS[model]} if model in SHUTDOWNS else {})
            for model in MODELS[provider]
        ]
        return JSONResponse({"object": "list", "data": data}, headers=_headers())

    return models


def _balance(stage: Stage) -> Any:
    async def balance(request: Request) -> Response:
        fault = stage.fault("deepseek", "user/balance")
        if not _authorized(request) or (fault is not None and fault.kind == "invalid_key"):
            return error("deepseek", "invalid_key")
        is_empty = fault is not None and fault.kind == "quota"
        total = "0.00" if is_empty else "110.00"
        info = {"currency": "USD", "total_balance": total, "granted_balance": "0.00", "topped_up_balance": total}
        return JSONResponse({"is_available": not is_empty, "balance_infos": [info]})

    return balance


def _moderation(stage: Stage) -> Any:
    async def moderation(request: Request) -> Response:
        body = await _body(request)
        fault = stage.fault("openai", "moderations")
        if not _authorized(request):
            return error("openai", "invalid_key")
        if fault is not None and fault.kind in ERRORS:
            return error("openai", fault.kind, fault)
        if fault is not None and fault.kind == "timeout":
            return Silence()
        if "input" not in body:
            return error("openai", "bad_input", message="Missing required parameter: 'input'.")
        flagged = fault is not None and fault.kind == "refusal"
        return JSONResponse(moderations.judge(body, int(clock.now().timestamp()), flagged=flagged), headers=_headers())

    return moderation
