"""What the emulators remember between starts: JSON documents in one SQLite file.

SQLite and not the product's database, because an emulator stands for somebody else's machine.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import orjson


class Store:
    """Documents by (collection, key). Every write is on disk when the call returns."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = off")
        self._db.execute(
            "create table if not exists documents"
            " (collection text, key text, body blob not null, primary key (collection, key))"
        )
        self._lock = Lock()

    def put(self, collection: str, key: str, body: dict[str, Any]) -> None:
        """Write or replace a document."""
        with self._lock:
            self._db.execute("insert or replace into documents values (?, ?, ?)", (collection, key, orjson.dumps(body)))

    def write(self, changes: Iterable[tuple[str, str, dict[str, Any] | None]]) -> None:
        """Write many documents in one transaction; a body of None removes the document."""
        # Encoded before the transaction begins, so that what cannot be encoded leaves none open.
        rows = [(collection, key, None if body is None else orjson.dumps(body)) for collection, key, body in changes]
        with self._lock:
            self._db.execute("begin")
            self._db.executemany("insert or replace into documents values (?, ?, ?)", [row for row in rows if row[2]])
            self._db.executemany(
                "delete from documents where collection = ? and key = ?", [row[:2] for row in rows if row[2] is None]
            )
            self._db.execute("commit")

    def get(self, collection: str, key: str) -> dict[str, Any] | None:
        """The document, or None."""
        row = self._db.execute(
            "select body from documents where collection = ? and key = ?", (collection, key)
        ).fetchone()
        return None if row is None else dict(orjson.loads(row[0]))

    def delete(self, collection: str, key: str) -> None:
        """Remove a document; an absent one is not an error."""
        with self._lock:
            self._db.execute("delete from documents where collection = ? and key = ?", (collection, key))

    def all(self, collection: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every document of a collection, by key."""
        rows = self._db.execute("select key, body from documents where collection = ? order by key", (collection,))
        for key, body in rows.fetchall():
            yield key, orjson.loads(body)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
