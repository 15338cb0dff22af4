"""Server-sent events, read incrementally from bytes (WHATWG HTML §9.2), with a bound on the size of an event."""

MAX_EVENT_BYTES = 4 * 1024 * 1024


class EventTooLarge(ValueError):
    """An event or a line is larger than the reader accepts."""


class EventReader:
    """Turns chunks of any size into the data of events.

    Works on bytes, so a character split between chunks needs no care; lines may end in LF, CRLF or CR.
    Comments, ids, retry times and event names are dropped: every provider repeats the name inside the data.
    """

    __slots__ = ("_after_cr", "_data", "_max", "_size", "_started", "_tail")

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        self._tail = b""
        self._data: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._started = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take a chunk, give the data of the events it completed. Raises EventTooLarge."""
        if not self._started:
            chunk = self._without_mark(chunk)
            if not self._started:
                return []
        if self._after_cr or b"\r" in chunk:
            chunk = self._normalized(chunk)
        lines = (self._tail + chunk).split(b"\n")
        self._tail = lines.pop()
        events = []
        for line in lines:
            if not line:
                if self._data:
                    events.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
                    self._data.clear()
                    self._size = 0
            elif line.startswith(b"data:"):
                value = line[6:] if line[5:6] == b" " else line[5:]
                self._size += len(value)
                self._data.append(value)
            elif line == b"data":
                self._data.append(b"")
        if self._size + len(self._tail) > self._max:
            raise EventTooLarge(f"an event of more than {self._max} bytes")
        return events

    def close(self) -> list[bytes]:
        """The event that the end of the stream left without its empty line.

        The specification drops it; providers that end on `data: [DONE]` without one are forgiven here, and an
        event that is really cut does not parse as JSON.
        """
        self._after_cr = False
        return self.feed(b"\n\n")

    def _without_mark(self, chunk: bytes) -> bytes:
        """Drop the byte order mark that may open a stream, also when it comes in pieces."""
        head = self._tail + chunk
        if len(head) < 3 and b"\xef\xbb\xbf".startswith(head):
            self._tail = head
            return b""
        self._tail = b""
        self._started = True
        return head.removeprefix(b"\xef\xbb\xbf")

    def _normalized(self, chunk: bytes) -> bytes:
        """CRLF and CR as LF; remembers a CR at the end, whose LF may open the next chunk."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.endswith(b"\r"):
            self._after_cr = True
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
