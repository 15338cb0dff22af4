"""The files of the repository that checks read."""

import subprocess
from collections.abc import Iterator
from pathlib import Path


def tracked_files(root: Path) -> Iterator[Path]:
    """Files that git tracks or would track, relative to the root; all of them when there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):  # an archive without its history
        skip = {".venv", "node_modules", ".git", "__pycache__"}
        yield from (
            path.relative_to(root) for path in sorted(root.rglob("*")) if path.is_file() and not skip & set(path.parts)
        )
        return
    yield from (Path(name) for name in listed.split("\0") if name and (root / name).is_file())
