"""Which live processes use something that they share, kept in a file; the caller holds a lock around each call."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import psutil


class ProcessList:
    """One user of the shared thing (a process may hold several) and the file with all of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._name = secrets.token_hex(8)

    def join(self) -> None:
        """Put this user on the list."""
        created = psutil.Process().create_time()
        self._write([*self._others(), {"pid": os.getpid(), "created": created, "name": self._name}])

    def leave(self) -> bool:
        """Take this user off the list; answers whether live users remain."""
        others = self._others()
        self._write(others)
        return bool(others)

    def _others(self) -> list[dict[str, Any]]:
        try:
            entries = json.loads(self._file.read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return []
        return [entry for entry in entries if entry["name"] != self._name and _is_alive(entry)]

    def _write(self, entries: list[dict[str, Any]]) -> None:
        self._file.write_text(json.dumps(entries), "utf-8")


def _is_alive(entry: dict[str, Any]) -> bool:
    """Compares the start times too: the number of a dead process is given to a new one sooner or later."""
    try:
        return abs(psutil.Process(entry["pid"]).create_time() - float(entry["created"])) < 1
    except psutil.NoSuchProcess:
        return False
