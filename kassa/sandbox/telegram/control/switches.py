"""Faults, settings, the request log and the stream of events."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from kassa.sandbox.faults import Fault
from kassa.sandbox.telegram.emulator import Emulator
from kassa.sandbox.telegram.errors import Json

from .shapes import Emu


class NewFault(BaseModel):
    """A fault to switch on."""

    target: str
    kind: str
    match: str = ""
    times: int | None = Field(None, ge=1)
    options: dict[str, Any] = {}


class Settings(BaseModel):
    """What tests and load tests change; absent fields stay."""

    limits: bool | None = None
    open_to_all: bool | None = None
    webhook_first_pause_s: float | None = Field(None, gt=0)
    file_download_limit: int | None = Field(None, gt=0)


routes = APIRouter()


@routes.get("/faults")
async def list_faults(emulator: Emu) -> list[Json]:
    return [asdict(fault) for fault in emulator.faults.all()]


@routes.post("/faults", status_code=201)
async def add_fault(emulator: Emu, new: NewFault) -> Json:
    fault = emulator.faults.add(Fault(**new.model_dump()))
    emulator.hub.publish("faults")
    return asdict(fault)


@routes.delete("/faults/{fault_id}")
async def remove_fault(emulator: Emu, fault_id: int) -> Json:
    emulator.faults.remove(fault_id)
    emulator.hub.publish("faults")
    return {"ok": True}


@routes.delete("/faults")
async def clear_faults(emulator: Emu) -> Json:
    emulator.faults.clear()
    emulator.hub.publish("faults")
    return {"ok": True}


@routes.get("/settings")
async def settings(emulator: Emu) -> Json:
    return {
        "limits": emulator.limits.enabled,
        "open_to_all": emulator.world.open_to_all,
        "webhook_first_pause_s": emulator.webhooks.first_pause_s,
        "file_download_limit": emulator.files.download_limit,
    }


@routes.patch("/settings")
async def change_settings(emulator: Emu, change: Settings) -> Json:
    if change.limits is not None:
        emulator.limits.enabled = change.limits
        emulator.limits.reset()
    if change.open_to_all is not None:
        emulator.world.open_to_all = change.open_to_all
    if change.webhook_first_pause_s is not None:
        emulator.webhooks.first_pause_s = change.webhook_first_pause_s
    if change.file_download_limit is not None:
        emulator.files.download_limit = change.file_download_limit
    return await settings(emulator)


@routes.get("/requests")
async def requests(
    emulator: Emu, bot: int | None = None, method: str = "", after: int = 0, limit: int = 200
) -> list[Json]:
    found = [
        entry
        for entry in emulator.journal.requests
        if entry["id"] > after and bot in (None, entry["bot"]) and method in ("", entry["method"])
    ]
    return found[-limit:]


@routes.delete("/requests")
async def clear_requests(emulator: Emu) -> Json:
    emulator.journal.clear()
    return {"ok": True}


@routes.get("/updates")
async def updates(emulator: Emu, bot: int | None = None, limit: int = 200) -> list[Json]:
    return [entry for entry in emulator.journal.updates if bot in (None, entry["bot"])][-limit:]


@routes.get("/events")
async def events(emulator: Emu) -> StreamingResponse:
    return StreamingResponse(_stream(emulator), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _stream(emulator: Emulator) -> AsyncIterator[bytes]:
    yield b": hello\n\n"
    async for event in emulator.hub.watch():
        yield b": ping\n\n" if event is None else b"data: " + orjson.dumps(event) + b"\n\n"
