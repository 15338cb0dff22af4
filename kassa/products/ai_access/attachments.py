"""Files that come with a question: which models take them, what they may cost, and how a model reads them."""

import asyncio
import base64
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from kassa.core import ai, files
from kassa.core.access import Actor
from kassa.core.files import Category
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import Invalid, NotFound

from . import offers
from .errors import CannotRead, CannotSee

MAX_FILES = 10
PICTURE_TOKENS = 2_500
"""On the dear side for every vendor: none counts a picture of 1,920 pixels as more."""
DOCUMENT_CHARACTERS = 60_000
"""Of all documents of a question together, where the model's row names no `max_document_characters`. A price for one
answer has to pay for what is read, and a longer document is asked about in parts."""
CHARACTERS_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a question, as the question keeps it."""

    id: UUID
    name: str
    category: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None

    @property
    def is_picture(self) -> bool:
        """Whether a model would look at it; anything else it would read."""
        return self.category == Category.IMAGES.value

    @classmethod
    def of(cls, info: files.FileInfo) -> "Attachment":
        """A file that is there."""
        return cls(info.id, info.name, info.category, info.media_type, info.size_bytes, info.width, info.height)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Attachment":
        """Back from the question's row."""
        return cls(**{**stored, "id": UUID(stored["id"])})

    def to_json(self) -> dict[str, Any]:
        """For the question's row."""
        return asdict(self) | {"id": str(self.id)}


def check(model: ai.ModelView, attached: list[Attachment]) -> None:
    """Refuse what the model cannot take, before anything is held.

    Raises CannotSee, CannotRead, Invalid `ai_access.too_many_files`, `ai_access.document_too_long`.
    """
    if not attached:
        return
    most = min(MAX_FILES, int(model.limits.get("max_files", MAX_FILES)))
    if len(attached) > most:
        raise Invalid("ai_access.too_many_files", "Too many files", limit=most)
    if any(one.is_picture for one in attached) and not offers.sees_pictures(model):
        raise CannotSee(model.slug)
    for one in attached:
        if not one.is_picture and not files.has_words(one.media_type):
            raise CannotRead(one.name)
    # The bytes of a text are at least its characters; how many a PDF has is known when it is read.
    limit = document_limit(model)
    if sum(one.size_bytes for one in attached if one.media_type == "text/plain") > limit * 4:
        raise Invalid("ai_access.document_too_long", "The document is too long", limit=limit)


def document_limit(model: ai.ModelView) -> int:
    """How many characters of documents a question to the model may have."""
    return int(model.limits.get("max_document_characters", DOCUMENT_CHARACTERS))


def most_tokens(model: ai.ModelView, attached: list[Attachment]) -> int:
    """The most that files may add to a question, in the model's tokens."""
    pictures = sum(one.is_picture for one in attached)
    limit = document_limit(model)
    characters = sum(min(one.size_bytes, limit) if one.media_type == "text/plain" else limit for one in attached
                     if not one.is_picture)  # fmt: skip
    return pictures * PICTURE_TOKENS + min(characters, limit) // CHARACTERS_PER_TOKEN


async def parts(app: App, actor: Actor, model: ai.ModelView, text: str, attached: list[Attachment]) -> list[ai.Part]:
    """A question with its files as the model gets it: the documents, the pictures, the words.

    Raises NotFound `files.not_found` for a file that is gone, Invalid `files.no_words`, `ai_access.document_too_long`.
    """
    read: list[ai.Part] = []
    shown: list[ai.Part] = []
    left = document_limit(model)
    for one in attached:
        data = await _bytes_of(app, actor, one)
        if one.is_picture:
            encoded = await asyncio.to_thread(base64.b64encode, data)
            shown.append(ai.ImagePart(one.media_type, encoded.decode()))
            continue
        words = await files.words_of(one.media_type, data)
        left -= len(words)
        if left < 0:
            raise Invalid("ai_access.document_too_long", "The document is too long", limit=document_limit(model))
        read.append(ai.TextPart(_framed(one.name, words)))
    return [*read, *shown, *([ai.TextPart(text)] if text else [])]


async def earlier_parts(
    app: App, actor: Actor, model: ai.ModelView, text: str, attached: list[Attachment], *, has_room: bool
) -> list[ai.Part]:
    """An earlier question of the dialog. What is gone, not seen by this model or too much is named and left out."""
    if not attached:
        return [ai.TextPart(text)]
    if has_room and (offers.sees_pictures(model) or not any(one.is_picture for one in attached)):
        try:
            return await parts(app, actor, model, text, attached)
        except (NotFound, Invalid):
            pass
    return [ai.TextPart("\n".join([*(f"[{one.name}]" for one in attached), text]))]


async def _bytes_of(app: App, actor: Actor, one: Attachment) -> bytes:
    async with app.get(Database).transaction() as session:
        path = await files.path_of(session, actor, one.id)
    return await app.get(files.Storage).get(path)


def _framed(name: str, words: str) -> str:
    """A document between marks, so that a model tells it from the question."""
    plain = name.replace('"', "'")
    return f'<document name="{plain}">\n{words}\n</document>\n\n'
