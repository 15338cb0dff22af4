"""SEC-2: the check for secrets finds real ones, and nothing in the repository."""

import secrets
import string

import pytest

from tests.docs.commands import ROOT
from tools.check_secrets import findings
from tools.tracked import tracked_files


def _random(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


@pytest.mark.parametrize(
    ("secret", "meaning"),
    [
        (f"70000{_random(5, string.digits)}:AA{_random(33)}", "Telegram"),
        (f"live_aB3{_random(40)}", "YooKassa"),
        (f"sk-proj-{_random(40)}T3BlbkFJ{_random(40)}", "OpenAI"),
        (f"sk-ant-api03-{_random(93)}", "Anthropic"),
        (f"AIza{_random(35)}", "Google"),
        (f"AKIA{_random(16, string.ascii_uppercase + string.digits)}", "AWS"),
        (f"ghp_{_random(36)}", "GitHub"),
        (f"sk-kassa-{_random(43)}", "ours"),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{_random(64)}\n", "private key"),
    ],
    ids=lambda value: value if " " not in value and len(value) < 12 else "",
)
def test_a_secret_is_found_and_not_repeated(secret: str, meaning: str) -> None:
    """SEC-2: by line and kind; the output holds no more than its beginning."""
    found = list(findings(f"first line\nkey = '{secret}'\n"))
    assert [(line, meaning in what) for line, what, _ in found] == [(2, True)]
    assert secret not in found[0][2]


def test_the_repository_holds_none() -> None:
    """SEC-2: what `dev.py check` asks on every commit."""
    texts = (
        (path, (ROOT / path).read_text("utf-8", "replace")) for path in tracked_files(ROOT) if path.suffix == ".py"
    )
    assert [(path, found) for path, text in texts for found in findings(text)] == []
