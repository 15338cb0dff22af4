"""Opening Mini Apps, and what the phone does for them while they are open."""

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from kassa.sandbox.telegram import cloud, mini_apps
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json
from kassa.sandbox.telegram.mini_apps import Launch
from kassa.sandbox.telegram.state import Person

from .shapes import Emu, bot_or_404, chat_or_404, person_or_404, photo_url


class NewLaunch(BaseModel):
    """What a person presses: a link; or a button with this address in a chat; or else the bot's menu button."""

    person: int
    bot: int | str = ""
    link: str = ""
    chat: str = ""
    message_id: int = 0
    address: str = ""
    theme: Literal["light", "dark"] = "light"
    platform: str = Field("ios", max_length=20)


class AppCall(BaseModel):
    """A call of the app, as the phone took it, with the events that it was answered with."""

    method: str = Field(max_length=100)
    params: dict[str, Any] = {}
    answers: list[dict[str, Any]] = []


class CustomMethod(BaseModel):
    """A call that the phone hands to Telegram's servers."""

    method: str
    params: dict[str, Any] = {}


class AppData(BaseModel):
    """What an app of the reply keyboard sends to its bot."""

    data: str


routes = APIRouter()


@routes.post("/mini-apps/launches", status_code=201)
async def launch(request: Request, emulator: Emu, new: NewLaunch) -> Json:
    person = person_or_404(emulator, new.person)
    opened = _pressed(emulator, new, person)
    return mini_apps.open_app(emulator, opened, new.theme, new.platform, photo_url(request, person))


def _pressed(emulator: Emulator, new: NewLaunch, person: Person) -> Launch:
    chat = chat_or_404(emulator, new.chat) if new.chat else None
    if new.link:
        link = mini_apps.read_link(emulator, new.link)
        if link is None:
            raise HTTPException(404, "this link opens no Mini App")
        return mini_apps.from_link(link, person, chat)
    if new.address:
        if chat is None:
            raise HTTPException(422, "a button is in a chat")
        return mini_apps.from_button(emulator, chat, person, new.message_id, new.address)
    return mini_apps.from_menu(emulator, bot_or_404(emulator, new.bot), person)


@routes.post("/mini-apps/launches/{launch_id}/calls", status_code=201)
async def note_call(emulator: Emu, launch_id: str, call: AppCall) -> Json:
    found = _launch(emulator, launch_id)
    entry = emulator.journal.add_app_call(launch_id, found.bot, found.person, call.method, call.params, call.answers)
    emulator.hub.publish("app_call", call=entry)
    return entry


@routes.get("/mini-apps/calls")
async def calls(emulator: Emu, launch: str = "", method: str = "", limit: int = 200) -> list[Json]:
    found = [
        entry
        for entry in emulator.journal.app_calls
        if launch in ("", entry["launch"]) and method in ("", entry["method"])
    ]
    return found[-limit:]


@routes.post("/mini-apps/launches/{launch_id}/custom-methods")
async def invoke(emulator: Emu, launch_id: str, call: CustomMethod) -> Json:
    found = _launch(emulator, launch_id)
    return cloud.invoke(emulator.world.store, f"{found.bot}:{found.person}", call.method, call.params)


@routes.post("/mini-apps/launches/{launch_id}/write-access")
async def allow_writing(emulator: Emu, launch_id: str) -> Json:
    mini_apps.allow_writing(emulator, _launch(emulator, launch_id))
    return {"ok": True}


@routes.post("/mini-apps/launches/{launch_id}/data", status_code=201)
async def send_data(emulator: Emu, launch_id: str, sent: AppData) -> Json:
    return mini_apps.send_data(emulator, _launch(emulator, launch_id), sent.data)


@routes.get("/mini-apps/key")
async def public_key(emulator: Emu) -> Json:
    """The Ed25519 key of the sandbox, in the place of Telegram's own: for checks without the bot's token."""
    return {"public_key": emulator.signer.public_key}


@routes.get("/invoices/{slug}")
async def invoice(emulator: Emu, slug: str) -> Json:
    found = emulator.payments.get(slug)
    if found is None or found["kind"] != "invoice":
        raise HTTPException(404, "no such invoice")
    return {name: found[name] for name in ("title", "description", "amount", "bot", "period")}


def _launch(emulator: Emulator, launch_id: str) -> Launch:
    found = emulator.launches.get(launch_id)
    if found is None:
        raise HTTPException(404, "no such launch")
    return found
