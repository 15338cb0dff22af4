"""The web applications' types of the API, written from its description; `--write` brings them up to date."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kassa.kit.app import App
from kassa.runtime import http
from kassa.runtime.settings import Settings

PACKAGE = Path("web/packages/api")
TYPES = PACKAGE / "src" / "schema.d.ts"
PROGRAM = Path("openapi-typescript/bin/cli.js")


def generate() -> str:
    """The types as they have to be now."""
    app = App()
    app.put(Settings, Settings())
    program = next(
        path for path in (PACKAGE / "node_modules" / PROGRAM, Path("web/node_modules") / PROGRAM) if path.exists()
    )
    with tempfile.TemporaryDirectory() as folder:
        description, types = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        description.write_text(json.dumps(http.create_app(app).openapi()), encoding="utf-8")
        command = ["node", str(program), str(description), "-o", str(types)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{done.stdout}\n{done.stderr}")
        return types.read_text("utf-8")


def main(arguments: list[str]) -> int:
    """Compare, or write; answers the exit code."""
    if shutil.which("node") is None:
        print("The web client's types are not checked: that needs Node.js.")
        return 0
    wanted = generate()
    if TYPES.exists() and TYPES.read_text("utf-8") == wanted:
        return 0
    if "--write" in arguments:
        TYPES.write_text(wanted, encoding="utf-8", newline="\n")
        print(f"{TYPES} is written.")
        return 0
    print(f"{TYPES} is not what the API is now: run python3 dev.py fix")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
