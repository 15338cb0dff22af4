"""What kinds of file are taken, and how each is told by its first bytes (FIL-2).

The bytes decide. The name's extension and the declared type have to agree with them: a file that lies is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kassa.kit.errors import Invalid

MB = 2**20


class Category(StrEnum):
    """The folder of the storage that a file lies in."""

    IMAGES = "images"
    VIDEOS = "videos"
    AUDIO = "audio"
    DOCUMENTS = "documents"


class Purpose(StrEnum):
    """What a file is for: that decides how large it may be."""

    ATTACHMENT = "attachment"
    AI = "ai"
    AVATAR = "avatar"
    """Fetched by us, not uploaded."""


LIMITS = {
    Purpose.ATTACHMENT: {Category.IMAGES: 10 * MB, Category.DOCUMENTS: 20 * MB, Category.AUDIO: 20 * MB,
                         Category.VIDEOS: 20 * MB},
    Purpose.AI: dict.fromkeys(Category, 100 * MB),
    Purpose.AVATAR: dict.fromkeys(Category, 2 * MB),
}  # fmt: skip
MAX_UPLOAD_BYTES = 100 * MB


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `is_inline`: a browser may show it in place; everything else is only downloaded."""

    media_type: str
    category: Category
    extensions: tuple[str, ...]
    is_inline: bool = False
    also: tuple[str, ...] = ()
    """Other names that programs give the type."""


def _kind(
    media_type: str, category: Category, *extensions: str, inline: bool = False, also: tuple[str, ...] = ()
) -> Kind:
    return Kind(media_type, category, extensions, inline, also)


_I, _V, _A, _D = Category.IMAGES, Category.VIDEOS, Category.AUDIO, Category.DOCUMENTS
_OOXML = "application/vnd.openxmlformats-officedocument"

PNG = _kind("image/png", _I, "png", inline=True)
JPEG = _kind("image/jpeg", _I, "jpg", "jpeg", inline=True, also=("image/jpg",))
GIF = _kind("image/gif", _I, "gif", inline=True)
WEBP = _kind("image/webp", _I, "webp", inline=True)
PDF = _kind("application/pdf", _D, "pdf")
MP4 = _kind("video/mp4", _V, "mp4", "m4v")
MOV = _kind("video/quicktime", _V, "mov")
WEBM = _kind("video/webm", _V, "webm", also=("audio/webm",))
MP3 = _kind("audio/mpeg", _A, "mp3", also=("audio/mp3",))
M4A = _kind("audio/mp4", _A, "m4a", also=("audio/x-m4a", "audio/m4a"))
WAV = _kind("audio/wav", _A, "wav", also=("audio/x-wav", "audio/wave"))
OGG = _kind("audio/ogg", _A, "ogg", "oga", "opus", also=("application/ogg", "audio/opus"))
FLAC = _kind("audio/flac", _A, "flac", also=("audio/x-flac",))
ZIP = _kind("application/zip", _D, "zip", also=("application/x-zip-compressed",))
DOCX = _kind(f"{_OOXML}.wordprocessingml.document", _D, "docx")
XLSX = _kind(f"{_OOXML}.spreadsheetml.sheet", _D, "xlsx")
PPTX = _kind(f"{_OOXML}.presentationml.presentation", _D, "pptx")
TEXT = _kind(
    "text/plain", _D, "txt", "md", "csv", "json", "log", "yaml", "yml", "py", "js", "ts", "sql", "toml", "ini",
    "tsv", "mjs", "jsx", "tsx", "css", "scss", "sh", "go", "rs", "java", "kt", "swift", "c", "h", "cpp", "hpp", "cs",
    "rb", "php", "lua", "r", "tex",
    also=("text/csv", "text/markdown", "application/json", "text/x-python", "application/x-yaml", "text/yaml",
          "application/sql", "text/x-sql", "application/toml", "text/tab-separated-values"),
)  # fmt: skip

_Test = Callable[[bytes], bool]
_SIGNATURES: tuple[tuple[Kind, _Test], ...] = (
    (PNG, lambda head: head.startswith(b"\x89PNG\r\n\x1a\n")),
    (JPEG, lambda head: head.startswith(b"\xff\xd8\xff")),
    (GIF, lambda head: head[:6] in {b"GIF87a", b"GIF89a"}),
    (WEBP, lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    (PDF, lambda head: head.startswith(b"%PDF-")),
    (WAV, lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    (OGG, lambda head: head.startswith(b"OggS")),
    (FLAC, lambda head: head.startswith(b"fLaC")),
    (WEBM, lambda head: head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]),
    (M4A, lambda head: head[4:8] == b"ftyp" and head[8:11] == b"M4A"),
    (MOV, lambda head: head[4:8] == b"ftyp" and head[8:10] == b"qt"),
    (MP4, lambda head: head[4:8] == b"ftyp"),
    (MP3, lambda head: head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in {b"\xfb", b"\xf3", b"\xf2"})),
    (ZIP, lambda head: head.startswith(b"PK\x03\x04")),
)
_IN_ZIP = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_MARKUP = (b"<!doctype html", b"<html", b"<svg", b"<?xml", b"<script", b"<!doctype svg")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""What no text has, and every program does."""
_ANY_TYPE = {"", "application/octet-stream", "binary/octet-stream"}


def detect(data: bytes, names_in_zip: tuple[str, ...] = ()) -> Kind:
    """The kind of a file by its bytes. `names_in_zip` tell a document from an archive.

    Raises Invalid `files.kind_refused` for what is not taken: programs, markup, pictures that can run scripts.
    """
    for kind, fits in _SIGNATURES:
        if fits(data[:512]):
            return _document_in(names_in_zip) if kind is ZIP else kind
    if _is_text(data):
        return TEXT
    raise Invalid("files.kind_refused", "Files of this kind are not taken", allowed=allowed())


def check_agreement(kind: Kind, name: str, declared: str) -> None:
    """Refuse a file whose name or declared type tells something else: Invalid `files.kind_disagrees`."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    declared = declared.split(";")[0].strip().lower()
    if extension and extension not in kind.extensions:
        raise _disagrees(kind, "name", extension)
    if declared not in {kind.media_type, *kind.also, *_ANY_TYPE}:
        raise _disagrees(kind, "type", declared)


def allowed() -> list[str]:
    """The extensions of what is taken."""
    kinds = {kind for kind, _ in _SIGNATURES} | {kind for _, kind in _IN_ZIP} | {TEXT}
    return sorted({extension for kind in kinds for extension in kind.extensions})


def _document_in(names: tuple[str, ...]) -> Kind:
    if "[Content_Types].xml" in names:
        for folder, kind in _IN_ZIP:
            if any(name.startswith(folder) for name in names):
                return kind
    return ZIP


def _is_text(data: bytes) -> bool:
    if not data or _CONTROL.search(data) or data[:1024].lstrip().lower().startswith(_MARKUP):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _disagrees(kind: Kind, what: str, given: str) -> Invalid:
    return Invalid(
        "files.kind_disagrees", f"The file is {kind.media_type}, and its {what} says {given}", found=kind.media_type,
        given=given[:100],
    )  # fmt: skip
