"""A visitor's page: the same steps as with a phone in hand, over REST and the WebSocket."""

import asyncio
import itertools
import json
from typing import Any

import aiohttp

from tests.flows.phone import Json, Phone

_ids = itertools.count(1)


class Page(Phone):
    """One visitor in a chat with the site. Messages are shown in the shape that the steps know."""

    def __init__(self, http: aiohttp.ClientSession, base: str, tokens: Json) -> None:
        super().__init__(http, base, 0, {"id": 0})
        self.tokens = tokens
        self.auth = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.bot_id: str | None = None
        self.drafts: list[Json] = []
        self.toasts: list[str] = []
        self.events: list[Json] = []
        self._draft: Json | None = None
        self._seen: dict[int, Json] = {}
        self._listening: asyncio.Task[None] | None = None
        self.position = 0
        self.stream = ""

    async def open(self) -> "Page":
        """Read the chat, and follow it."""
        shown = await self.api("GET", "/chat")
        self.bot_id, self.stream = shown["bot_id"], shown["stream"]
        ready = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(ready))
        await asyncio.wait_for(ready.wait(), 30)
        return self

    async def close(self) -> None:
        """Leave the page."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def api(self, method: str, path: str, status: int = 0, **body: Any) -> Any:
        """Ask the REST API."""
        url = f"{self.base}/api/v1{path}"
        async with self._http.request(method, url, json=body or None, headers=self.auth) as answer:
            text = await answer.text()
            assert answer.status == status if status else answer.status < 300, (answer.status, text)
            return json.loads(text) if text else None

    async def sign_in(self, base: str) -> dict[str, str]:
        """The headers of this visitor for the REST API."""
        return self.auth

    async def say(self, text: str) -> Json:
        """Write a message."""
        sent = await self.api("POST", "/chat/messages", text=text, client_id=f"page-{next(_ids)}")
        return self._shown(sent)

    async def messages(self) -> list[Json]:
        """Everything in the chat as the page has it from events, oldest first."""
        return [self._shown(message) for _, message in sorted(self._seen.items())]

    async def draft(self) -> Json | None:
        """What is being written now."""
        return self._draft

    async def press_action(self, message: Json, data: str) -> None:
        """Press the button with this action."""
        body = {"action": data, "message_id": message["message_id"], "client_id": f"page-{next(_ids)}"}
        await self.api("POST", "/chat/press", **body)

    async def stop(self, draft_id: int) -> None:
        """Press Stop under a draft."""
        await self.api("POST", "/chat/stop", draft_id=draft_id)

    def _shown(self, message: Json) -> Json:
        rows = [
            [{"text": b["text"], **({"url": b["url"]} if b["url"] else {"callback_data": b["action"]})} for b in row]
            for row in message["buttons"]
        ]
        author = self.person if message["author"] == "customer" else -1
        return {
            "message_id": message["id"], "from": {"id": author}, "text": message["text"].replace("*", ""),
            "reply_markup": {"inline_keyboard": rows}, "edited": message["edited_at"] is not None,
        }  # fmt: skip

    async def _listen(self, ready: asyncio.Event) -> None:
        while True:
            try:
                async with self._http.ws_connect(f"{self.base}/api/v1/ws") as socket:
                    await socket.send_json({"type": "hello", "token": self.tokens["access_token"]})
                    await socket.send_json({"type": "subscribe", "stream": self.stream, "after_seq": self.position})
                    async for raw in socket:
                        self._hear(json.loads(raw.data), ready)
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(0.1)

    def _hear(self, frame: Json, ready: asyncio.Event) -> None:
        if frame["type"] == "subscribed":
            assert frame["recovered"], frame
            ready.set()
        if frame["type"] != "event":
            return
        self.events.append(frame)
        payload = frame["payload"]
        if "seq" in frame:
            assert frame["seq"] == self.position + 1, (self.position, frame)
            self.position = frame["seq"]
            self._seen[payload["id"]] = payload
            if payload["author"] == "bot":
                self._draft = None
        elif frame["kind"] == "draft":
            self._draft = payload
            self.drafts.append(payload)
        elif frame["kind"] == "toast":
            self.toasts.append(payload["text"])


async def next_frame(socket: aiohttp.ClientWebSocketResponse, kind: str) -> Json:
    """The next frame of a kind; events of the stream may come at any time in between."""
    while True:
        frame: Json = await socket.receive_json(timeout=30)
        if frame["type"] == kind:
            return frame


async def visit(http: aiohttp.ClientSession, base: str, language: str = "ru") -> Page:
    """A new visitor of the site, signed in as a guest."""
    async with http.post(f"{base}/api/v1/auth/guest", json={"language": language}) as answer:
        assert answer.status == 201, await answer.text()
        tokens = await answer.json()
    return await Page(http, base, tokens).open()
