"""Google's Gemini API: generateContent and its stream, google.rpc errors, and blocks that come as 200."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from kassa.kit import ids
from kassa.sandbox.faults import Fault

from . import answers, given, prompts, tools
from .catalogue import MODELS
from .stage import ERRORS, EventStream, Silence, Stage, event

Json = dict[str, Any]

_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_RETRY = "type.googleapis.com/google.rpc.RetryInfo"
_ERRORS: dict[str, tuple[int, str, str]] = {
    "500": (500, "INTERNAL", "An internal error has occurred. Please retry or report."),
    "429": (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    "invalid_key": (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    "quota": (
        429, "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "overloaded": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "no_access": (403, "PERMISSION_DENIED", "The caller does not have permission"),
    "bad_input": (400, "INVALID_ARGUMENT", "The input token count exceeds the maximum number of tokens allowed."),
    "model_gone": (404, "NOT_FOUND", "models/unknown is not found for API version v1beta."),
}  # fmt: skip


def router(stage: Stage) -> APIRouter:
    """The routes of the API."""
    routes = APIRouter()

    @routes.post("/v1beta/models/{call:path}")
    async def generate(request: Request, call: str) -> Response:
        model, _, method = call.rpartition(":")
        body = await _body(request)
        fault = stage.fault("gemini", f"{method} {model}")
        refusal = _refused(request, model, method, body, fault)
        if refusal is not None:
            return refusal
        stage.record("gemini", call, body)
        if fault is not None and fault.kind == "timeout":
            return Silence()
        frames = list(_frames(model, body, fault, whole=method == "generateContent"))
        if method == "generateContent":
            if fault is not None and fault.kind == "malformed":
                return Response(b'{"candidates": [', media_type="application/json")
            return JSONResponse(frames[0], headers=_headers())
        if request.query_params.get("alt") != "sse":
            return JSONResponse(frames, headers=_headers())
        delay_s = stage.delay_s(request, model, fault)
        return EventStream((event(frame) for frame in frames), _headers(), delay_s, fault)

    @routes.get("/v1beta/models")
    async def models(request: Request) -> Response:
        fault = stage.fault("gemini", "models")
        if not _authorized(request):
            return error("invalid_key")
        if fault is not None and fault.kind in ERRORS:
            return error(fault.kind, fault)
        found = [
            {"name": f"models/{model}", "displayName": model, "supportedGenerationMethods": ["generateContent"]}
            for model in MODELS["gemini"]
        ]
        return JSONResponse({"models": found}, headers=_headers())

    return routes


def error(kind: str, fault: Fault | None = None, message: str = "") -> JSONResponse:
    """The vendor's error of a kind: google.rpc.Status."""
    code, status, text = _ERRORS[kind]
    body: Json = {"error": {"code": code, "message": message or text, "status": status}}
    if kind == "invalid_key":
        domain = {"domain": "googleapis.com", "metadata": {"service": "generativelanguage.googleapis.com"}}
        body["error"]["details"] = [{"@type": _INFO, "reason": "API_KEY_INVALID", **domain}]
    if kind == "429":
        seconds = fault.options.get("retry_after", 20) if fault is not None else 20
        body["error"]["details"] = [{"@type": _RETRY, "retryDelay": f"{seconds}s"}]
    return JSONResponse(body, code, _headers())


def _frames(model: str, body: Json, fault: Fault | None, *, whole: bool) -> Iterator[Json]:
    kind = fault.kind if fault is not None else ""
    asked = given.tokens(body["contents"])
    if kind == "refusal" and fault is not None and fault.options.get("where") != "answer":
        yield _frame(model, asked, None) | {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
        return
    said = _question(body["contents"])
    prompt = said.text
    result = _tool_result(body["contents"][-1])
    call = None if result is not None or kind else tools.wanted(prompt, _offered(body))
    if call is not None:
        content = {"parts": [{"functionCall": {"name": call[0], "args": call[1]}}], "role": "model"}
        yield _frame(model, asked, 8) | {"candidates": [{"content": content, "index": 0, "finishReason": "STOP"}]}
        return
    answer = answers.answer(said, model) if result is None else tools.told(prompt, result)
    limit = (body.get("generationConfig") or {}).get("maxOutputTokens")
    text, is_cut = prompts.shortened(answer, limit)
    reason = "MAX_TOKENS" if is_cut else "STOP"
    if kind == "refusal":
        text, reason = text[: len(text) // 2], "SAFETY"
    elif kind == "empty":
        text = ""
    answered = prompts.tokens(text)
    parts = [text] if whole else _grouped(prompts.pieces(text))
    for index, part in enumerate(parts or [""]):
        candidate: Json = {"content": {"parts": [{"text": part}], "role": "model"}, "index": 0}
        if index >= len(parts) - 1:
            candidate["finishReason"] = reason
        yield _frame(model, asked, answered * (index + 1) // max(1, len(parts))) | {"candidates": [candidate]}


def _offered(body: Json) -> list[tuple[str, Json]]:
    functions = [f for tool in body.get("tools") or () for f in tool.get("functionDeclarations") or ()]
    return [(str(f.get("name")), f.get("parametersJsonSchema") or f.get("parameters") or {}) for f in functions]


def _tool_result(content: Json) -> str | None:
    parts = [part["functionResponse"] for part in content.get("parts") or () if "functionResponse" in part]
    return str((parts[0].get("response") or {}).get("result")) if parts else None


def _frame(model: str, asked: int, answered: int | None) -> Json:
    usage = {"promptTokenCount": asked, "totalTokenCount": asked + (answered or 0)}
    if answered is not None:
        usage["candidatesTokenCount"] = answered
    return {"usageMetadata": usage, "modelVersion": model, "responseId": ids.new().hex[:22]}


def _grouped(pieces: list[str]) -> list[str]:
    """Gemini sends a few words at a time."""
    return ["".join(pieces[start : start + 4]) for start in range(0, len(pieces), 4)]


def _question(contents: list[Json]) -> given.Given:
    for content in reversed(contents):
        parts = content.get("parts") or []
        if content.get("role", "user") == "user" and not any("functionResponse" in part for part in parts):
            pictures = [part.get("inlineData") or part.get("inline_data") for part in parts]
            text = " ".join(str(part["text"]) for part in parts if "text" in part)
            return given.of(text, [str(found.get("data") or "") for found in pictures if found])
    return given.Given()


def _refused(request: Request, model: str, method: str, body: Json, fault: Fault | None) -> Response | None:
    if not _authorized(request):
        return error("invalid_key")
    if fault is not None and fault.kind in ERRORS:
        return error(fault.kind, fault)
    if method not in ("generateContent", "streamGenerateContent") or model not in MODELS["gemini"]:
        return error("model_gone", message=f"models/{model} is not found for API version v1beta.")
    contents = body.get("contents")
    if not contents or not all(isinstance(content, dict) and content.get("parts") for content in contents):
        return error("bad_input", message="* GenerateContentRequest.contents: contents is not specified\n")
    return None


def _authorized(request: Request) -> bool:
    key = request.headers.get("x-goog-api-key") or request.query_params.get("key") or ""
    return bool(key) and key != "wrong"


async def _body(request: Request) -> Json:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _headers() -> dict[str, str]:
    return {"x-gemini-service-tier": "standard"}
