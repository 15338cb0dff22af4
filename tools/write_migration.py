"""Write a migration from the difference between the models and the schema as the migrations make it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from kassa.kit import migrate, schema
from kassa.kit.postgres import EmbeddedPostgres


def main() -> int:
    """Bring a fresh database up to date, compare, write; answers the exit code."""
    message = " ".join(sys.argv[1:]).strip()
    if not message:
        print("Say what changes: python3 dev.py migration MESSAGE")
        return 2
    with (
        tempfile.TemporaryDirectory(prefix="kassa-migration-") as folder,
        EmbeddedPostgres(Path(folder), fast=True) as server,
    ):
        migrate.upgrade(server.url)
        if not schema.check(server.url):
            print("The migrations and the models agree: there is nothing to write.")
            return 0
        path = schema.write_revision(server.url, message)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=False)
    print(f"{path}\nRead it: what it does to the rows that are there is yours to say.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
