"""`POST /responses`, whole or as typed events, as OpenAI and Perplexity answer it."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from kassa.kit import clock, ids
from kassa.sandbox.faults import Fault

from . import answers, chat_completions, given, prompts, tools
from .stage import EventStream, event

Json = dict[str, Any]


async def reply(provider: str, body: Json, fault: Fault | None, headers: Mapping[str, str], delay_s: float) -> Response:
    """Answer a request that was found valid."""
    kind = fault.kind if fault is not None else ""
    said = body["input"]
    asked = given.of(said) if isinstance(said, str) else chat_completions.question(said)
    prompt = asked.text
    text, is_cut = prompts.shortened(answers.answer(asked, body["model"]), body.get("max_output_tokens"))
    refusal, call = "", None
    last = said[-1] if isinstance(said, list) and isinstance(said[-1], dict) else {}
    if last.get("type") == "function_call_output":
        text = tools.told(prompt, str(last.get("output")))
    else:
        call = tools.wanted(prompt, _offered(body))
    if kind == "refusal":
        text, refusal = "", chat_completions.REFUSALS[prompts.read(prompt).russian]
    elif kind == "empty":
        text = ""
    if call is not None and not kind:
        turn = _Turn(provider, body, "", "", False, call)
    else:
        turn = _Turn(provider, body, text, refusal, is_cut)
    if body.get("stream"):
        return EventStream(turn.frames(), headers, delay_s, fault)
    if kind == "malformed":
        return Response(b'{"id": "resp_', media_type="application/json", headers=dict(headers))
    return JSONResponse(turn.whole(), headers=dict(headers))


def _offered(body: Json) -> list[tuple[str, Json]]:
    functions = [tool for tool in body.get("tools") or () if tool.get("type") == "function"]
    return [(str(function.get("name")), function.get("parameters") or {}) for function in functions]


class _Turn:
    """One answer and its two shapes."""

    def __init__(
        self,
        provider: str,
        body: Json,
        text: str,
        refusal: str,
        is_cut: bool,
        call: tuple[str, Json] | None = None,
    ) -> None:
        self._call: Json | None = None
        if call is not None:
            self._call = {
                "type": "function_call",
                "id": f"fc_{ids.new().hex}",
                "call_id": f"call_{ids.new().hex[:24]}",
                "name": call[0],
                "arguments": tools.as_text(call[1]),
                "status": "completed",
            }
        self._id = f"resp_{ids.new().hex}"
        self._item_id = f"msg_{ids.new().hex}"
        self._created = int(clock.now().timestamp())
        self._body = body
        self._text = text
        self._refusal = refusal
        self._is_cut = is_cut
        asked, answered = given.tokens(body["input"]), prompts.tokens(text + refusal)
        self._usage: Json = {
            "input_tokens": asked,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answered,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked + answered,
        }
        if provider == "perplexity":
            self._usage["cost"] = {
                "currency": "USD", "input_cost": 0.00001, "output_cost": 0.00012, "tool_calls_cost": 0.005,
                "total_cost": 0.00513,
            }  # fmt: skip

    def whole(self) -> Json:
        status = "incomplete" if self._is_cut else "completed"
        output = [self._call or self._item("completed", [self._part()])]
        return self._response(status, output, self._usage)

    def frames(self) -> Iterator[bytes]:
        for number, (name, data) in enumerate(self._events()):
            yield event({"type": name, "sequence_number": number, **data}, name)

    def _events(self) -> Iterator[tuple[str, Json]]:
        place: Json = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        yield "response.created", {"response": self._response("in_progress", [], None)}
        yield "response.in_progress", {"response": self._response("in_progress", [], None)}
        if self._call is not None:
            opened = self._call | {"arguments": "", "status": "in_progress"}
            place = {"item_id": self._call["id"], "output_index": 0}
            arguments = self._call["arguments"]
            yield "response.output_item.added", {"output_index": 0, "item": opened}
            yield "response.function_call_arguments.delta", {**place, "delta": arguments}
            done = {**place, "name": self._call["name"], "arguments": arguments}
            yield "response.function_call_arguments.done", done
            yield "response.output_item.done", {"output_index": 0, "item": self._call}
            yield "response.completed", {"response": self.whole()}
            return
        yield "response.output_item.added", {"output_index": 0, "item": self._item("in_progress", [])}
        empty = self._part() | ({"refusal": ""} if self._refusal else {"text": ""})
        yield "response.content_part.added", {**place, "part": empty}
        if self._refusal:
            for piece in prompts.pieces(self._refusal):
                yield "response.refusal.delta", {**place, "delta": piece}
            yield "response.refusal.done", {**place, "refusal": self._refusal}
        else:
            for piece in prompts.pieces(self._text):
                yield "response.output_text.delta", {**place, "delta": piece, "logprobs": []}
            yield "response.output_text.done", {**place, "text": self._text, "logprobs": []}
        yield "response.content_part.done", {**place, "part": self._part()}
        yield "response.output_item.done", {"output_index": 0, "item": self._item("completed", [self._part()])}
        yield f"response.{'incomplete' if self._is_cut else 'completed'}", {"response": self.whole()}

    def _part(self) -> Json:
        if self._refusal:
            return {"type": "refusal", "refusal": self._refusal}
        return {"type": "output_text", "text": self._text, "annotations": [], "logprobs": []}

    def _item(self, status: str, content: list[Json]) -> Json:
        return {"id": self._item_id, "type": "message", "status": status, "role": "assistant", "content": content}

    def _response(self, status: str, output: list[Json], usage: Json | None) -> Json:
        body = self._body
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "instructions": body.get("instructions"),
            "max_output_tokens": body.get("max_output_tokens"),
            "model": body["model"],
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": body.get("store", True),
            "temperature": body.get("temperature", 1.0),
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": body.get("tools") or [],
            "top_p": 1.0,
            "truncation": "disabled",
            "metadata": {},
        } | ({} if usage is None else {"usage": usage})
