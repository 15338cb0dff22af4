"""No file names the package index or the home folder that its author happened to use."""

import re
import sys
from pathlib import Path

from tools.tracked import tracked_files

# Lock files made by `dev.py lock` carry hashes only. These are what tools write when told otherwise.
FORBIDDEN = (
    (re.compile(r"^\s*--(?:extra-)?(?:index-url|find-links)\b", re.MULTILINE), "names a package index"),
    (
        re.compile(r'"resolved":\s*"https?://'),
        "names a package registry: npm install --omit-lockfile-registry-resolved",
    ),
    (re.compile(r"\b(?:index-url|registry)\s*=\s*https?://"), "names a package index"),
    (re.compile(r"(?<![\w.])/home/(?!kassa\b|user\b|app\b)[a-z][\w-]*/"), "names somebody's home folder"),
    (re.compile(r"(?<![\w.])/Users/[A-Za-z][\w-]*/"), "names somebody's home folder"),
    (re.compile(r"https?://(?:[\w.-]+)/(?:simple|artifactory|nexus)/"), "names a package index"),
)
TEXT = {
    "", ".cfg", ".conf", ".css", ".ftl", ".html", ".in", ".js", ".json", ".md", ".mjs", ".ps1", ".psd1", ".psm1",
    ".py", ".service", ".sh", ".sql", ".toml", ".ts", ".tsx", ".txt", ".yaml", ".yml",
}  # fmt: skip


def main() -> int:
    """Check every tracked text file; answers the exit code."""
    failures = 0
    for path in tracked_files(Path.cwd()):
        if path.suffix not in TEXT or path == Path("tools/check_private.py"):
            continue
        text = path.read_text("utf-8", errors="replace")
        for pattern, meaning in FORBIDDEN:
            found = pattern.search(text)
            if found:
                line = text.count("\n", 0, found.start()) + 1
                print(f"{path}:{line}: {meaning}: {found.group(0).strip()}")
                failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
