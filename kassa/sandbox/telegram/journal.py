"""What bots asked and what was sent to them: bounded, in memory, for people and for schema checks."""

from collections import deque
from itertools import count

from kassa.kit import clock
from kassa.sandbox.telegram.errors import Json


class Journal:
    """The last requests of bots, the last updates sent to them, the last calls of Mini Apps."""

    def __init__(self, size: int = 5000) -> None:
        self.requests: deque[Json] = deque(maxlen=size)
        self.updates: deque[Json] = deque(maxlen=size)
        self.app_calls: deque[Json] = deque(maxlen=size)
        self._numbers = count(1)

    def add_request(self, bot_id: int, method: str, params: Json, answer: Json, took_ms: float, fault: str) -> Json:
        """Note a call with its answer."""
        entry: Json = {
            "id": next(self._numbers),
            "at": clock.now().isoformat(),
            "bot": bot_id,
            "method": method,
            "params": params,
            "answer": answer,
            "took_ms": round(took_ms, 2),
            "fault": fault,
        }
        self.requests.append(entry)
        return entry

    def add_app_call(
        self, launch: str, bot_id: int, person_id: int, method: str, params: Json, answers: list[Json]
    ) -> Json:
        """Note what a Mini App asked its host for, and the events it got."""
        entry: Json = {
            "id": next(self._numbers),
            "at": clock.now().isoformat(),
            "launch": launch,
            "bot": bot_id,
            "person": person_id,
            "method": method,
            "params": params,
            "answers": answers,
        }
        self.app_calls.append(entry)
        return entry

    def add_update(self, bot_id: int, update: Json, way: str) -> None:
        """Note an update that went out by webhook or getUpdates."""
        self.updates.append({"at": clock.now().isoformat(), "bot": bot_id, "update": update, "way": way})

    def clear(self) -> None:
        """Forget everything."""
        self.requests.clear()
        self.updates.clear()
        self.app_calls.clear()
