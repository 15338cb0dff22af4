"""OpenAI's requests as the gateway takes them."""

import base64
import binascii
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from kassa.core import ai

from .errors import invalid, unsupported

OPENAI_DRIVERS = frozenset({"openai_chat"})
PASSED_ON = ("tool_choice", "response_format", "stop", "top_p", "seed", "presence_penalty", "frequency_penalty",
             "parallel_tool_calls", "reasoning_effort", "logit_bias")  # fmt: skip
"""Parameters that a provider of OpenAI's kind gets as they are. Other providers have no equal: they are refused."""
WITHOUT_EFFECT = frozenset({"user", "metadata", "store", "service_tier", "prompt_cache_key", "safety_identifier"})
"""Parameters that change no answer."""
IMAGE_TOKENS = 1500
"""What a picture may take of the input, on the dear side."""
MAX_IMAGE_BYTES = 20 * 1024 * 1024


class ChatIn(BaseModel):
    """A chat completion as OpenAI's clients ask for it."""

    model_config = ConfigDict(extra="allow")

    model: str = Field(max_length=100)
    messages: list[dict[str, Any]] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    n: int | None = Field(None, ge=1)
    tools: list[dict[str, Any]] | None = Field(None, max_length=128)

    @property
    def most_output(self) -> int | None:
        """How long the answer may be, by either name."""
        return self.max_completion_tokens or self.max_tokens


class ResponseIn(BaseModel):
    """A response as OpenAI's clients ask for it."""

    model_config = ConfigDict(extra="allow")

    model: str = Field(max_length=100)
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    stream: bool = False
    max_output_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    tools: list[dict[str, Any]] | None = Field(None, max_length=128)


def chat_request(body: ChatIn, model: ai.ModelView, request_id: str) -> ai.TextRequest:
    """A chat completion as a question. Raises Invalid `api_access.unsupported`, `api_access.invalid`."""
    if body.n is not None and body.n > 1:
        raise unsupported("n", "One answer at a time: leave `n` out")
    system, messages = read_messages(body.messages)
    return ai.TextRequest(
        messages=messages, system=system, max_output_tokens=body.most_output, temperature=body.temperature,
        tools=_chat_tools(body.tools or []), extra=_passed_on(body, model), request_id=request_id,
    )  # fmt: skip


def response_request(body: ResponseIn, model: ai.ModelView, request_id: str) -> ai.TextRequest:
    """A response as a question. Raises as `chat_request`."""
    items = [{"role": "user", "content": body.input}] if isinstance(body.input, str) else body.input
    system, messages = read_messages([_chat_item(item, f"input[{at}]") for at, item in enumerate(items)])
    known = set(type(body).model_fields)
    for name in (body.model_extra or {}).keys() - known - WITHOUT_EFFECT:
        raise unsupported(name, f"`{name}` is not supported here")
    system = "\n\n".join(part for part in (body.instructions or "", system) if part)
    return ai.TextRequest(
        messages=messages, system=system, max_output_tokens=body.max_output_tokens, temperature=body.temperature,
        tools=_response_tools(body.tools or []), request_id=request_id,
    )  # fmt: skip


def most_input(request: ai.TextRequest) -> int:
    """The most tokens that a question may be, on the dear side: three characters a token, and pictures."""
    characters = len(request.system) + sum(len(tool.description) + len(str(tool.parameters)) for tool in request.tools)
    pictures = 0
    for message in request.messages:
        characters += sum(len(call.arguments) + len(call.name) for call in message.tool_calls)
        for part in message.parts:
            if isinstance(part, ai.TextPart):
                characters += len(part.text)
            else:
                pictures += 1
    return characters // 3 + 4 * len(request.messages) + pictures * IMAGE_TOKENS + 8


def read_messages(given: list[dict[str, Any]]) -> tuple[str, tuple[ai.Message, ...]]:
    """The system's text and the turns of a conversation."""
    system: list[str] = []
    messages: list[ai.Message] = []
    for at, message in enumerate(given):
        where, role = f"messages[{at}]", message.get("role")
        parts = _parts(message.get("content"), where)
        if role in ("system", "developer"):
            system.append("".join(part.text for part in parts if isinstance(part, ai.TextPart)))
        elif role == "user":
            messages.append(ai.Message(ai.Role.USER, parts))
        elif role == "assistant":
            messages.append(ai.Message(ai.Role.ASSISTANT, parts, _calls(message.get("tool_calls") or [], where)))
        elif role == "tool":
            messages.append(ai.Message(ai.Role.TOOL, parts, (), str(message.get("tool_call_id") or "")))
        else:
            raise invalid(f"{where}.role", "One of system, developer, user, assistant, tool")
    if not messages:
        raise invalid("messages", "At least one that is not the system's")
    return "\n\n".join(system), tuple(messages)


