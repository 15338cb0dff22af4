"""Updates sent to a webhook: as many as it takes, or so many a second; and how long each reply took."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field

import orjson

from .client import Connection, connect, post
from .stub.telegram import BotApiStub

PATIENCE_S = 10.0
FIRST_CHAT = 100_000


@dataclass(slots=True)
class Target:
    """A webhook that answers with messages to the stub."""

    name: str
    port: int
    path: str
    secret: str
    stub: BotApiStub
    update_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def request(self, chat_id: int) -> bytes:
        """A person sends /help in a private chat."""
        named = {"id": chat_id, "first_name": "Ann", "last_name": "Smith", "username": f"ann{chat_id}"}
        person = {**named, "is_bot": False, "language_code": "en"}
        update_id = next(self.update_ids)
        message = {
            "message_id": update_id, "from": person, "date": 1790000000, "text": "/help",
            "chat": {**named, "type": "private"},
            "entities": [{"offset": 0, "length": 5, "type": "bot_command"}],
        }  # fmt: skip
        body = orjson.dumps({"update_id": update_id, "message": message})
        return post(self.path, body, f"X-Telegram-Bot-Api-Secret-Token: {self.secret}\r\n")

    async def reply(self, connection: Connection, chat_id: int) -> float:
        """Seconds from sending an update to its reply at the stub."""
        raw = self.request(chat_id)
        waiting: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.stub.replies[chat_id] = waiting
        began = time.perf_counter()
        status, body = await connection.request(raw)
        if status != 200:
            raise RuntimeError(f"{self.name} answered {status}: {body[:300]!r}")
        async with asyncio.timeout(PATIENCE_S):
            return await waiting - began


async def flood(target: Target, seconds: float, chats: int = 64) -> float:
    """Replies a second when every one of `chats` people writes again as soon as there is a reply."""
    connections = [await connect(target.port) for _ in range(chats)]
    done = 0
    end_at = time.perf_counter() + seconds

    async def talk(chat_id: int, connection: Connection) -> None:
        nonlocal done
        while time.perf_counter() < end_at:
            await target.reply(connection, chat_id)
            done += 1

    began = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            for number, connection in enumerate(connections):
                group.create_task(talk(FIRST_CHAT + number, connection))
    finally:
        for connection in connections:
            connection.close()
    return done / (time.perf_counter() - began)


async def drizzle(target: Target, seconds: float, per_s: float, chats: int = 400) -> list[float]:
    """The seconds each reply took when updates come evenly, whether or not earlier ones were answered."""
    connections: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(64):
        connections.put_nowait(await connect(target.port))
    taken: list[float] = []

    async def one(chat_id: int) -> None:
        connection = await connections.get()
        try:
            taken.append(await target.reply(connection, chat_id))
        finally:
            connections.put_nowait(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * per_s)):
            await asyncio.sleep(max(0.0, began + number / per_s - time.perf_counter()))
            group.create_task(one(FIRST_CHAT + number % chats))
    while not connections.empty():
        connections.get_nowait().close()
    return taken
