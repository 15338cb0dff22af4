"""Errors of the API, and every error of /v1 in OpenAI's shape, whoever raised it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
from pydantic import BaseModel

from kassa.kit.errors import Denied, Invalid, LimitReached
from kassa.kit.web import Responses

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Our code → the status, type and code that OpenAI's clients know (platform.openai.com/docs/guides/error-codes).
_KNOWN: dict[str, tuple[int, str, str]] = {
    "policies.limit_reached": (429, "requests", "rate_limit_exceeded"),
    "policies.blocked": (403, "permission_error", "account_blocked"),
    "api_access.no_tokens": (429, "insufficient_quota", "insufficient_quota"),
    "api_access.no_plan": (403, "permission_error", "no_api_access"),
    "api_access.scope_missing": (403, "permission_error", "insufficient_permissions"),
    "api_access.invalid": (400, "invalid_request_error", "invalid_value"),
    "api_access.unsupported": (400, "invalid_request_error", "unsupported_parameter"),
    "ai.model_not_found": (404, "invalid_request_error", "model_not_found"),
    "ai.refused": (400, "invalid_request_error", "content_policy_violation"),
    "ai.bad_input": (400, "invalid_request_error", "invalid_value"),
    "ai.images_not_supported": (400, "invalid_request_error", "unsupported_parameter"),
    "ai.timeout": (504, "server_error", "timeout"),
}
_BY_STATUS: dict[int, tuple[int, str, str]] = {
    400: (400, "invalid_request_error", "invalid_request"),
    401: (401, "invalid_request_error", "invalid_api_key"),
    403: (403, "permission_error", "insufficient_permissions"),
    404: (404, "invalid_request_error", "not_found"),
    405: (405, "invalid_request_error", "method_not_supported"),
    409: (409, "invalid_request_error", "conflict"),
    413: (413, "invalid_request_error", "request_too_large"),
    422: (400, "invalid_request_error", "invalid_value"),
    429: (429, "requests", "rate_limit_exceeded"),
    503: (503, "server_error", "server_overloaded"),
}
_NO_KEY = "This API key is not valid. Keys are made in the app, under Profile"
_WORDS = {
    "access.token_missing": "No API key was sent: put it into the header Authorization, after the word Bearer",
    "access.token_invalid": _NO_KEY,
    "access.key_invalid": _NO_KEY,
    "ai.refused": "The request was refused on grounds of content",
    "ai.bad_input": "The model does not take this request: it is too long, or has something it cannot read",
    "ai.timeout": "The model did not answer in time; nothing was charged",
    "ai.empty_answer": "The model answered nothing; nothing was charged",
    "ai.busy": "The model is busy: try again in a moment; nothing was charged",
    "ai.no_route": "The model cannot be reached now; nothing was charged",
    "ai.provider_unavailable": "The model does not answer now; nothing was charged",
}
MAX_ERROR_BYTES = 1024 * 1024


class NoPlan(Denied):
    """The customer has bought no API plan, or it is over."""

    def __init__(self) -> None:
        super().__init__("api_access.no_plan", "The API needs an API plan: buy one in the app")


class NoTokens(LimitReached):
    """The balance does not cover what the call may cost."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(
            "api_access.no_tokens", f"This call may cost {needed} tokens, and {available} are available",
            needed=needed, available=available,
        )  # fmt: skip


def unsupported(param: str, why: str) -> Invalid:
    """A parameter that is understood and cannot be kept: ignoring it would be a lie."""
    return Invalid("api_access.unsupported", why, param=param)


def invalid(param: str, why: str) -> Invalid:
    """A parameter that cannot be read."""
    return Invalid("api_access.invalid", f"{param}: {why}", param=param)


class OpenAIErrorDetail(BaseModel):
    """What is wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIErrorOut(BaseModel):
    """An error as OpenAI's clients know it."""

    error: OpenAIErrorDetail


DOCUMENTED: Responses = {
    status: {"model": OpenAIErrorOut, "description": description}
    for status, description in (
        (400, "The request is not valid, or is refused"),
        (401, "The key is not valid"),
        (403, "No API plan, or no right"),
        (404, "There is no such model"),
        (409, "The state of things does not allow this"),
        (413, "The body is too large"),
        (422, "The request is not valid"),
        (429, "Too many requests, or no tokens: see Retry-After"),
        (500, "Something went wrong on our side"),
        (503, "The model cannot be reached now"),
        (504, "The model did not answer in time"),
    )
}
"""What any route of /v1 may answer."""


def openai_error(status: int, code: str, message: str, details: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """An error of ours as OpenAI's clients expect it."""
    message = _WORDS.get(code, message)
    found = _KNOWN.get(code) or _BY_STATUS.get(status) or (status, "server_error", "internal_error")
    param = details.get("param")
    problems = details.get("problems") or ()
    if problems:
        param = str(problems[0]["where"]).removeprefix("body.")
        message = f"{message}: {param}: {problems[0]['problem']}"
    body = {"error": {"message": message, "type": found[1], "param": param, "code": found[2]}}
    return found[0], body


class OpenAIErrors:
    """Plain ASGI in front of everything: turns the body of a failed answer of /v1 into OpenAI's shape."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else through untouched."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        started: Message | None = None
        parts: list[bytes] = []

        async def shaped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start" and message["status"] >= 400:
                started = message
                return
            if started is None:
                await send(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_shaped(started, b"".join(parts)[:MAX_ERROR_BYTES], send)

        await self._app(scope, receive, shaped)


async def _send_shaped(started: Message, body: bytes, send: Send) -> None:
    try:
        ours = orjson.loads(body)
        status, shaped = openai_error(started["status"], ours["code"], ours["message"], ours.get("details") or {})
        body = orjson.dumps(shaped)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        status = started["status"]
    kept = [(name, value) for name, value in started.get("headers", []) if name.lower() != b"content-length"]
    headers = [*kept, (b"content-length", str(len(body)).encode())]
    await send({**started, "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
