"""What has to outlive the process that started the embedded server: its port and passwords."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(slots=True)
class ServerState:
    """Kept in a file of the data folder that only we may read."""

    port: int
    password: str
    superuser_password: str
    is_prepared: bool = False
    """Whether the role and the database exist."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What is kept, or new passwords."""
        file = folder / "server.json"
        if file.exists():
            return cls(**json.loads(file.read_text("utf-8")))
        return cls(0, secrets.token_urlsafe(24), secrets.token_urlsafe(24))

    def save(self, folder: Path) -> None:
        """Keep it."""
        write_private(folder / "server.json", json.dumps(asdict(self)))


def write_private(file: Path, text: str) -> None:
    """Write a file for our eyes only, whole or not at all."""
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(file)
