"""A program: a PDF in, its words out. It is run by `words.py`, by its path and alone, so it imports nothing of ours."""

import io
import sys

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MEMORY_BYTES = 1 << 30


def main() -> int:
    """Read until enough characters are there; answers the exit code."""
    _limit_memory()
    limit, size, pages = int(sys.argv[1]), 0, []
    try:
        for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages:
            pages.append(page.extract_text())
            size += len(pages[-1])
            if size > limit:
                break
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, MemoryError):
        return 1  # a broken file: pypdf has no one error for that
    sys.stdout.buffer.write("\n\n".join(pages).encode("utf-8", "replace"))
    return 0


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - it is not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main())
