"""The migrations and the models describe the same tables."""

import sys
import tempfile
from pathlib import Path

from kassa.kit import migrate, schema
from kassa.kit.postgres import EmbeddedPostgres


def main() -> int:
    """Bring a fresh database up to date and compare; answers the exit code."""
    with (
        tempfile.TemporaryDirectory(prefix="kassa-check-") as folder,
        EmbeddedPostgres(Path(folder), fast=True) as server,
    ):
        migrate.upgrade(server.url)
        difference = schema.check(server.url)
    if difference:
        print(difference)
        print("Write the missing migration: python3 dev.py migration MESSAGE")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
