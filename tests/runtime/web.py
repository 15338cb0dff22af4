"""A caller of the REST API with a token of its own."""

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]


@dataclass(slots=True)
class Caller:
    """Somebody who calls the API; `token` is empty until they sign in."""

    http: aiohttp.ClientSession
    token: str = ""

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of an answer (the bytes when it is none)."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        async with self.http.request(method, f"/api/v1{path}", json=body, headers=headers) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.read()

    async def get(self, path: str) -> Any:
        """What a GET answers; it has to be a success."""
        return await self._must("GET", path)

    async def post(self, path: str, body: Any = None) -> Any:
        """What a POST answers; it has to be a success."""
        return await self._must("POST", path, body)

    async def put(self, path: str, body: Any) -> Any:
        """What a PUT answers; it has to be a success."""
        return await self._must("PUT", path, body)

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """The status and code of a refusal."""
        status, answer = await self.call(method, path, body)
        assert status >= 400, (method, path, status, answer)
        return status, answer["code"]

    async def login(self, email: str, password: str, **more: str) -> "Caller":
        """The same client with a session of its own."""
        pair = await self.post("/auth/login", {"email": email, "password": password, **more})
        return Caller(self.http, pair["access_token"])

    async def _must(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = await self.call(method, path, body)
        assert status < 300, (method, path, status, answer)
        return answer


async def mail_to(http: aiohttp.ClientSession, address: str, subject: str = "") -> Json:
    """The newest mail to an address, once it is there."""
    until = time.monotonic() + 30
    while True:
        async with http.get("/sandbox/api/mail", params={"to": address}) as answer:
            found: list[Json] = [item for item in await answer.json() if subject in item["subject"]]
        if found:
            return found[0]
        assert time.monotonic() < until, f"no mail to {address}"
        await asyncio.sleep(0.05)


def token_in(mail: Json) -> str:
    """The secret of the link in a mail."""
    found = re.search(r"token=([\w-]+)", mail["text"])
    assert found, mail
    return found[1]
