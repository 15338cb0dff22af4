"""One browser window with one of the front ends in it: its words, its pictures, and what went wrong in it."""

import json
from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import Page

from tests.flows.installation import ROOT

APPS = ROOT / "web" / "apps"


def texts(front: str, language: str, part: str = "") -> dict[str, str]:
    """The words of the app or of the panel; some are loaded with a part of it."""
    read: dict[str, str] = json.loads((APPS / front / "src" / part / "texts" / f"{language}.json").read_text("utf-8"))
    return read


class Window:
    """What the front ends' windows have in common. `problems` are errors of scripts and lines of the console."""

    def __init__(
        self, page: Page, base: str, words: Mapping[str, str], shots: Path | None = None, name: str = ""
    ) -> None:
        self.page = page
        self.base = base
        self.words = words
        self.problems: list[str] = []
        self._shots = shots
        self._name = name
        self._count = 0
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)

    def t(self, key: str, **facts: object) -> str:
        """A text of the front end with facts filled in."""
        text = self.words[key]
        for name, value in facts.items():
            text = text.replace("{{" + name + "}}", str(value))
        return text

    async def sticks_out(self) -> bool:
        """Whether the page can be moved sideways: what a person would see cut off."""
        return bool(await self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1"))

    async def shot(self, step: str) -> None:
        """Keep a picture, when pictures are wanted."""
        if self._shots is not None:
            self._count += 1
            self._shots.mkdir(parents=True, exist_ok=True)
            await self.page.wait_for_timeout(350)
            await self.page.screenshot(path=self._shots / f"{self._name}-{self._count:02d}-{step}.png")
