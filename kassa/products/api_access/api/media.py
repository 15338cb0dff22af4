"""`/v1/images/generations`, `/v1/audio/speech`, `/v1/audio/transcriptions`, `/v1/embeddings`."""

import base64
import struct
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from kassa.core import ai
from kassa.core.access import Actor, Caller
from kassa.kit import clock
from kassa.kit.app import App
from kassa.kit.errors import AppError
from kassa.kit.web import app_of
from kassa.products.api_access import calls
from kassa.products.api_access.calls import Call
from kassa.products.api_access.errors import DOCUMENTED, invalid, unsupported

router = APIRouter(prefix="/v1", tags=["openai"], responses=DOCUMENTED)

Json = dict[str, Any]
MAX_AUDIO_BYTES = 25 * 1024 * 1024


class ImageIn(BaseModel):
    """A picture to make."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field("gpt-image", max_length=100)
    prompt: str = Field(min_length=1, max_length=32_000)
    n: int = Field(1, ge=1, le=10)
    size: str | None = Field(None, max_length=20)
    quality: str | None = Field(None, max_length=20)
    background: str | None = Field(None, max_length=20)
    output_format: str | None = Field(None, max_length=10)
    moderation: str | None = Field(None, max_length=10)
    response_format: Literal["b64_json"] | None = None
    user: str | None = Field(None, max_length=200)


class SpeechIn(BaseModel):
    """A text to read aloud."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field("tts", max_length=100)
    input: str = Field(min_length=1, max_length=4096)
    voice: str = Field(max_length=40)
    instructions: str | None = Field(None, max_length=4096)
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = None
    speed: float | None = Field(None, ge=0.25, le=4)


class EmbeddingIn(BaseModel):
    """Texts to turn into vectors."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field("text-embedding", max_length=100)
    input: str | list[str] = Field(max_length=2048)
    dimensions: int | None = Field(None, ge=1, le=4096)
    encoding_format: Literal["float", "base64"] = "float"
    user: str | None = Field(None, max_length=200)


@router.post("/images/generations")
async def generate_images(request: Request, body: ImageIn, actor: Caller) -> Json:
    """Make pictures; they come inside the answer (b64_json)."""
    app = app_of(request)
    calls.require_customer(actor, "images")
    model = await calls.find_model(app, actor, body.model, ai.Family.IMAGE)
    params = body.model_dump(exclude_none=True, exclude={"model", "response_format", "user"})
    price = ai.quote(model.price, params).tokens * body.n
    made = await _make(app, actor, model, "image", price, ai.MakeRequest(ai.MakeKind.IMAGE, params))
    data = [{"b64_json": base64.b64encode(file.data).decode()} for file in made.files]
    answer: Json = {"created": int(clock.now().timestamp()), "data": data}
    if made.files:
        answer["output_format"] = made.files[0].media_type.removeprefix("image/")
    if made.usage is not None:
        total = made.usage.input_tokens + made.usage.output_tokens
        answer["usage"] = {"input_tokens": made.usage.input_tokens, "output_tokens": made.usage.output_tokens,
                           "total_tokens": total}  # fmt: skip
    return answer


@router.post("/audio/speech", response_class=Response, responses={200: {"content": {"audio/*": {}}}})
async def speak(request: Request, body: SpeechIn, actor: Caller) -> Response:
    """Read a text aloud; the answer is the sound."""
    app = app_of(request)
    calls.require_customer(actor, "audio")
    model = await calls.find_model(app, actor, body.model, ai.Family.AUDIO)
    params = body.model_dump(exclude_none=True, exclude={"model"})
    price = ai.quote(model.price, {"characters": len(body.input)}).tokens
    made = await _make(app, actor, model, "speech", price, ai.MakeRequest(ai.MakeKind.SPEECH, params))
    return Response(made.files[0].data, media_type=made.files[0].media_type)


@router.post("/audio/transcriptions")
async def transcribe(
    request: Request,
    actor: Caller,
    file: Annotated[UploadFile, File()],
    model: Annotated[str, Form(max_length=100)] = "whisper",
    language: Annotated[str | None, Form(max_length=10)] = None,
    prompt: Annotated[str | None, Form(max_length=4096)] = None,
    response_format: Annotated[str, Form(max_length=20)] = "json",
) -> Any:
    """Write down what is said."""
    app = app_of(request)
    calls.require_customer(actor, "audio")
    if response_format not in {"json", "text"}:
        raise unsupported("response_format", "json or text")
    found = await calls.find_model(app, actor, model, ai.Family.AUDIO)
    data = await file.read()
    if not 0 < len(data) <= MAX_AUDIO_BYTES:
        raise invalid("file", f"a file of up to {MAX_AUDIO_BYTES // 2**20} MB")
    params = {name: value for name, value in (("language", language), ("prompt", prompt)) if value}
    blob = ai.Blob(file.content_type or "application/octet-stream", data, file.filename or "audio")
    price = ai.quote(found.price, {}).tokens
    made = await _make(app, actor, found, "transcript", price, ai.MakeRequest(ai.MakeKind.TRANSCRIPT, params, (blob,)))
    return Response(made.text, media_type="text/plain") if response_format == "text" else {"text": made.text}


@router.post("/embeddings")
async def embed(request: Request, body: EmbeddingIn, actor: Caller) -> Json:
    """Turn texts into vectors."""
    app = app_of(request)
    calls.require_customer(actor, "embeddings")
    model = await calls.find_model(app, actor, body.model, ai.Family.EMBEDDING)
    texts = [body.input] if isinstance(body.input, str) else body.input
    if not texts or not all(texts):
        raise invalid("input", "texts that are not empty")
    params: Json = {"input": texts, "encoding_format": "float"}
    if body.dimensions:
        params["dimensions"] = body.dimensions
    # No tokenizer makes more tokens of a text than it has bytes.
    most = sum(len(text.encode()) for text in texts)
    price = ai.quote(model.price, ai.upper_bound(most, 0)).tokens
    made = await _make(app, actor, model, "embedding", price, ai.MakeRequest(ai.MakeKind.EMBEDDING, params))
    used = made.usage.input_tokens if made.usage else 0
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(vector, body.encoding_format)}
        for index, vector in enumerate(made.vectors)
    ]
    return {"object": "list", "data": data, "model": model.slug, "usage": {"prompt_tokens": used, "total_tokens": used}}


async def _make(app: App, actor: Actor, model: ai.ModelView, kind: str, price: int, request: ai.MakeRequest) -> ai.Made:
    call = await calls.begin(app, actor, model, kind, price)
    try:
        made, attempts = await ai.make(app.get(ai.Gateway), actor.organization_id, model.slug, request)
    except AppError as error:
        await calls.end(app, call, charge=0, status="failed", error_code=error.code)
        raise
    for attempt in attempts:
        call.note(attempt)
    call.tokens = made.usage
    await calls.end(app, call, charge=_charge(call, price), status="answered")
    return made


def _charge(call: Call, price: int) -> int:
    if call.model.price.is_fixed or call.tokens is None:
        return price
    return ai.charge(call.model.price, ai.measured(call.model.price, call.tokens), price)


def _vector(vector: tuple[float, ...], encoding: str) -> Any:
    if encoding == "base64":
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    return vector
