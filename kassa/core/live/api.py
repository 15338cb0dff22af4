"""The WebSocket's address."""

from collections.abc import MutableMapping
from typing import Any

from fastapi import APIRouter

from kassa.kit import metrics
from kassa.kit.app import App

from . import limits
from .socket import TOO_MANY, Receive, Send, Socket

router = APIRouter()


class Endpoint:
    """A plain ASGI application; FastAPI's own WebSockets cost several times the memory."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        app: App = scope["app"].state.kassa
        sockets = app.get(limits.Sockets)
        ip = str((scope.get("client") or ("",))[0])
        if not sockets.take(ip, limits.SOCKETS_PER_ADDRESS):
            metrics.live_closed.labels("too_many_sockets").inc()
            await receive()  # websocket.connect
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": TOO_MANY, "reason": "too_many_sockets"})
            return
        metrics.live_sockets.inc()
        try:
            await Socket(app, receive, send, ip).run()
        finally:
            metrics.live_sockets.dec()
            sockets.give_back(ip)


router.add_websocket_route("/api/v1/ws", Endpoint(), name="live")  # type: ignore[arg-type]
