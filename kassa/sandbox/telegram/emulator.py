"""The emulated Telegram as a whole: what the methods of bots and the actions of people work on."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from kassa.sandbox.faults import Fault, Faults
from kassa.sandbox.store import Store
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.errors import ApiError, Json, bad_request, forbidden, too_many_requests
from kassa.sandbox.telegram.files import Files
from kassa.sandbox.telegram.hub import Hub
from kassa.sandbox.telegram.inbox import Inboxes
from kassa.sandbox.telegram.init_data import Signer
from kassa.sandbox.telegram.journal import Journal
from kassa.sandbox.telegram.keyboards import inline_keyboard, reply_keyboard
from kassa.sandbox.telegram.limits import Limits
from kassa.sandbox.telegram.state import Bot, Chat, Draft
from kassa.sandbox.telegram.webhooks import Webhooks
from kassa.sandbox.telegram.world import World

if TYPE_CHECKING:
    from kassa.sandbox.telegram.mini_apps import Launch

Method = Callable[["Emulator", Call], Awaitable[Any]]
_NEVER_S = 3600.0


class Emulator:
    """Telegram's side of the Bot API."""

    def __init__(self, store: Store, faults: Faults, methods: Mapping[str, tuple[str, Method]]) -> None:
        self.faults = faults
        self.world = World(store)
        self.files = Files(store)
        self.journal = Journal()
        self.hub = Hub()
        self.limits = Limits()
        self.inboxes = Inboxes(self.world, faults, self.journal)
        self.webhooks = Webhooks(self.inboxes, self.journal)
        self.webhooks.on_reply = self._answer_in_webhook
        self.drafts: dict[str, Draft] = {}
        self.queries: dict[str, Json] = {}
        self.payments: dict[str, Json] = dict(store.all("telegram_payments"))
        self.signer = Signer(store)
        self.launches: dict[str, Launch] = {}
        self._methods = methods
        self._is_started = False

    def start(self) -> None:
        """Go on delivering; needs a running loop. Calling it again does nothing."""
        if not self._is_started:
            self._is_started = True
            self.webhooks.start(list(self.world.bots.values()))

    async def stop(self) -> None:
        """Stop deliveries and write what is not written yet."""
        self.inboxes.stop()
        await self.webhooks.stop()
        self.world.flush()
        self._is_started = False

    async def handle(self, call: Call) -> tuple[int, Json]:
        """Run a call: HTTP status and body. Faults come first, and every call is noted."""
        began = time.perf_counter()
        name, method = self._methods.get(call.method.lower(), (call.method, None))
        fault = self.faults.take("telegram", name, "429", "500", "timeout", "lost", "blocked")
        try:
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            if fault is not None:
                await self._play(fault, call)
            body: Json = {"ok": True, "result": await method(self, call)}
            if fault is not None and fault.kind == "timeout":
                await asyncio.sleep(float(fault.options.get("seconds", _NEVER_S)))
        except ApiError as error:
            body = error.body()
        took_ms = (time.perf_counter() - began) * 1000
        entry = self.journal.add_request(call.bot.id, name, call.params, body, took_ms, fault.kind if fault else "")
        if name != "getUpdates":
            self.hub.publish("request", request=entry)
        return (200 if body["ok"] else int(body["error_code"])), body

    async def _play(self, fault: Fault, call: Call) -> None:
        match fault.kind:
            case "429":
                raise too_many_requests(int(fault.options.get("retry_after", 3)))
            case "500":
                raise ApiError(500, "Internal Server Error")
            case "blocked":
                raise forbidden("bot was blocked by the user")
            case "timeout" if not fault.options.get("accepted"):
                await asyncio.sleep(float(fault.options.get("seconds", _NEVER_S)))
                raise ApiError(504, "Gateway Timeout")
            case "lost":
                call.is_lost = True

    async def _answer_in_webhook(self, bot: Bot, body: Json) -> None:
        method = str(body.pop("method"))
        await self.handle(Call(bot, method, body))

    def chat_of(self, call: Call, name: str = "chat_id") -> Chat:
        """The chat that a call names."""
        return self.world.resolve(call.bot, call.chat_id(name))

    def send(self, call: Call, chat: Chat, content: Json) -> Json:
        """What every send method ends with: checks of reply and keyboard, flood control, the message."""
        markup = call.object("reply_markup")
        inline, reply = inline_keyboard(markup, chat), reply_keyboard(markup, chat)
        extra = self._reply_to(call, chat)
        if call.flag("protect_content"):
            extra["has_protected_content"] = True
        if call.text("message_effect_id"):
            extra["effect_id"] = call.text("message_effect_id")
        if inline:
            extra["reply_markup"] = inline
        self.limits.check_message(call.bot, chat)
        message = self.world.new_message(chat, call.bot.user(), {**extra, **content}, stored=not call.is_lost)
        if not call.is_lost:
            self._show(chat, message, reply)
        return message

    def _show(self, chat: Chat, message: Json, reply: Json | None) -> None:
        if chat.key in self.drafts:
            del self.drafts[chat.key]
        if reply is not None:
            chat.keyboard = None if reply.get("remove_keyboard") else {**reply, "message_id": message["message_id"]}
            self.world.save(chat)
        self.hub.publish("message", chat=chat.key, message=message, keyboard=chat.keyboard)

    def _reply_to(self, call: Call, chat: Chat) -> Json:
        reply = call.object("reply_parameters") or {}
        message_id = reply.get("message_id") or call.integer("reply_to_message_id")
        if not message_id:
            return {}
        original = self.world.messages[chat.key].get(int(message_id))
        if original is None:
            if reply.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
                return {}
            raise bad_request("message to be replied not found")
        found: Json = {"reply_to_message": without_nesting(original)}
        if reply.get("quote"):
            if reply["quote"] not in str(original.get("text") or original.get("caption") or ""):
                raise bad_request("QUOTE_TEXT_INVALID")
            found["quote"] = {"text": reply["quote"], "position": int(reply.get("quote_position", 0))}
        return found

    def changed(self, chat: Chat, message: Json) -> None:
        """An edited message: keep it and show it."""
        self.world.save_message(chat, message)
        self.hub.publish("edit", chat=chat.key, message=message)

    def service_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A service message that everybody in the chat sees, bots included."""
        message = self.world.new_message(chat, sender, content)
        self.hub.publish("message", chat=chat.key, message=message, keyboard=chat.keyboard)
        for bot in self.bots_in(chat):
            self.inboxes.push(bot, "message", message, chat.key)
        return message

    def bots_in(self, chat: Chat) -> list[Bot]:
        """Bots that take part in the chat."""
        if chat.is_private:
            return [self.world.bots[chat.bot_id]]
        present = [member for member, status in chat.members.items() if status not in ("left", "kicked")]
        return [self.world.bots[member] for member in present if member in self.world.bots]


def without_nesting(message: Json) -> Json:
    """A message as it looks inside another one: a reply in it has no reply of its own."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
