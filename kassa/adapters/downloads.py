"""Fetching what an address leads to, of limited size and only from the public internet."""

import aiohttp

from kassa.kit.errors import Invalid, LimitReached, Unavailable

TIMEOUT_S = 20


class HttpDownloads:
    """Fulfils files.Downloads by a session that looks at every address before it is asked (see guarded_http.py)."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, url: str, limit_bytes: int) -> bytes:
        """The bytes at an address."""
        try:
            async with self._session.get(url, timeout=aiohttp.ClientTimeout(TIMEOUT_S), max_redirects=3) as answer:
                if answer.status >= 500 or answer.status == 429:
                    raise Unavailable("files.download_failed", "The server does not give it now", status=answer.status)
                if answer.status != 200:
                    raise Invalid("files.download_refused", "The server does not give it", status=answer.status)
                data = await answer.content.read(limit_bytes + 1)
                while len(data) <= limit_bytes and (more := await answer.content.read(limit_bytes + 1 - len(data))):
                    data += more
        except (aiohttp.InvalidURL, aiohttp.TooManyRedirects) as error:
            raise Invalid("files.download_refused", "This address leads nowhere") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unavailable("files.download_failed", "The server cannot be reached") from error
        if len(data) > limit_bytes:
            raise LimitReached("files.too_large", "The file is too large", limit_bytes=limit_bytes)
        return data
