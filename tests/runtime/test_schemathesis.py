"""SEC-1: a fuzzer that reads the API's own description finds no 5xx and no answer that is not described."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, installed
from tests.runtime.test_accounts import registered
from tests.runtime.web import Caller

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
# What would end the fuzzer's own session or take its rights away; each has tests of its own.
LEFT_OUT = (
    "auth/logout|auth/refresh|auth/password|second-factor|auth/sessions|admin/staff|admin/roles|health/examine|"
    "ledger/checks|/export$|sign-out"
)


@pytest.fixture(scope="module")
def place(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(test_server, tmp_path_factory.mktemp("fuzzed")) as made:
        yield made


@pytest.fixture
async def calls(place: Installation) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=place.base) as session:
        yield session


@pytest.mark.parametrize("who", ["owner", "customer"])
async def test_the_description_is_true(place: Installation, calls: aiohttp.ClientSession, who: str) -> None:
    """As the owner, who may everything, and as a customer."""
    owner = Caller(calls, (await place.owner(calls))["Authorization"].removeprefix("Bearer "))
    await owner.put("/admin/policies", {"source": "rules: []\n", "note": "a test"})
    token = owner.token if who == "owner" else (await registered(calls))[0].token
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "st"), "run", f"{place.base}/api/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--phases", "fuzzing", "--max-examples", "4",
        "--exclude-path-regex", LEFT_OUT, "--request-timeout", "20", "--workers", "2", "--no-color", "--seed", "1",
        "--continue-on-failure", cwd=place.folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 240)
    text = out.decode("utf-8", "replace")
    tested = re.search(r"Tested: (\d+)", text)
    assert tested is not None, text[-2000:]
    assert int(tested[1]) > 120
    assert process.returncode == 0, text[:6000]