def _parts(content: Any, where: str) -> tuple[ai.Part, ...]:
    if content is None:
        return ()
    if isinstance(content, str):
        return (ai.TextPart(content.replace("\0", "")),)
    if not isinstance(content, list):
        raise invalid(f"{where}.content", "A text or a list of parts")
    return tuple(_part(part, f"{where}.content[{at}]") for at, part in enumerate(content))


def _part(part: Any, where: str) -> ai.Part:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in ("text", "input_text", "output_text") and isinstance(part.get("text"), str):
        return ai.TextPart(part["text"].replace("\0", ""))
    if kind in ("image_url", "input_image"):
        given = part.get("image_url")
        return _image(given.get("url") if isinstance(given, dict) else given, where)
    raise unsupported(where, f"{where}: parts are text and pictures")


def _image(url: Any, where: str) -> ai.ImagePart:
    """Only what is in the request itself: an address that we would fetch could lead into our own network."""
    if not isinstance(url, str) or not url.startswith("data:image/"):
        raise unsupported(where, f"{where}: give the picture as a data: address in base64")
    head, _, data = url.removeprefix("data:").partition(",")
    if not head.endswith(";base64") or len(data) > MAX_IMAGE_BYTES * 4 // 3:
        raise unsupported(where, f"{where}: base64, at most {MAX_IMAGE_BYTES // 2**20} MB")
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise invalid(f"{where}", "This is no base64") from error
    return ai.ImagePart(head.removesuffix(";base64"), data)


def _calls(given: list[Any], where: str) -> tuple[ai.ToolCall, ...]:
    try:
        return tuple(
            ai.ToolCall(str(call["id"]), str(call["function"]["name"]), str(call["function"].get("arguments") or "{}"))
            for call in given
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise invalid(f"{where}.tool_calls", "Id and function with name and arguments") from error


def _chat_tools(given: list[dict[str, Any]]) -> tuple[ai.Tool, ...]:
    try:
        if any(tool["type"] != "function" for tool in given):
            raise unsupported("tools", "Tools are functions")
        return tuple(_tool(tool["function"]) for tool in given)
    except (KeyError, TypeError, AttributeError) as error:
        raise invalid("tools", "Type and function with name and parameters") from error


def _response_tools(given: list[dict[str, Any]]) -> tuple[ai.Tool, ...]:
    try:
        if any(tool["type"] != "function" for tool in given):
            raise unsupported("tools", "Tools are functions")
        return tuple(_tool(tool) for tool in given)
    except (KeyError, TypeError, AttributeError) as error:
        raise invalid("tools", "Type, name and parameters") from error


def _tool(given: dict[str, Any]) -> ai.Tool:
    return ai.Tool(str(given["name"]), str(given.get("description") or ""), dict(given.get("parameters") or {}))


def _chat_item(item: dict[str, Any], where: str) -> dict[str, Any]:
    """An item of a response's input as a chat message."""
    kind = item.get("type") or "message"
    if kind == "message":
        return item
    if kind == "function_call":
        function = {"name": item.get("name"), "arguments": item.get("arguments")}
        return {"role": "assistant", "tool_calls": [{"id": item.get("call_id"), "function": function}]}
    if kind == "function_call_output":
        output = item.get("output")
        text = output if isinstance(output, str) else orjson.dumps(output).decode()
        return {"role": "tool", "tool_call_id": item.get("call_id"), "content": text}
    raise unsupported(where, f"{where}: messages, function calls and their outputs")


def _passed_on(body: ChatIn, model: ai.ModelView) -> dict[str, Any]:
    given = {name: value for name, value in (body.model_extra or {}).items() if value is not None}
    extra = {name: given.pop(name) for name in PASSED_ON if name in given}
    for name in given.keys() - WITHOUT_EFFECT:
        raise unsupported(name, f"`{name}` is not supported here")
    if extra and not all(route.driver in OPENAI_DRIVERS for route in model.routes):
        name = next(iter(extra))
        raise unsupported(name, f"The model `{model.slug}` does not take `{name}`")
    return extra
