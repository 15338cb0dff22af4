"""`/v1/responses`, whole and streamed. Nothing is stored: each request brings its whole conversation."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import orjson
from fastapi import APIRouter, Request

from kassa.core import ai
from kassa.core.access import Caller
from kassa.kit import clock
from kassa.kit.errors import AppError
from kassa.kit.web import app_of
from kassa.products.api_access import answering, calls, requests
from kassa.products.api_access.answering import Part
from kassa.products.api_access.calls import Call
from kassa.products.api_access.errors import DOCUMENTED, openai_error

from .chat import stream

router = APIRouter(prefix="/v1", tags=["openai"], responses=DOCUMENTED)

Json = dict[str, Any]


@router.post("/responses")
async def create_response(request: Request, body: requests.ResponseIn, actor: Caller) -> Any:
    """Ask a text model, as OpenAI's responses do."""
    app = app_of(request)
    calls.require_customer(actor, "responses")
    model = await calls.find_model(app, actor, body.model, ai.Family.TEXT)
    asked = requests.response_request(body, model, "")
    call = await calls.begin(app, actor, model, "text", answering.price_of(model, asked))
    parts = answering.answer(app, call, asked)
    if body.stream:
        return await stream(_events(call, parts))
    written = _Written(call)
    async with aclosing(parts):
        async for part in parts:
            written.take(part)
    return written.response("completed")


class _Written:
    """A response being written."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._created = int(clock.now().timestamp())
        self.text: list[str] = []
        self.tools: list[ai.ToolCall] = []
        self._is_cut = False

    def take(self, part: Part) -> None:
        """Add a part."""
        match part:
            case ai.TextDelta():
                self.text.append(part.text)
            case ai.ToolCall():
                self.tools.append(part)
            case ai.Finished():
                self._is_cut = part.reason is ai.FinishReason.LENGTH
            case _:
                pass

    @property
    def message_id(self) -> str:
        """The id of the one message."""
        return f"msg_{self._call.id.hex}"

    def output(self) -> list[Json]:
        """The items of the output so far, complete."""
        items: list[Json] = []
        if self.text:
            content = [{"type": "output_text", "text": "".join(self.text), "annotations": [], "logprobs": []}]
            items.append({"id": self.message_id, "type": "message", "status": "completed", "role": "assistant",
                          "content": content})  # fmt: skip
        items += [tool_item(tool, number) for number, tool in enumerate(self.tools)]
        return items

    def response(self, status: str, error: Json | None = None) -> Json:
        """The whole object."""
        is_over = status == "completed"
        tokens = self._call.tokens or ai.Usage(0, 0)
        usage = {
            "input_tokens": tokens.input_tokens, "input_tokens_details": {"cached_tokens": tokens.cached_tokens},
            "output_tokens": tokens.output_tokens, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens.input_tokens + tokens.output_tokens,
        }  # fmt: skip
        return {
            "id": f"resp_{self._call.id.hex}", "object": "response", "created_at": self._created,
            "status": "incomplete" if is_over and self._is_cut else status, "error": error,
            "incomplete_details": {"reason": "max_output_tokens"} if self._is_cut else None, "instructions": None,
            "metadata": {}, "model": self._call.model.slug, "output": self.output() if is_over else [],
            "parallel_tool_calls": True, "temperature": None, "tool_choice": "auto", "tools": [], "top_p": None,
            "store": False, "usage": usage if is_over else None,
        }  # fmt: skip


async def _events(call: Call, parts: AsyncGenerator[Part, None]) -> AsyncGenerator[bytes, None]:
    written, numbers, is_begun = _Written(call), 0, False

    def told(kind: str, **facts: Any) -> bytes:
        nonlocal numbers
        data = orjson.dumps({"type": kind, "sequence_number": numbers, **facts})
        numbers += 1
        return f"event: {kind}\ndata: ".encode() + data + b"\n\n"

    try:
        async with aclosing(parts):
            async for part in parts:
                if not is_begun:
                    is_begun = True
                    yield told("response.created", response=written.response("in_progress"))
                    yield told("response.in_progress", response=written.response("in_progress"))
                if isinstance(part, ai.TextDelta):
                    if not written.text:
                        item = {"id": written.message_id, "type": "message", "status": "in_progress",
                                "role": "assistant", "content": []}  # fmt: skip
                        yield told("response.output_item.added", output_index=0, item=item)
                        yield told("response.content_part.added", item_id=written.message_id, output_index=0,
                                   content_index=0, part=_text_part(""))  # fmt: skip
                    yield told("response.output_text.delta", item_id=written.message_id, output_index=0,
                               content_index=0, delta=part.text, logprobs=[])  # fmt: skip
                written.take(part)
    except AppError as error:
        if not is_begun:
            raise
        shaped = openai_error(500, error.code, error.message, error.facts)[1]["error"]
        failed = {"code": shaped["code"], "message": shaped["message"]}
        yield told("response.failed", response=written.response("failed", failed))
        return
    for part_event in _closing(written):
        yield told(part_event.pop("type"), **part_event)
    yield told("response.completed", response=written.response("completed"))


def _closing(written: _Written) -> list[Json]:
    events: list[Json] = []
    text = "".join(written.text)
    for index, item in enumerate(written.output()):
        if item["type"] == "message":
            place = {"item_id": item["id"], "output_index": index, "content_index": 0}
            events.append({"type": "response.output_text.done", **place, "text": text, "logprobs": []})
            events.append({"type": "response.content_part.done", **place, "part": _text_part(text)})
        else:
            begun = {**item, "status": "in_progress", "arguments": ""}
            events.append({"type": "response.output_item.added", "output_index": index, "item": begun})
            place = {"item_id": item["id"], "output_index": index}
            arguments = {"name": item["name"], "arguments": item["arguments"]}
            events.append({"type": "response.function_call_arguments.done", **place, **arguments})
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    return events


def tool_item(tool: ai.ToolCall, number: int) -> Json:
    """A function call as an item of the output."""
    return {"id": f"fc_{number}_{tool.id}", "type": "function_call", "status": "completed", "call_id": tool.id,
            "name": tool.name, "arguments": tool.arguments}  # fmt: skip


def _text_part(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
