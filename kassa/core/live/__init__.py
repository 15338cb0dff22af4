"""What happens, told to who looks at it now: the WebSocket at /api/v1/ws, and the log that lets nobody miss a thing.

Owns the tables `live_*`. Follow one event: publish (with the fact) → NOTIFY → Hub → Socket → the client.
"""

from .log import forget, position, publish, tell
from .serving import MAX_FRAME_BYTES, listening, put
from .streams import StreamKind, Streams

__all__ = ["MAX_FRAME_BYTES", "StreamKind", "Streams", "forget", "listening", "position", "publish", "put", "tell"]
