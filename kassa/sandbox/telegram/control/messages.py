"""Histories and what people do in chats."""

from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Response, UploadFile
from pydantic import BaseModel

from kassa.sandbox.telegram.actions import attach, pay, press, react, say, stop_generation
from kassa.sandbox.telegram.errors import Json

from .shapes import Emu, bot_or_404, chat_or_404, chat_shape, person_or_404


class NewMessage(BaseModel):
    """A text that a person writes."""

    person: int
    text: str
    reply_to: int = 0


class Press(BaseModel):
    """An inline button that a person presses."""

    person: int
    message_id: int
    data: str


class Stop(BaseModel):
    """The Stop button of a draft."""

    draft_id: int


class Reaction(BaseModel):
    """A reaction; an empty emoji takes it off."""

    person: int
    message_id: int
    emoji: str = ""


class Payment(BaseModel):
    """An invoice to pay: of a message in the chat, or by the slug of its link."""

    person: int
    message_id: int = 0
    slug: str = ""


routes = APIRouter()


@routes.get("/chats/{key}/messages")
async def history(emulator: Emu, key: str, after: int = 0, limit: int = 200) -> Json:
    chat = chat_or_404(emulator, key)
    found = [message for number, message in emulator.world.messages[key].items() if number > after]
    draft = emulator.drafts.get(key)
    return {
        "chat": chat_shape(emulator, chat),
        "messages": found[-limit:],
        "has_older": len(found) > limit,
        "draft": draft.shown() if draft else None,
        "keyboard": chat.keyboard,
    }


@routes.post("/chats/{key}/messages", status_code=201)
async def send(emulator: Emu, key: str, new: NewMessage) -> Json:
    chat = chat_or_404(emulator, key)
    return say(emulator, person_or_404(emulator, new.person), chat, new.text, new.reply_to)


@routes.post("/chats/{key}/files", status_code=201)
async def send_file(
    emulator: Emu,
    key: str,
    person: Annotated[int, Form()],
    kind: Annotated[str, Form()],
    file: Annotated[UploadFile, File()],
    caption: Annotated[str, Form()] = "",
    album: Annotated[str, Form(description="The same for files that are sent together")] = "",
) -> Json:
    chat = chat_or_404(emulator, key)
    content = (file.filename or "file", file.content_type or "", await file.read())
    return attach(emulator, person_or_404(emulator, person), chat, kind, content, caption, album)


@routes.post("/chats/{key}/press")
async def press_button(emulator: Emu, key: str, button: Press) -> Json:
    chat = chat_or_404(emulator, key)
    query = press(emulator, person_or_404(emulator, button.person), chat, button.message_id, button.data)
    return {"query": query["id"]}


@routes.get("/queries/{query}")
async def answer_of(emulator: Emu, query: str) -> Json:
    found = emulator.queries.get(query)
    if found is None:
        raise HTTPException(404, "no such query")
    return {"query": query, "answer": found.get("answer")}


@routes.post("/chats/{key}/stop")
async def stop(emulator: Emu, key: str, button: Stop) -> Json:
    return {"stopped": stop_generation(emulator, chat_or_404(emulator, key), button.draft_id)}


@routes.post("/chats/{key}/reactions")
async def add_reaction(emulator: Emu, key: str, reaction: Reaction) -> Json:
    chat = chat_or_404(emulator, key)
    react(emulator, person_or_404(emulator, reaction.person), chat, reaction.message_id, reaction.emoji)
    return {"ok": True}


@routes.post("/chats/{key}/pay")
async def pay_invoice(emulator: Emu, key: str, payment: Payment) -> Json:
    chat = chat_or_404(emulator, key)
    bot = bot_or_404(emulator, chat.bot_id)
    invoice = payment.slug or f"{key}|{payment.message_id}"
    return {"query": pay(emulator, person_or_404(emulator, payment.person), bot, invoice)["id"]}


@routes.get("/files/{file_id}")
async def file_body(emulator: Emu, file_id: str) -> Response:
    facts = emulator.files.get(file_id)
    if facts is None:
        raise HTTPException(404, "no such file")
    # What a stranger uploaded must not run as a page of this origin.
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(emulator.files.body(file_id), media_type=facts["mime_type"], headers=headers)
