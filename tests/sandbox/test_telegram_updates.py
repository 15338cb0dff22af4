"""How updates reach a bot: long polling, webhooks, and the faults of the way."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response

from tests.sandbox.telegram_stand import Json, Stand, serve, stand


@dataclass
class Hook:
    """A webhook that answers with what it is told to, 200 afterwards."""

    statuses: list[int] = field(default_factory=list)
    body: Json = field(default_factory=dict)
    pause_s: float = 0.0
    got: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    running: int = 0
    most: int = 0

    def app(self) -> FastAPI:
        """The application to serve."""
        app = FastAPI()

        @app.post("/hook")
        async def hook(request: Request) -> Any:
            self.running += 1
            self.most = max(self.most, self.running)
            await asyncio.sleep(self.pause_s)
            self.running -= 1
            self.got.append(await request.json())
            self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
            status = self.statuses.pop(0) if self.statuses else 200
            return self.body if status == 200 and self.body else Response(status_code=status)

        return app

    def texts(self) -> list[str]:
        """Texts of the messages, in the order they came."""
        return [update["message"]["text"] for update in self.got]

    async def count(self, number: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(30):
            while len(self.got) < number:  # noqa: ASYNC110 - the server runs in this very loop
                await asyncio.sleep(0.01)


async def test_polling_confirms_by_offset() -> None:
    async with stand() as place:
        person, key = await place.started()
        await place.say(key, person, "two")
        first = (await place.call("getUpdates", limit=1))["result"]
        assert [item["message"]["text"] for item in first] == ["/start"]
        rest = (await place.call("getUpdates", offset=first[0]["update_id"] + 1))["result"]
        assert [item["message"]["text"] for item in rest] == ["two"]
        assert (await place.call("getUpdates", offset=-1))["result"] == rest
        assert (await place.call("getUpdates", offset=rest[0]["update_id"] + 1))["result"] == []


async def test_two_pollers_conflict_and_the_older_one_loses() -> None:
    async with stand() as place:
        older = asyncio.create_task(place.call("getUpdates", timeout=5))
        await asyncio.sleep(0.1)
        newer = asyncio.create_task(place.call("getUpdates", timeout=1))
        lost = await older
        assert lost["error_code"] == 409
        assert lost["description"].startswith("Conflict: terminated by other getUpdates request")
        assert (await newer)["result"] == []


async def test_polling_with_a_webhook_conflicts() -> None:
    async with stand() as place:
        waiting = asyncio.create_task(place.call("getUpdates", timeout=5))
        await asyncio.sleep(0.1)
        await place.call("setWebhook", url="http://127.0.0.1:9/hook")
        assert "terminated by setWebhook" in (await waiting)["description"]
        assert "while webhook is active" in (await place.call("getUpdates"))["description"]
        await place.call("deleteWebhook")
        assert (await place.call("getUpdates"))["ok"]


async def test_a_webhook_is_repeated_until_it_accepts_and_keeps_the_order_of_a_chat() -> None:
    hook = Hook(statuses=[500, 502])
    async with stand() as place, serve(hook.app()) as url:
        await place.ask("PATCH", "/settings", webhook_first_pause_s=0.02)
        await place.call("setWebhook", url=f"{url}/hook", secret_token="s3cret-1")
        person, key = await place.started()
        await place.say(key, person, "two")
        await place.say(key, person, "three")
        await hook.count(5)
        assert hook.texts() == ["/start", "/start", "/start", "two", "three"]
        assert set(hook.secrets) == {"s3cret-1"}
        assert hook.got[0]["update_id"] == hook.got[2]["update_id"]
        info = (await place.call("getWebhookInfo"))["result"]
        assert info["pending_update_count"] == 0
        assert info["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"


async def test_chats_are_delivered_side_by_side_up_to_max_connections() -> None:
    hook = Hook(pause_s=0.1)
    async with stand() as place, serve(hook.app()) as url:
        await place.call("setWebhook", url=f"{url}/hook", max_connections=3)
        await asyncio.gather(*(place.started(f"P{number}") for number in range(9)))
        await hook.count(9)
        assert hook.most == 3


async def test_a_webhook_may_answer_with_a_call() -> None:
    async with stand() as place:
        hook = Hook()
        async with serve(hook.app()) as url:
            person = (await place.person())["id"]
            hook.body = {"method": "sendMessage", "chat_id": person, "text": "from the answer"}
            bot = (await place.call("getMe"))["result"]["id"]
            await place.call("setWebhook", url=f"{url}/hook")
            await place.say(f"{bot}:{person}", person, "hi")
            await hook.count(1)
            texts: list[str] = []
            async with asyncio.timeout(30):  # the emulator reads the answer after the hook has given it
                while texts[-1:] != ["from the answer"]:
                    history = await place.ask("GET", f"/chats/{bot}:{person}/messages")
                    texts = [message["text"] for message in history["messages"]]


async def test_only_wanted_kinds_come() -> None:
    async with stand() as place:
        await place.call("getUpdates", allowed_updates=["callback_query"])
        person, key = await place.started()
        sent = await _with_button(place, person)
        await place.ask("POST", f"/chats/{key}/press", person=person, message_id=sent, data="d")
        updates = (await place.call("getUpdates"))["result"]
        assert ["callback_query" in item for item in updates] == [True]


async def _with_button(place: Stand, person: int) -> int:
    markup = {"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]}
    sent = await place.call("sendMessage", chat_id=person, text="x", reply_markup=markup)
    return int(sent["result"]["message_id"])


async def test_faults_double_and_reorder_updates() -> None:
    async with stand() as place:
        person, key = await place.started()
        [start] = (await place.call("getUpdates"))["result"]
        await place.ask("POST", "/faults", target="telegram", kind="update_doubled", times=1)
        await place.say(key, person, "a")
        await place.ask("POST", "/faults", target="telegram", kind="update_reordered", times=1)
        await place.say(key, person, "b")
        await place.say(key, person, "c")
        updates = (await place.call("getUpdates", offset=start["update_id"] + 1))["result"]
        assert [item["message"]["text"] for item in updates] == ["a", "a", "c", "b"]


async def test_a_late_update_comes_later() -> None:
    async with stand() as place:
        await place.ask("POST", "/faults", target="telegram", kind="update_late", options={"seconds": 1}, times=1)
        await place.started()
        assert (await place.call("getUpdates"))["result"] == []
        assert len((await place.call("getUpdates", timeout=10))["result"]) == 1
