"""No tracked file holds what looks like a real secret.

The check of every commit, without the network; CI also looks through the history with gitleaks. Made-up secrets of
tests and emulators are written so that they do not look real, or stand in ALLOWED with their reason.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tracked import tracked_files

PATTERNS = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")),
    ("a Telegram bot's token", re.compile(r"\b[1-9]\d{7,9}:AA[A-Za-z0-9_-]{33}\b")),
    # Digits and capitals keep the names of tests out.
    ("a key of YooKassa", re.compile(r"\b(?:live|test)_(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Za-z0-9_-]{40,}")),
    ("a key of OpenAI", re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}")),
    ("a key of Anthropic", re.compile(r"\bsk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{80,}")),
    ("a key of Google", re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b")),
    ("a key of AWS", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    ("a token of npm or PyPI", re.compile(r"\b(?:npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{50,})")),
    ("a token of Slack", re.compile(r"\bxox[baprs]-[A-Za-z0-9-]{20,}")),
    ("a key of ours", re.compile(r"\bsk-kassa-[A-Za-z0-9_-]{40,}")),
    ("a key of Stripe or Paddle", re.compile(r"\b(?:[sr]k_live_[A-Za-z0-9]{24,}|pdl_live_apikey_[A-Za-z0-9_]{30,})")),
)
ALLOWED: dict[str, str] = {}
"""A string that only looks like a secret, and why it is none."""
LARGEST = 2 * 1024 * 1024


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, meaning and beginning of everything that looks like a secret."""
    for meaning, pattern in PATTERNS:
        for found in pattern.finditer(text):
            if found.group(0) not in ALLOWED:
                # Never the whole of it: the output of CI is public.
                yield text.count("\n", 0, found.start()) + 1, meaning, f"{found.group(0)[:8]}…"


def main() -> int:
    """Look through every tracked file; answers the exit code."""
    failures = 0
    for path in tracked_files(Path.cwd()):
        if path.stat().st_size > LARGEST:
            continue
        for line, meaning, shown in findings(path.read_text("utf-8", errors="replace")):
            print(f"{path}:{line}: looks like {meaning}: {shown}")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
