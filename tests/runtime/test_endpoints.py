"""SEC-1: staff cannot make the installation call into its own network, where its operator did not allow it."""

from collections.abc import Iterator

import aiohttp
import pytest

from tests.conftest import Server
from tests.flows.installation import Installation, installed


@pytest.fixture(scope="module")
def strict(test_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation as strict as in production mode."""
    with installed(test_server, tmp_path_factory.mktemp("kassa"), ALLOW_PRIVATE_ENDPOINTS="false") as place:
        yield place


async def test_an_endpoint_of_staff_has_to_be_public(strict: Installation) -> None:
    """SEC-1, AI-1: refused when added and when changed; what the settings name is allowed by host and port."""
    async with aiohttp.ClientSession(base_url=strict.base) as http:
        owner = await strict.owner(http)

        async def add(name: str, url: str) -> tuple[int, str]:
            body = {"name": name, "base_url": url, "provider": "openai"}
            async with http.post("/api/v1/admin/ai/endpoints", json=body, headers=owner) as answer:
                return answer.status, (await answer.json())["code"] if answer.status >= 400 else ""

        for url in ("http://169.254.169.254/latest/meta-data", "http://localhost:5432", "http://[::ffff:10.0.0.1]/v1"):
            assert await add("inside", url) == (422, "outgoing.address_refused"), url
        assert await add("inside", "ftp://8.8.8.8/") == (422, "outgoing.url_invalid")
        assert await add("reseller", "https://8.8.8.8/v1") == (204, "")
        assert await add("emulator", f"{strict.base}/sandbox/openai/v1") == (204, "")
        change = {"base_url": "http://127.0.0.1:1/v1"}
        async with http.put("/api/v1/admin/ai/endpoints/reseller", json=change, headers=owner) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "outgoing.address_refused")
        found = await strict.rows("select base_url from ai_endpoint where name = any($1)", ["inside", "reseller"])
        assert [row["base_url"] for row in found] == ["https://8.8.8.8/v1"]
