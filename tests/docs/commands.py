"""The commands that the documentation shows, and how to run them.

Every ```bash block is run by a test. An HTML comment on the line before it may say otherwise:
`<!-- not run: reason -->`, `<!-- run: may fail -->` (any exit code is fine), `<!-- run: stopped -->` (Kassa stopped).
A block of `up` commands is started all at once, until each says that it is ready.
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_BLOCK = re.compile(
    r"(?:^ *<!-- (?P<mark>[^>]*?) -->\n)?^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"

    @property
    def is_server(self) -> bool:
        """Whether it starts Kassa and does not end by itself."""
        return all(re.match(r"python3 dev\.py up\b", line) for line in self.text.splitlines())


def blocks(*languages: str) -> list[Block]:
    """Every block in one of the languages, page by page."""
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("text")) + 1
            block = Block(page, line, match["language"], match["mark"] or "", textwrap.dedent(match["text"]))
            if block.language in languages:
                found.append(block)
    return found
