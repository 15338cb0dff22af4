"""OpenAI's calls that do not stream: pictures, speech, transcripts, vectors."""

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
import orjson

from kassa.core.ai import Blob, Endpoint, ErrorClass, Made, MakeKind, MakeRequest, ProviderError, Usage, provider_error

from .openai_errors import classify
from .stream import Json, call, probe

_SPEECH_TYPES = {"mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac", "wav": "audio/wav",
                 "pcm": "audio/pcm"}  # fmt: skip


class OpenAIMediaDriver:
    """One driver for `images/generations`, `images/edits`, `audio/speech`, `audio/transcriptions`, `embeddings`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def make(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        """Ask; see MakeDriver."""
        ask = {
            MakeKind.IMAGE: self._image, MakeKind.SPEECH: self._speech, MakeKind.TRANSCRIPT: self._transcript,
            MakeKind.EMBEDDING: self._embedding,
        }[request.kind]  # fmt: skip
        return await ask(request, endpoint, key)

    async def probe(self, endpoint: Endpoint, key: str) -> None:
        """List models."""
        url = endpoint.base_url.rstrip("/") + "/models"
        await probe(self._session, url, _headers(key, ""), endpoint, partial(classify, endpoint.provider))

    async def _image(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        if request.files:
            form = aiohttp.FormData()
            for name, value in {"model": request.model, **request.params}.items():
                form.add_field(name, str(value))
            for file in request.files:
                form.add_field("image[]", file.data, filename=file.name or "image.png", content_type=file.media_type)
            answer = await self._call("images/edits", request, endpoint, key, form=form)
        else:
            answer = await self._call("images/generations", request, endpoint, key)
        body = _json(answer[1], endpoint.provider)
        media_type = f"image/{body.get('output_format') or 'png'}"

        def read() -> Made:
            files = tuple(Blob(media_type, base64.b64decode(item["b64_json"], validate=True)) for item in body["data"])
            return Made(files=files, usage=_usage(body, "input_tokens", "output_tokens"))

        made = _read(read, endpoint.provider)
        if not made.files:
            raise provider_error(ErrorClass.EMPTY_ANSWER, provider=endpoint.provider, detail="no picture")
        return made

    async def _speech(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        media_type, data = await self._call("audio/speech", request, endpoint, key)
        if not data:
            raise provider_error(ErrorClass.EMPTY_ANSWER, provider=endpoint.provider, detail="no sound")
        wanted = _SPEECH_TYPES.get(str(request.params.get("response_format", "mp3")), media_type)
        return Made(files=(Blob(wanted, data),))

    async def _transcript(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        form = aiohttp.FormData()
        for name, value in {"model": request.model, **request.params}.items():
            form.add_field(name, str(value))
        file = request.files[0]
        form.add_field("file", file.data, filename=file.name or "audio.mp3", content_type=file.media_type)
        answer = await self._call("audio/transcriptions", request, endpoint, key, form=form)
        body = _json(answer[1], endpoint.provider)
        return Made(text=str(body.get("text") or ""), usage=_usage(body, "input_tokens", "output_tokens"))

    async def _embedding(self, request: MakeRequest, endpoint: Endpoint, key: str) -> Made:
        answer = await self._call("embeddings", request, endpoint, key)
        body = _json(answer[1], endpoint.provider)

        def read() -> Made:
            ordered = sorted(body["data"], key=lambda item: item["index"])
            vectors = tuple(tuple(float(number) for number in item["embedding"]) for item in ordered)
            return Made(vectors=vectors, usage=_usage(body, "prompt_tokens", ""))

        return _read(read, endpoint.provider)

    async def _call(
        self, path: str, request: MakeRequest, endpoint: Endpoint, key: str, form: aiohttp.FormData | None = None
    ) -> tuple[str, bytes]:
        url = f"{endpoint.base_url.rstrip('/')}/{path}"
        body: Json | None = None if form is not None else {"model": request.model, **request.params}
        return await call(
            self._session, url, _headers(key, request.request_id), endpoint, partial(classify, endpoint.provider),
            body=body, form=form,
        )  # fmt: skip


def _headers(key: str, request_id: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {key}"}
    if request_id:
        headers["X-Client-Request-Id"] = request_id
    return headers


def _json(data: bytes, provider: str) -> dict[str, Any]:
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _malformed(provider) from error
    if not isinstance(body, dict):
        raise _malformed(provider)
    return body


def _read(read: Callable[[], Made], provider: str) -> Made:
    try:
        return read()
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise _malformed(provider) from error


def _malformed(provider: str) -> ProviderError:
    return provider_error(ErrorClass.TRANSIENT, provider=provider, detail="an answer of another shape")


def _usage(body: Json, input_name: str, output_name: str) -> Usage | None:
    usage = body.get("usage")
    if not isinstance(usage, dict) or input_name not in usage:
        return None
    return Usage(int(usage[input_name] or 0), int(usage.get(output_name) or 0))
