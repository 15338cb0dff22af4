"""One WebSocket: who is at the other end, what it follows, and what waits to be sent to it.

A plain ASGI application: ten thousand of these are open at once, and every object in between would cost memory.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from uuid import UUID

import orjson
import structlog

from kassa.core import access, policies
from kassa.core.access import Actor, ActorKind
from kassa.kit import db, log, metrics
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Conflict, Invalid, LimitReached

from . import frames, limits
from .frames import Frame
from .hub import Hub, Subscription
from .log import tell
from .streams import StreamKind, Streams

logger = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MALFORMED, UNAUTHENTICATED, NO_HELLO, TOO_SLOW, TOO_MANY = 4400, 4401, 4408, 4413, 4429
"""Our close codes; docs/extend/real-time.md says what a client does about each."""


class Socket:
    """Serves one connection from its first frame to its end."""

    __slots__ = (
        "_actor", "_app", "_follows", "_ip", "_is_over", "_mistakes", "_outgoing", "_pace", "_place", "_receive",
        "_send", "_session", "_size", "_writer",
    )  # fmt: skip

    def __init__(self, app: App, receive: Receive, send: Send, ip: str) -> None:
        self._app = app
        self._ip = ip
        self._place: policies.Place | None = None
        self._receive = receive
        self._send = send
        self._actor: Actor | None = None
        self._session: UUID | None = None
        self._follows: dict[str, tuple[Subscription, StreamKind]] = {}
        self._outgoing: deque[str] | None = None
        self._size = 0
        self._writer: asyncio.Task[None] | None = None
        self._pace: limits.Pace | None = None
        self._mistakes = 0
        self._is_over = False

    # ── what the hub asks ──

    def push(self, frame: str) -> None:
        """Send a frame when its turn comes. A client that reads too slowly is closed, and resumes from the log."""
        if self._is_over:
            return
        if self._outgoing is None:
            self._outgoing = deque()
        self._outgoing.append(frame)
        self._size += len(frame)
        if len(self._outgoing) > limits.BUFFER_FRAMES or self._size > limits.BUFFER_CHARACTERS:
            self.end(TOO_SLOW, "too_slow")
        elif self._writer is None:
            self._writer = asyncio.create_task(self._write())

    def end(self, code: int, reason: str) -> None:
        """Close the connection; what waits to be sent is dropped, because the log has it."""
        if self._is_over:
            return
        self._is_over = True
        self._outgoing = None
        metrics.live_closed.labels(reason).inc()
        # Kept by the socket, so that it is not collected before it is done.
        self._writer = asyncio.create_task(self._close(code, reason, self._writer))

    # ── the connection's life ──

    async def run(self) -> None:
        """Serve until either side closes."""
        try:
            await self._receive()  # websocket.connect
            await self._send({"type": "websocket.accept"})
            if await self._greet():
                while not self._is_over:
                    message = await self._receive()
                    if message["type"] == "websocket.disconnect":
                        break
                    await self._take(message)
        except OSError:
            pass  # uvicorn's word for a client that is gone
        finally:
            self._leave()
        if self._place is not None:
            await self._place.leave()
        if self._writer is not None:
            with suppress(OSError, asyncio.CancelledError):
                await self._writer

    def _leave(self) -> None:
        self._is_over = True
        hub = self._app.get(Hub)
        for subscription, _kind in self._follows.values():
            hub.leave(subscription)
        self._follows.clear()
        if self._session is not None:
            hub.exit(self._session, self)

    async def _greet(self) -> bool:
        """The first frame says who it is; False when the socket is closed for it."""
        try:
            async with asyncio.timeout(limits.HELLO_S):
                message = await self._receive()
        except TimeoutError:
            self.end(NO_HELLO, "no_hello")
            return False
        if message["type"] != "websocket.receive":
            return False
        try:
            frame = frames.parse(message.get("text"))
            if frame.type != "hello":
                raise Invalid("live.hello_first", "The first frame is hello")
        except AppError:
            self.end(MALFORMED, "malformed")
            return False
        metrics.live_frames.labels("hello").inc()
        return await self._authenticate(frame.token)

    async def _authenticate(self, token: str) -> bool:
        try:
            async with self._app.get(Database).transaction() as session:
                actor = await access.authenticate(session, self._app.get(access.TokenSigner), token, "websocket")
            place = await self._app.get(policies.Policies).enter("ws.connect", _subject(actor, self._ip))
        except AppError as error:
            self.end(UNAUTHENTICATED, error.code.rpartition(".")[2])
            return False
        except Exception as error:  # noqa: BLE001 - an edge loop: see _take
            self._note_failure(error)
            self.end(1011, "internal_error")
            return False
        if actor.session_id is None:  # an API key: it opens /v1
            self.end(UNAUTHENTICATED, "key_not_here")
            return False
        if isinstance(place, policies.Refused):
            self.end(TOO_MANY, "too_many_sockets")
            return False
        self._place = place
        self._actor, self._session = actor, actor.session_id
        self._app.get(Hub).enter(actor.session_id, self)
        self._pace = limits.Pace()
        self._answer({"type": "welcome"})
        return True

    async def _take(self, message: Message) -> None:
        """One frame; the fourth of the edge loops that catch everything."""
        if self._pace is not None and (wait_s := self._pace.wait_s()) > 0:
            await asyncio.sleep(wait_s)
        frame = Frame("unknown")
        try:
            frame = frames.parse(message.get("text"))
            metrics.live_frames.labels(frame.type).inc()
            with log.bound():
                await self._obey(frame)
        except AppError as error:
            self._refuse(frame, error.code, error.message, error.facts)
        except Exception as error:  # noqa: BLE001 - an edge loop: a bug in one frame must not close the socket
            code = self._note_failure(error)
            self._refuse(frame, code, "Try again in a moment", {})
        if self._mistakes > limits.MISTAKES:
            self.end(MALFORMED, "malformed")

    async def _obey(self, frame: Frame) -> None:
        match frame.type:
            case "ping":
                self._answer({"type": "pong"})
            case "subscribe":
                await self._subscribe(frame)
            case "unsubscribe":
                if frame.stream in self._follows:
                    self._app.get(Hub).leave(self._follows.pop(frame.stream)[0])
                self._answer({"type": "unsubscribed", "stream": frame.stream})
            case "post":
                kind = self._followed(frame.stream)
                if kind.post is None or not frame.id:
                    raise Invalid("live.malformed", "This stream takes nothing, or the frame has no id")
                taken = await kind.post(self._app, self._who, frame.stream.partition(":")[2], frame.id, frame.body)
                self._answer({"type": "posted", "stream": frame.stream, "id": frame.id, "payload": taken})
            case "signal":
                await self._signal(frame)
            case _:
                raise Conflict("live.hello_twice", "This socket is signed in already")

    async def _subscribe(self, frame: Frame) -> None:
        hub = self._app.get(Hub)
        if len(self._follows) >= limits.SUBSCRIPTIONS and frame.stream not in self._follows:
            raise LimitReached("live.too_many_streams", "Too many streams", limit=limits.SUBSCRIPTIONS)
        kind = await self._app.get(Streams).authorize(self._app, self._who, frame.stream)
        if frame.stream in self._follows:
            hub.leave(self._follows.pop(frame.stream)[0])
        subscription = Subscription(self, frame.stream)
        await hub.join(subscription, frame.after_seq)
        self._follows[frame.stream] = (subscription, kind)

    async def _signal(self, frame: Frame) -> None:
        kind = self._followed(frame.stream)
        if frame.kind not in kind.signals or len(orjson.dumps(frame.body)) > limits.SIGNAL_CHARACTERS:
            raise Invalid("live.signal_refused", "This stream passes no such signal on, or it is too long")
        by = {"kind": self._who.kind.value, "id": str(self._who.id)}
        await tell(self._app.get(Database), frame.stream, frame.kind, {**frame.body, "by": by})

    # ── small parts ──

    @property
    def _who(self) -> Actor:
        if self._actor is None:
            raise Invalid("live.hello_first", "The first frame is hello")
        return self._actor

    def _followed(self, stream: str) -> StreamKind:
        if stream not in self._follows:
            raise Conflict("live.not_subscribed", "Subscribe to the stream first")
        return self._follows[stream][1]

    def _answer(self, answer: dict[str, Any]) -> None:
        self.push(orjson.dumps(answer).decode())

    def _refuse(self, frame: Frame, code: str, message: str, facts: dict[str, Any]) -> None:
        if code == "live.malformed":
            self._mistakes += 1
        answer: dict[str, Any] = {"type": "error", "code": code, "message": message, "details": facts}
        answer |= {name: value for name, value in (("stream", frame.stream), ("id", frame.id)) if value}
        self.push(orjson.dumps(answer, default=str).decode())

    def _note_failure(self, error: Exception) -> str:
        if db.is_connection_lost(error):
            logger.warning("database_unavailable", error=repr(error))
            return "service.unavailable"
        logger.error("frame_failed", exc_info=error)
        return "service.internal_error"

    async def _write(self) -> None:
        """Send what waits; ends when nothing does, so that an idle connection costs no task."""
        try:
            while self._outgoing:
                frame = self._outgoing.popleft()
                self._size -= len(frame)
                await self._send({"type": "websocket.send", "text": frame})
        except (OSError, RuntimeError):
            self._is_over = True  # the client is gone; reading ends the socket
        if not self._is_over:
            self._outgoing = self._writer = None

    async def _close(self, code: int, reason: str, writer: "asyncio.Task[None] | None") -> None:
        if writer is not None:
            writer.cancel()
            with suppress(asyncio.CancelledError, OSError, RuntimeError):
                await writer
        # A client that reads nothing does not read this either; its connection ends by uvicorn's pings.
        with suppress(OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(limits.HELLO_S):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})


def _subject(actor: Actor, ip: str) -> policies.Subject:
    """Who connects, for the rules about connections."""
    is_customer = actor.kind is ActorKind.CUSTOMER
    return policies.Subject(
        actor.organization_id,
        policies.SubjectKind.CUSTOMER if is_customer else policies.SubjectKind.STAFF,
        customer_id=actor.id if is_customer else None, ip=_address(ip),
    )  # fmt: skip


def _address(ip: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(ip)
    except ValueError:
        return None
