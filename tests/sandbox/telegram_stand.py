"""A sandbox over real HTTP on a free loopback port, for tests of the Telegram emulator."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from fastapi import FastAPI

from kassa.sandbox.app import Sandbox, create_sandbox
from tests.sandbox.telegram_schema import find_schema, validate_object, validate_request

Json = dict[str, Any]
TOKEN = "4200000001:AAtestTokenForTheSandboxOfKassa12345"


@dataclass
class Stand:
    """The running sandbox and a client to it."""

    sandbox: Sandbox
    url: str
    http: aiohttp.ClientSession

    @property
    def api(self) -> str:
        """Base URL of the Bot API, what replaces https://api.telegram.org."""
        return f"{self.url}/sandbox/telegram"

    async def call(self, method: str, token: str = TOKEN, **params: Any) -> Json:
        """A Bot API call in JSON; the whole answer."""
        async with self.http.post(f"{self.api}/bot{token}/{method}", json=params) as answer:
            body: Json = await answer.json()
            return body

    async def ask(self, verb: str, path: str, **body: Any) -> Any:
        """A control API call; fails on an error status."""
        async with self.http.request(verb, f"{self.url}/sandbox/api{path}", json=body or None) as answer:
            parsed = await answer.json()
            assert answer.status < 400, parsed
            return parsed

    async def person(self, name: str = "Anna", **facts: Any) -> Json:
        """A new person."""
        created: Json = await self.ask("POST", "/people", first_name=name, **facts)
        return created

    async def started(self, name: str = "Anna", token: str = TOKEN, **facts: Any) -> tuple[int, str]:
        """A new person who has pressed Start: the id and the chat's key. The update waits for the bot."""
        bot = (await self.call("getMe", token))["result"]
        person = (await self.person(name, **facts))["id"]
        await self.say(f"{bot['id']}:{person}", person, "/start")
        return person, f"{bot['id']}:{person}"

    async def say(self, key: str, person: int, text: str, reply_to: int = 0) -> Json:
        """A text of a person in a chat."""
        sent: Json = await self.ask("POST", f"/chats/{key}/messages", person=person, text=text, reply_to=reply_to)
        return sent


@asynccontextmanager
async def serve(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application on a free loopback port; its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(30):
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event to wait for
            await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task
        listener.close()


@asynccontextmanager
async def stand(data_dir: Path | None = None) -> AsyncIterator[Stand]:
    """A sandbox that is started and stopped."""
    sandbox = create_sandbox(data_dir, "http://127.0.0.1", "")
    root = FastAPI()
    root.mount("/sandbox", sandbox)
    async with sandbox.running(), serve(root) as url, aiohttp.ClientSession() as http:
        yield Stand(sandbox, url, http)
        assert schema_problems(sandbox) == []  # whatever a test does must fit the official schema


_RESULTS = {
    "getMe": "User",
    "getChat": "ChatFullInfo",
    "getChatMember": "ChatMember",
    "getWebhookInfo": "WebhookInfo",
    "getFile": "File",
    "createChatInviteLink": "ChatInviteLink",
    "getStarTransactions": "StarTransactions",
    "getMyStarBalance": "StarAmount",
    "getMyCommands": "Array of BotCommand",
    "getChatAdministrators": "Array of ChatMember",
}


def schema_problems(sandbox: Sandbox) -> list[str]:
    """What the official schema says against the accepted calls, their results and the updates of a run."""
    schema = find_schema()
    if schema is None:
        return []
    journal = sandbox.emulator.journal
    problems: list[str] = []
    for entry in journal.requests:
        if entry["answer"]["ok"]:
            result = entry["answer"]["result"]
            is_message = isinstance(result, dict) and "chat" in result and "date" in result
            kind = _RESULTS.get(entry["method"]) or ("Message" if is_message else "")
            problems += validate_request(schema, entry["method"], entry["params"])
            problems += validate_object(schema, kind, result) if kind else []
    for entry in journal.updates:
        problems += validate_object(schema, "Update", entry["update"])
    return problems
