"""OpenAI's calls that do not stream: small true files made on the spot, so that clients can open them."""

import base64
import hashlib
import io
import math
import struct
from typing import Any

from fastapi import Request
from PIL import Image, ImageDraw
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from kassa.kit import clock

Json = dict[str, Any]

MODELS = {
    "images/generations": ("gpt-image-2.5-sunburst", "gpt-image-2", "gpt-image-2-mini"),
    "images/edits": ("gpt-image-2.5-sunburst", "gpt-image-2", "gpt-image-2-mini"),
    "audio/speech": ("gpt-4o-mini-tts", "tts-1"),
    "audio/transcriptions": ("gpt-transcribe", "whisper-1", "gpt-4o-transcribe"),
    "embeddings": ("text-embedding-3-small", "text-embedding-3-large"),
}
SIZES = {"1024x1024": (1024, 1024), "1024x1536": (1024, 1536), "1536x1024": (1536, 1024), "auto": (1024, 1024)}
SAMPLE_RATE = 24_000


async def reply(path: str, request: Request, body: Json) -> Response | str:
    """The answer; a text is what is wrong with the request."""
    if path.startswith("images/"):
        return _image(body)
    if path == "audio/speech":
        return _speech(body)
    if path == "audio/transcriptions":
        return await _transcript(body)
    return _embedding(body)


def _image(body: Json) -> Response | str:
    prompt, size = str(body.get("prompt") or ""), str(body.get("size") or "1024x1024")
    if not prompt:
        return "Missing required parameter: 'prompt'."
    if size not in SIZES:
        return f"Invalid value: '{size}'. Supported values are: {', '.join(SIZES)}."
    count = int(body.get("n") or 1)
    if not 1 <= count <= 10:
        return "Invalid 'n': expected a value between 1 and 10."
    data = [
        {"b64_json": base64.b64encode(_drawing(f"{prompt}{number}", SIZES[size])).decode()} for number in range(count)
    ]
    usage = {"input_tokens": len(prompt) // 4 + 1, "output_tokens": 1056 * count,
             "total_tokens": len(prompt) // 4 + 1 + 1056 * count}  # fmt: skip
    return JSONResponse({"created": _now(), "background": "opaque", "output_format": "png", "quality": "medium",
                         "size": size, "data": data, "usage": usage})  # fmt: skip


def _drawing(seed: str, size: tuple[int, int]) -> bytes:
    """A picture that is the same for the same words: circles in colours of their hash."""
    digest = hashlib.sha256(seed.encode()).digest()
    picture = Image.new("RGB", size, (digest[0], digest[1], digest[2]))
    draw = ImageDraw.Draw(picture)
    for at in range(0, 28, 7):
        x, y = digest[at] * size[0] // 255, digest[at + 1] * size[1] // 255
        radius = 40 + digest[at + 2]
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(digest[at + 3 : at + 6]))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _speech(body: Json) -> Response | str:
    text = str(body.get("input") or "")
    if not text:
        return "Missing required parameter: 'input'."
    if not body.get("voice"):
        return "Missing required parameter: 'voice'."
    # A tone per letter: a WAV whatever format was asked, as no encoder is at hand here.
    samples = bytearray()
    for letter in text[:200]:
        pitch = 220 + ord(letter) % 40 * 10
        for moment in range(SAMPLE_RATE // 50):
            samples += struct.pack("<h", int(9000 * math.sin(2 * math.pi * pitch * moment / SAMPLE_RATE)))
    header = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVEfmt ", 16, 1, 1, SAMPLE_RATE,
                         SAMPLE_RATE * 2, 2, 16, b"data", len(samples))  # fmt: skip
    return Response(header + bytes(samples), media_type="audio/wav")


async def _transcript(body: Json) -> Response | str:
    file = body.get("file")
    if not isinstance(file, UploadFile):
        return "Missing required parameter: 'file'."
    heard = await file.read()
    if not heard:
        return "Audio file might be corrupted or unsupported."
    text = f"This is what was said in {len(heard)} bytes of sound."
    usage = {"type": "tokens", "input_tokens": len(heard) // 1000 + 1, "output_tokens": len(text) // 4,
             "total_tokens": len(heard) // 1000 + 1 + len(text) // 4}  # fmt: skip
    return JSONResponse({"text": text, "usage": usage})


def _embedding(body: Json) -> Response | str:
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        return "Missing required parameter: 'input'."
    dimensions = int(body.get("dimensions") or 1536)
    data: list[Json] = []
    for index, text in enumerate(texts):
        vector = _vector(text, dimensions)
        shown: Any = vector
        if body.get("encoding_format") == "base64":
            shown = base64.b64encode(struct.pack(f"<{dimensions}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": shown})
    tokens = sum(len(text) // 4 + 1 for text in texts)
    return JSONResponse({"object": "list", "data": data, "model": body["model"],
                         "usage": {"prompt_tokens": tokens, "total_tokens": tokens}})  # fmt: skip


def _vector(text: str, dimensions: int) -> list[float]:
    """Of length 1, and the same for the same words."""
    noise = hashlib.shake_256(text.encode()).digest(dimensions)
    raw = [byte - 127.5 for byte in noise]
    length = math.sqrt(sum(number * number for number in raw))
    return [number / length for number in raw]


def _now() -> int:
    return int(clock.now().timestamp())
