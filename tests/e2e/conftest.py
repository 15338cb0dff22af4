"""A real browser before a running installation."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.conftest import Server
from tests.e2e.app_chat import ChatApp
from tests.e2e.page import SECONDS
from tests.e2e.panel import window
from tests.flows.installation import Installation, installed

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)

# A busy machine is slow, not wrong: what is awaited appears at once on a quiet one.
expect.set_options(timeout=30 * SECONDS)


def find_chromium() -> str | None:
    """The system's Chromium or one of its relatives."""
    found = [shutil.which(name) for name in _PROGRAMS] + [place for place in _PLACES if Path(place).exists()]
    return next((path for path in found if path), None)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A browser for all tests of this process; each opens contexts of its own."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    async with async_playwright() as playwright:
        # As root, in containers, there is no sandbox of the browser's own; its pages are ours.
        running = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield running
        await running.close()


@pytest.fixture(scope="module")
def place(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All roles in one process, with the sandbox."""
    with installed(test_server, tmp_path_factory.mktemp("kassa")) as place:
        yield place


@pytest.fixture
def shots() -> Path | None:
    """Where pictures go when KASSA_TEST_SHOTS names a folder."""
    folder = os.environ.get("KASSA_TEST_SHOTS")
    return Path(folder) if folder else None


@pytest_asyncio.fixture(loop_scope="session")
async def chat_app(browser: Browser, place: Installation, shots: Path | None) -> AsyncIterator[ChatApp]:
    """A guest's phone, in English, with tokens and the chat open; it must not have had an error at the end."""
    context = await window(browser, "en", "light", "phone")
    app = ChatApp(await context.new_page(), place.base, "en", shots, "chat")
    await app.visit()
    await app.pay()
    yield app
    assert app.problems == []
    await context.close()
