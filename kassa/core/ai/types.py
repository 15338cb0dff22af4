"""Ids, requests and events of the AI gateway: what drivers speak and what leaves this module."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NewType
from uuid import UUID

ModelId = NewType("ModelId", UUID)
EndpointId = NewType("EndpointId", UUID)
KeyId = NewType("KeyId", UUID)
RouteId = NewType("RouteId", UUID)


class Family(StrEnum):
    """What a model makes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    MUSIC = "music"
    EMBEDDING = "embedding"
    TOOL = "tool"


class KeyState(StrEnum):
    """Whether a key may be used. All but `active` may carry a time after which it is tried again."""

    ACTIVE = "active"
    COOLDOWN = "cooldown"
    DISABLED = "disabled"
    EXHAUSTED = "exhausted"


class Role(StrEnum):
    """Who said a message. System text is a field of the request, not a message."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of text in a message."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture in a message: `media_type` such as image/png, `data` in base64 without a data: prefix."""

    media_type: str
    data: str


Part = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks to run a tool: `arguments` is JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. An assistant's turn may hold tool calls; a tool's turn answers the call `tool_call_id`."""

    role: Role
    parts: tuple[Part, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A question to a text model. `model` is the provider's name for it; the gateway fills it from the route.

    `extra` is merged into the body as it is, last, so a route's settings win over a driver's.
    """

    messages: tuple[Message, ...]
    model: str = ""
    system: str = ""
    max_output_tokens: int | None = None
    temperature: float | None = None
    tools: tuple[Tool, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to the first byte of the answer, between two reads, and for the whole answer."""

    connect_s: float = 10.0
    first_byte_s: float = 60.0
    between_chunks_s: float = 60.0
    total_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider answers. `base_url` replaces exactly the vendor's own; `options` are the driver's."""

    name: str
    provider: str
    base_url: str
    options: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = Timeouts()


class FinishReason(StrEnum):
    """Why an answer ended. Refusals and failures are errors, never reasons."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer: everything that came in one read from the network."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the model's thinking, where the provider shows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them: `input_tokens` includes the cached, `output_tokens` the thinking."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete; always the last event of a driver."""

    reason: FinishReason


TextEvent = TextDelta | ReasoningDelta | ToolCall | Usage | Finished


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """One call to a provider, for usage records. `error_class` is empty when it succeeded.

    `cost_micro_usd` is what the provider charges us for it, in millionths of a dollar; None when not known.
    """

    number: int
    route_id: UUID
    key_id: UUID
    endpoint: str
    provider: str
    upstream_name: str
    error_class: str
    detail: str
    latency_ms: int
    first_delta_ms: int | None
    delivered_chars: int
    cost_micro_usd: int | None
    key_action: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """What was delivered so far is void: another provider starts the answer anew."""


@dataclass(frozen=True, slots=True)
class CacheHit:
    """What follows comes from the cache: nobody was asked. The caller charges `price_percent` of the price."""

    key: str
    price_percent: int


GatewayEvent = TextEvent | AttemptMade | Restarted | CacheHit


class MakeKind(StrEnum):
    """What is made in one call that does not stream."""

    IMAGE = "image"
    SPEECH = "speech"
    TRANSCRIPT = "transcript"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file on its way to or from a provider."""

    media_type: str
    data: bytes = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True)
class MakeRequest:
    """Something to make. `params` are OpenAI's names for the kind: prompt, size, n; input, voice; input, dimensions."""

    kind: MakeKind
    params: Mapping[str, Any]
    files: tuple[Blob, ...] = ()
    model: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: files, or a text, or vectors; and tokens where the provider counts them."""

    files: tuple[Blob, ...] = ()
    text: str = ""
    vectors: tuple[tuple[float, ...], ...] = ()
    usage: Usage | None = None


PriceSource = Literal["seed", "owner"]
