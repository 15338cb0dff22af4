"""The bare room: whatever one socket says, every socket of its room hears. Nothing is stored, nobody is signed in."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn

from .serving import main, say_ready, setting

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
rooms: defaultdict[str, set[Send]] = defaultdict(set)


async def room(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """One socket of the room that its path names."""
    members = rooms[scope["path"]]
    await receive()
    await send({"type": "websocket.accept"})
    members.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            for member in list(members):
                await member({"type": "websocket.send", "text": message["text"]})
    finally:
        members.discard(send)


async def run() -> None:
    """Serve, as lean as the product."""
    port = int(setting("PORT"))
    config = uvicorn.Config(
        room, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off", backlog=2048,
        ws="websockets-sansio", ws_per_message_deflate=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    say_ready(port=port)
    await task


if __name__ == "__main__":
    main(run())
