"""A person with the sandbox's Telegram in hand: what flows are told with."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp

Json = dict[str, Any]


class Phone:
    """One person in one chat with one bot."""

    def __init__(self, http: aiohttp.ClientSession, base: str, person: int, bot: Json) -> None:
        self._http = http
        self.base = base.rstrip("/")
        self.person = person
        self.bot = bot
        self.key = f"{bot['id']}:{person}"

    async def say(self, text: str) -> Json:
        """Write a message."""
        return await self.post(f"/chats/{self.key}/messages", {"person": self.person, "text": text})

    async def messages(self) -> list[Json]:
        """Everything in the chat, oldest first."""
        return list((await self.get(f"/chats/{self.key}/messages"))["messages"])

    async def from_bot(self) -> list[Json]:
        """What the bot wrote."""
        return [message for message in await self.messages() if message["from"]["id"] != self.person]

    async def draft(self) -> Json | None:
        """What is being written now."""
        found = (await self.get(f"/chats/{self.key}/messages"))["draft"]
        return dict(found) if found else None

    async def wait(self, wanted: Callable[[Json], bool] | str, timeout_s: float = 30, after: int = 0) -> Json:
        """The newest message of the bot that fits, as soon as there is one."""
        fits = (lambda message: wanted in text_of(message)) if isinstance(wanted, str) else wanted
        until = time.monotonic() + timeout_s
        while True:
            seen = await self.from_bot()
            for message in reversed(seen):
                if message["message_id"] > after and fits(message):
                    return message
            if time.monotonic() > until:
                shown = "\n---\n".join(text_of(message) for message in seen[-5:])
                raise AssertionError(f"no such message within {timeout_s} s; the last ones:\n{shown}")
            await asyncio.sleep(0.05)

    async def press(self, message: Json, label: str) -> str:
        """Press a button by a part of its label; the answer is the button's data or link."""
        for row in message["reply_markup"]["inline_keyboard"]:
            for button in row:
                if label in button["text"]:
                    if "url" in button:
                        return str(button["url"])
                    await self.post(
                        f"/chats/{self.key}/press",
                        {"person": self.person, "message_id": message["message_id"], "data": button["callback_data"]},
                    )
                    return str(button["callback_data"])
        raise AssertionError(f"no button {label!r} under {text_of(message)!r}")

    async def press_action(self, message: Json, data: str) -> None:
        """Press the button with this action."""
        await self.post(
            f"/chats/{self.key}/press", {"person": self.person, "message_id": message["message_id"], "data": data}
        )

    async def sign_in(self, base: str) -> dict[str, str]:
        """The headers of this person for the REST API: who opened the bot's Mini App."""
        signed = await self.post("/init-data", {"bot": self.bot["id"], "person": self.person})
        body = {"init_data": signed["init_data"], "bot_id": str(self.bot["id"])}
        async with self._http.post(f"{base}/api/v1/auth/telegram", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}

    async def stop(self, draft_id: int) -> None:
        """Press Stop under a draft."""
        await self.post(f"/chats/{self.key}/stop", {"draft_id": draft_id})

    async def fault(self, target: str, kind: str, times: int | None = None, match: str = "", **options: Any) -> None:
        """Switch a fault on."""
        await self.post("/faults", {"target": target, "kind": kind, "times": times, "match": match, "options": options})

    async def no_faults(self) -> None:
        """Switch all faults off."""
        async with self._http.delete(f"{self.base}/sandbox/api/faults") as answer:
            answer.raise_for_status()

    async def pay(self, url: str, how: str = "pay", **fields: Any) -> int:
        """Do something on the payment page; the page's status."""
        async with self._http.post(url, data={"action": how, **fields}, allow_redirects=False) as answer:
            return answer.status

    async def get(self, path: str) -> Json:
        """Read from the sandbox's control API."""
        async with self._http.get(f"{self.base}/sandbox/api{path}") as answer:
            answer.raise_for_status()
            return dict(await answer.json())

    async def post(self, path: str, body: Json) -> Json:
        """Write to the sandbox's control API."""
        async with self._http.post(f"{self.base}/sandbox/api{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return dict(await answer.json())


_NOT_WORDS = ("type", "url", "language", "align", "valign")


def text_of(message: Json) -> str:
    """The words of a message, rich or not."""
    if "text" in message:
        return str(message["text"])
    return _words(message.get("rich_message") or {})


def _words(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(_words(part) for part in node)
    if isinstance(node, dict):
        return "\n".join(_words(value) for key, value in node.items() if key not in _NOT_WORDS)
    return ""


async def meet(http: aiohttp.ClientSession, base: str, bot: str, language: str = "ru", name: str = "Вера") -> Phone:
    """A new person who opens a bot by its username."""
    base = base.rstrip("/")
    async with http.post(f"{base}/sandbox/api/people", json={"first_name": name, "language_code": language}) as answer:
        assert answer.status == 201, await answer.text()
        person = (await answer.json())["id"]
    async with http.get(f"{base}/sandbox/api/bots") as answer:
        bots = await answer.json()
    found = next(item for item in bots if item["username"] == bot)
    phone = Phone(http, base, person, found)
    await phone.post("/deep-links", {"person": person, "url": f"https://t.me/{bot}", "press": False})
    return phone
