"""Two small HTTP calls that belong to no port: asking what time a server has, and posting JSON to the sandbox."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from kassa.kit.errors import Unavailable

_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def server_time(url: str) -> datetime | None:
    """The time in a server's answer; None when it tells none. Raises Unavailable `http.no_answer`."""
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http, http.get(url) as answer:
            stamp = answer.headers.get("Date")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable("http.no_answer", type(error).__name__) from error
    return parsedate_to_datetime(stamp).astimezone(UTC) if stamp else None


async def post_json(url: str, body: Mapping[str, Any], method: str = "POST") -> None:
    """Post a document, or patch with it. Raises Unavailable `http.no_answer`, also when the answer is not a success."""
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.request(method, url, json=dict(body)) as answer,
        ):
            answer.raise_for_status()
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unavailable("http.no_answer", repr(error)) from error
