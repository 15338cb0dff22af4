"""uvicorn's WebSocket protocol, without its tracebacks for text that is not UTF-8: anybody can send such text."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

NOT_TEXT = 1007
"""RFC 6455, section 7.4.1: data that does not agree with the type of the message."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Closes with 1007 and says nothing, where uvicorn 0.54 logs two errors and leaves the connection open."""

    def send_receive_event_to_app(self) -> None:
        """Hand a whole message to the application, unless it cannot be read."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_text(b"".join(self.frames)):
            self.frames = []
            self._refuse()
        else:
            super().send_receive_event_to_app()

    def _refuse(self) -> None:
        if self.conn.state is State.OPEN:
            self.conn.send_close(NOT_TEXT)
            self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": NOT_TEXT})
        self.transport.close()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
