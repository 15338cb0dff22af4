"""Files stay small enough to read: a warning past 300 lines, a failure past 500 (250 for a React component)."""

import sys
from pathlib import Path

from tools.tracked import tracked_files

WARN_LINES = 300
LIMIT_LINES = {".py": 500, ".ts": 500, ".tsx": 250}
GENERATED = ("web/packages/api/", "kassa/migrations/versions/")  # written by tools, read by them


def main() -> int:
    """Check every tracked source file; answers the exit code."""
    failures = 0
    for path in tracked_files(Path.cwd()):
        limit = LIMIT_LINES.get(path.suffix)
        if limit is None or path.as_posix().startswith(GENERATED):
            continue
        lines = len(path.read_text("utf-8").splitlines())
        if lines > limit:
            print(f"{path}: {lines} lines, the limit is {limit}: split it by noun")
            failures += 1
        elif lines > WARN_LINES:
            print(f"{path}: {lines} lines; past {WARN_LINES} look for a noun to split off")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
