"""`POST /chat/completions`, whole or streamed, as OpenAI and DeepSeek answer it."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from kassa.kit import clock, ids
from kassa.sandbox.faults import Fault

from . import answers, given, prompts, tools
from .stage import EventStream, event

Json = dict[str, Any]

_PICTURES = ("image_url", "input_image", "image")
REFUSALS = {True: "Извините, с этим я помочь не могу.", False: "I'm sorry, but I can't help with that."}


async def reply(provider: str, body: Json, fault: Fault | None, headers: Mapping[str, str], delay_s: float) -> Response:
    """Answer a request that was found valid."""
    kind = fault.kind if fault is not None else ""
    asked = question(body["messages"])
    prompt = asked.text
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    last = body["messages"][-1]
    if isinstance(last, dict) and last.get("role") == "tool":
        turn = _Turn(provider, body, prompt, tools.told(prompt, str(last.get("content"))), "stop")
    elif (call := tools.wanted(prompt, _offered(body))) is not None:
        turn = _Turn(provider, body, prompt, "", "tool_calls", call=call)
    else:
        text, is_cut = prompts.shortened(answers.answer(asked, body["model"]), limit)
        turn = _Turn(provider, body, prompt, text, "length" if is_cut else "stop")
    if kind == "refusal":
        turn = _Turn(provider, body, prompt, "", "stop", refusal=REFUSALS[prompts.read(prompt).russian])
        if provider == "deepseek":
            turn = _Turn(provider, body, prompt, "", "content_filter")
    elif kind == "empty":
        turn = _Turn(provider, body, prompt, "", "stop")
    if body.get("stream"):
        return EventStream(turn.frames(), headers, delay_s, fault)
    if kind == "malformed":
        return Response(b'{"id": "chatcmpl-', media_type="application/json", headers=dict(headers))
    return JSONResponse(turn.whole(), headers=dict(headers))


def question(messages: list[Any]) -> given.Given:
    """The last thing the user said, in OpenAI's shapes and in Anthropic's."""
    for message in reversed(messages):
        if isinstance(message, dict) and message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, str):
                return given.of(content)
            parts = [part for part in content or () if isinstance(part, dict)]
            if any(part.get("type") == "tool_result" for part in parts):
                continue
            text = " ".join(str(part.get("text") or "") for part in parts if "text" in part)
            return given.of(text, [_picture(part) for part in parts if part.get("type") in _PICTURES])
    return given.Given()


def _picture(part: Json) -> str:
    found = part.get("image_url") or part.get("source") or ""
    return str(found.get("url") or found.get("data") or "" if isinstance(found, dict) else found)


def _offered(body: Json) -> list[tuple[str, Json]]:
    functions = [tool.get("function") or {} for tool in body.get("tools") or ()]
    return [(str(function.get("name")), function.get("parameters") or {}) for function in functions]


class _Turn:
    """One answer and its two shapes."""

    def __init__(
        self,
        provider: str,
        body: Json,
        prompt: str,
        text: str,
        finish: str,
        *,
        refusal: str | None = None,
        call: tuple[str, Json] | None = None,
    ) -> None:
        function = {"name": call[0], "arguments": tools.as_text(call[1])} if call is not None else {}
        call_id = f"call_{ids.new().hex[:24]}"
        self._calls = [{"id": call_id, "type": "function", "function": function}] if function else []
        self._id = f"chatcmpl-{ids.new().hex[:29]}"
        self._created = int(clock.now().timestamp())
        self._model = body["model"]
        self._provider = provider
        self._text = text
        self._finish = finish
        self._refusal = refusal
        thinks = provider == "deepseek" and (body.get("thinking") or {}).get("type", "enabled") == "enabled"
        self._reasoning = "Разбираю вопрос по частям. " * 3 if thinks and text else ""
        self._wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        asked = given.tokens(body["messages"])
        answered = prompts.tokens(text + (refusal or "") + self._reasoning)
        self._usage: Json = {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": prompts.tokens(self._reasoning), "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
            },
        }  # fmt: skip
        if provider == "deepseek":
            self._usage |= {"prompt_cache_hit_tokens": 0, "prompt_cache_miss_tokens": asked}

    def whole(self) -> Json:
        content = None if self._refusal or self._calls else self._text
        message: Json = {"role": "assistant", "content": content, "refusal": self._refusal, "annotations": []}
        if self._calls:
            message["tool_calls"] = self._calls
        if self._reasoning:
            message["reasoning_content"] = self._reasoning
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        return self._frame("chat.completion", [choice]) | {"usage": self._usage}

    def frames(self) -> Iterator[bytes]:
        yield self._delta({"role": "assistant", "content": "", "refusal": None})
        if self._provider == "deepseek":
            # DeepSeek keeps the connection alive with comments while a request waits.
            yield b": keep-alive\n\n"
        for piece in prompts.pieces(self._reasoning):
            yield self._delta({"content": None, "reasoning_content": piece})
        for piece in prompts.pieces(self._text):
            yield self._delta({"content": piece})
        for index, call in enumerate(self._calls):
            yield self._delta({"tool_calls": [{"index": index, **call}]})
        for piece in prompts.pieces(self._refusal or ""):
            yield self._delta({"refusal": piece})
        yield self._delta({}, self._finish)
        if self._wants_usage:
            yield event(self._frame("chat.completion.chunk", []) | {"usage": self._usage})
        yield b"data: [DONE]\n\n"

    def _delta(self, delta: Json, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        frame = self._frame("chat.completion.chunk", [choice])
        if self._wants_usage:
            frame["usage"] = None
        return event(frame)

    def _frame(self, kind: str, choices: list[Json]) -> Json:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._model,
            "service_tier": "default",
            "system_fingerprint": "fp_sandbox",
            "choices": choices,
        }
