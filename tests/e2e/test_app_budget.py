"""APP-3: the first load of the customer's app: weight, time on a slow phone, and Lighthouse's opinion.

The aims are for a quiet machine; here other tests run beside, so times have a margin and what does not depend on the
machine (weight, accessibility, best practices) has none. KASSA_TEST_BUDGETS=exact tests the aims themselves.
"""

import asyncio
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.e2e.conftest import find_chromium
from tests.e2e.marks import ON_THE_LOOP_OF_THE_BROWSER
from tests.flows.installation import ROOT, Installation, free_port

pytestmark = ON_THE_LOOP_OF_THE_BROWSER

IS_EXACT = os.environ.get("KASSA_TEST_BUDGETS") == "exact"
SCRIPT_BYTES = 90 * 1024
FIRST_LOAD_S = 2.0 if IS_EXACT else 6.0
PERFORMANCE = 0.95 if IS_EXACT else 0.6
TRIES = 3
LIGHTHOUSE = ROOT / "tools" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
# Lighthouse's "slow 4G" and phone (docs/throttling.md of GoogleChrome/lighthouse) as the browser's own throttling.
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER_CPU = 4
PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="session")
async def session(place: Installation) -> dict[str, Any]:
    """A customer's tokens, as the app keeps them."""
    body = {"email": f"{uuid.uuid4().hex[:10]}@example.com", "password": "a password of the tests", "name": "Anna"}
    async with aiohttp.ClientSession() as http, http.post(f"{place.base}/api/v1/auth/register", json=body) as made:
        pair = await made.json()
    return {"access": pair["access_token"], "refresh": pair["refresh_token"], "endsAt": 4e12}


async def first_load(page: Page, base: str) -> tuple[float, int]:
    """Seconds from the address to the balance on the screen with nothing kept, and the bytes of scripts."""
    throttle = await page.context.new_cdp_session(page)
    await throttle.send("Network.enable")
    await throttle.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await throttle.send("Network.emulateNetworkConditions", SLOW_4G)
    await throttle.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    began = asyncio.get_running_loop().time()
    await page.goto(f"{base}/", wait_until="commit")
    await page.wait_for_selector("section .tabular-nums", timeout=30_000)
    seconds = asyncio.get_running_loop().time() - began
    weight: int = await page.evaluate(
        "() => performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'))"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    return seconds, weight


async def test_the_first_load_on_a_slow_phone(place: Installation, session: dict[str, Any]) -> None:
    """Under 2 s on slow 4G with a processor four times slower; scripts of at most 90 KB packed."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    seen: list[tuple[float, int]] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(TRIES):
            context = await _signed_in(await browser.new_context(viewport=PHONE, service_workers="block"), session)  # type: ignore[arg-type]
            seen.append(await first_load(await context.new_page(), place.base))
            await context.close()
        await browser.close()
    print(f"first load: {[f'{seconds:.2f} s' for seconds, _ in seen]}, scripts {seen[0][1]} bytes")  # noqa: T201
    assert min(seconds for seconds, _ in seen) < FIRST_LOAD_S
    assert 0 < max(weight for _, weight in seen) <= SCRIPT_BYTES


async def test_lighthouse(place: Installation, session: dict[str, Any], tmp_path: Path) -> None:
    """95 of 100 in performance, accessibility and best practices, signed in and before."""
    program, node = find_chromium(), shutil.which("node")
    if program is None or node is None or not LIGHTHOUSE.exists():
        pytest.skip("needs Chromium, Node.js and the packages of tools/lighthouse")
    found: dict[str, dict[str, float]] = {}
    port = free_port()
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=program, viewport=PHONE,  # type: ignore[arg-type]
            args=["--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}", "--disable-background-networking",
                  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
        )  # fmt: skip
        found["door"] = await _judge(node, port, place.base, tmp_path / "door.json")
        page = context.pages[0]
        await page.goto(f"{place.base}/")
        await page.evaluate("kept => localStorage.setItem('kassa-app-session', kept)", json.dumps(session))
        found["home"] = await _judge(node, port, place.base, tmp_path / "home.json")
        await context.close()
    print(f"lighthouse: {found}")  # noqa: T201
    for screen, scores in found.items():
        assert scores["accessibility"] >= 0.95, screen
        assert scores["best-practices"] >= 0.95, screen
        assert scores["performance"] >= PERFORMANCE, screen


async def _judge(node: str, port: int, base: str, report: Path) -> dict[str, float]:
    """The best of some runs: a busy machine makes a page look slower, never faster."""
    best: dict[str, float] = {}
    failures: list[str] = []
    for _ in range(TRIES):
        process = await asyncio.create_subprocess_exec(
            node, str(LIGHTHOUSE), f"{base}/", f"--port={port}", "--disable-storage-reset", "--quiet", "--output=json",
            "--only-categories=performance,accessibility,best-practices", f"--output-path={report}",
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await process.communicate()
        if process.returncode != 0:  # a trace that was not recorded is no judgement of the page
            failures.append(errors.decode()[-2000:])
            continue
        told = json.loads(await asyncio.to_thread(report.read_text, "utf-8"))["categories"]
        scores = {name: category["score"] for name, category in told.items()}
        best = {name: max(score, best.get(name, 0)) for name, score in scores.items()}
        if best["performance"] >= PERFORMANCE:
            break
    assert best, failures
    return best


async def _signed_in(context: BrowserContext, session: dict[str, Any]) -> BrowserContext:
    kept = json.dumps(json.dumps(session))
    await context.add_init_script(f"localStorage.setItem('kassa-app-session', {kept})")
    return context
