"""The Bot API over one HTTP connection pool: a method's name and JSON in, its result out, errors in our words.

Plain calls and no client library: building the models of all 185 methods and 400 types costs three seconds of every
start and 130 MB, and we call a dozen methods. The tests check each call against the official schema, and aiogram and
python-telegram-bot read what our emulator answers.
"""

from typing import Any

import aiohttp
import orjson

from kassa.core.channels import ChatMigrated, ChatStatus, ChatUnreachable, DraftsUnsupported, NotSent, SlowDown
from kassa.kit.errors import Invalid, LimitReached, Unavailable

TOKEN_SHAPE = r"\d+:[A-Za-z0-9_-]{20,}"  # noqa: S105 - a pattern, not a token

_FORMATTING = ("parse entities", "entity", "rich message", "rich_message", "message is too long", "blocks")
_NOT_MODIFIED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message to edit")


class NotModified(NotSent):
    """The message already is as it should be."""


class NotEditable(NotSent):
    """The message can no longer be changed: it is too old, or gone."""


class TokenRefused(Invalid):
    """Telegram does not know the token."""

    def __init__(self) -> None:
        super().__init__("channels.token_refused", "Telegram does not know this token")


class BotApi:
    """Calls methods for any bot. `base_url` replaces exactly https://api.telegram.org."""

    def __init__(self, base_url: str, *, timeout_s: float = 20.0) -> None:
        self._base = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=10)
        self._session: aiohttp.ClientSession | None = None

    async def call(self, token: str, method: str, timeout_s: float | None = None, **params: Any) -> Any:
        """Call a method; parameters that are None are left out.

        Raises SlowDown, ChatUnreachable, ChatMigrated, DraftsUnsupported, NotModified, NotEditable, NotSent,
        TokenRefused; Unavailable `channels.telegram_unavailable` when there is no answer or an answer of 500 and
        above: what was asked may have happened or not.
        """
        body = orjson.dumps({name: value for name, value in params.items() if value is not None})
        timeout = aiohttp.ClientTimeout(total=timeout_s, connect=10) if timeout_s else self._timeout
        return await self._post(token, method, body, {"Content-Type": "application/json"}, timeout)

    async def upload(self, token: str, method: str, files: dict[str, bytes], **params: Any) -> Any:
        """Call a method with files, by the names that the parameters have for them. Raises as `call` does."""
        form = aiohttp.FormData()
        for name, value in params.items():
            if value is not None:
                form.add_field(name, str(value) if isinstance(value, str | int) else orjson.dumps(value).decode())
        for name, content in files.items():
            form.add_field(name, content, filename=f"{name}.png", content_type="image/png")
        return await self._post(token, method, form, {}, self._timeout)

    async def download(self, token: str, path: str, most_bytes: int) -> bytes:
        """The bytes of a file that `getFile` told the path of. Raises LimitReached `files.too_large`, Unavailable."""
        try:
            async with self._open().get(f"{self._base}/file/bot{token}/{path}", timeout=self._timeout) as response:
                if response.status != 200:
                    raise _unavailable(f"HTTP {response.status} for a file")
                content = await response.content.read(most_bytes + 1)
                while len(content) <= most_bytes and (more := await response.content.read(most_bytes)):
                    content += more
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _unavailable(type(error).__name__) from None
        if len(content) > most_bytes:
            raise LimitReached("files.too_large", "The file is too large", limit_bytes=most_bytes)
        return content

    async def _post(
        self, token: str, method: str, body: bytes | aiohttp.FormData, headers: dict[str, str],
        timeout: aiohttp.ClientTimeout,
    ) -> Any:  # fmt: skip
        try:
            async with self._open().post(
                f"{self._base}/bot{token}/{method}", data=body, headers=headers, timeout=timeout
            ) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The address holds the token, so only the kind of failure is told.
            raise _unavailable(type(error).__name__) from None
        try:
            answer = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise _unavailable(f"HTTP {status} without JSON") from error
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        raise _error(method, status, answer if isinstance(answer, dict) else {})

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=200, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session


def _error(method: str, status: int, answer: dict[str, Any]) -> Exception:
    """An answer with ok=false as the error that tells what to do next (core.telegram.org/bots/api#making-requests)."""
    code = int(answer.get("error_code") or status)
    said = str(answer.get("description") or f"HTTP {status}")
    parameters = answer.get("parameters") or {}
    if parameters.get("retry_after"):
        return SlowDown(float(parameters["retry_after"]))
    if parameters.get("migrate_to_chat_id"):
        return ChatMigrated(int(parameters["migrate_to_chat_id"]))
    if code == 429:
        return SlowDown(5.0)
    if code in (401, 404):
        return TokenRefused()
    if code >= 500:
        return _unavailable(said)
    return _refusal(method, code, said)


def _refusal(method: str, code: int, said: str) -> Exception:
    """Telegram understood and will not: who cannot be reached, what cannot be shown, changed or formatted."""
    reason = said.lower()
    if code == 403:
        gone = ChatStatus.DEACTIVATED if "deactivated" in reason else ChatStatus.BLOCKED
        return ChatUnreachable(gone.value)
    if "chat not found" in reason or "peer_id_invalid" in reason:
        return ChatUnreachable(ChatStatus.BLOCKED.value)
    if method.endswith("Draft") and ("draft" in reason or "peer" in reason):
        return DraftsUnsupported()
    if _NOT_MODIFIED in reason:
        return NotModified(said)
    if any(word in reason for word in _GONE):
        return NotEditable(said)
    return NotSent(said, formatting=any(word in reason for word in _FORMATTING))


def _unavailable(reason: str) -> Unavailable:
    return Unavailable("channels.telegram_unavailable", f"Telegram: {reason[:200]}")
