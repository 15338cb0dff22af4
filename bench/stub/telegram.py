"""A Bot API that takes every call and tells when a message for a chat has come."""

import asyncio
import re
import time
from collections.abc import MutableMapping
from typing import Any

import orjson

from .serving import Receive, Send, answer, read

# aiogram sends forms and our client JSON: the chat is found in both without parsing.
_CHAT = re.compile(rb'chat_id"?(?:\r\n\r\n|[=:])"?(-?\d+)')
_ME = {"id": 7000000001, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


class BotApiStub:
    """`replies` holds who waits for a message in a chat; `webhook` is what setWebhook was told."""

    def __init__(self) -> None:
        self.replies: dict[int, asyncio.Future[float]] = {}
        self.webhook: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
        self.sent = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One call of the Bot API."""
        body = await read(receive)
        method = str(scope["path"]).rsplit("/", 1)[1]
        if method == "sendMessage":
            await answer(send, self._message(body))
        elif method == "getMe":
            await answer(send, orjson.dumps({"ok": True, "result": _ME}))
        else:
            if method == "setWebhook" and not self.webhook.done():
                told = orjson.loads(body)
                self.webhook.set_result((told["url"], told["secret_token"]))
            await answer(send, b'{"ok":true,"result":true}')

    def _message(self, body: bytes) -> bytes:
        found = _CHAT.search(body)
        assert found is not None, body
        chat_id = int(found[1])
        self.sent += 1
        waiting = self.replies.get(chat_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())
        return (
            b'{"ok":true,"result":{"message_id":%d,"from":{"id":7000000001,"is_bot":true,"first_name":"Bench",'
            b'"username":"bench_bot"},"chat":{"id":%d,"first_name":"Ann","type":"private"},"date":1790000000,'
            b'"text":"An answer of the bot"}}' % (self.sent, chat_id)
        )
