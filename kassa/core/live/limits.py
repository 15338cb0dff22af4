"""How much one client may ask of a process."""

import time
from collections import Counter

SOCKETS_PER_ADDRESS = 1000
"""Of one process, signed in or not; how many of a customer's and an address's are signed in, the policies say."""
SUBSCRIPTIONS = 100
FRAMES_PER_S, FRAMES_BURST = 50.0, 200
"""Faster clients are read more slowly: nothing that they sent is lost."""
MISTAKES = 20
"""Frames that make no sense, after which the socket is closed."""
HELLO_S = 10.0
BUFFER_FRAMES, BUFFER_CHARACTERS = 1000, 2_000_000
"""What waits for a client that reads slowly; beyond it the socket is closed, and the client resumes from the log."""
STREAM_LENGTH, KIND_LENGTH, ID_LENGTH = 200, 40, 64
SIGNAL_CHARACTERS = 1000


class Sockets:
    """How many sockets each address has here."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def take(self, key: str, most: int) -> bool:
        """Count one more, if it may be."""
        if self._counts[key] >= most:
            return False
        self._counts[key] += 1
        return True

    def give_back(self, key: str) -> None:
        """One less."""
        self._counts[key] -= 1
        if self._counts[key] <= 0:
            del self._counts[key]


class Pace:
    """A token bucket: how long the next frame has to wait."""

    __slots__ = ("_at", "_left")

    def __init__(self) -> None:
        self._left = float(FRAMES_BURST)
        self._at = time.monotonic()

    def wait_s(self) -> float:
        """Seconds until the next frame may be handled; 0 for now."""
        now = time.monotonic()
        self._left = min(float(FRAMES_BURST), self._left + (now - self._at) * FRAMES_PER_S) - 1
        self._at = now
        return max(0.0, -self._left / FRAMES_PER_S)
