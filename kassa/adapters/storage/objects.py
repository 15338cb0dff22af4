"""Files in a folder or a bucket, by the library obstore."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as Missing
from obstore.store import LocalStore, S3Store

from kassa.kit.errors import Invalid, NotFound, Unavailable

if TYPE_CHECKING:
    from obstore import GetOptions

PIECE = 256 * 1024


class ObjectStorage:
    """One store; `where` is what people call it."""

    def __init__(self, store: Any, where: str) -> None:
        self._store = store
        self._where = where

    async def put(self, path: str, data: bytes) -> None:
        """Keep; see Storage."""
        try:
            await obstore.put_async(self._store, path, data)
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    async def get(self, path: str) -> bytes:
        """The whole content."""
        try:
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())
        except (Missing, FileNotFoundError) as error:
            raise self._missing() from error
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    async def read(self, path: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The content from `start` on, in pieces."""
        options: GetOptions = {}
        if start or length is not None:
            options["range"] = (start, start + length) if length is not None else {"offset": start}
        try:
            found = await obstore.get_async(self._store, path, options=options)
        except (Missing, FileNotFoundError) as error:
            raise self._missing() from error
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in found.stream(PIECE):
                yield bytes(piece)

        return pieces()

    async def delete(self, path: str) -> None:
        """Forget."""
        try:
            await obstore.delete_async(self._store, path)
        except (Missing, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    async def check(self) -> str:
        """Write and remove a small file."""
        await self.put("temp/doctor", b"ok")
        await self.delete("temp/doctor")
        return f"{self._where} can be written to"

    def _unavailable(self, error: Exception) -> Unavailable:
        return Unavailable(
            "files.storage_unavailable", f"{self._where} does not take or give files now", cause=repr(error)
        )

    def _missing(self) -> NotFound:
        return NotFound("files.content_missing", "The content of this file is gone")


def open_storage(url: str, folder: Path) -> ObjectStorage:
    """The bucket of `s3://KEY:SECRET@bucket/prefix?endpoint=https://host&region=name`, or the folder when it is empty.

    Raises Invalid `settings.s3_url_invalid`.
    """
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return ObjectStorage(LocalStore(prefix=str(folder)), str(folder))
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise Invalid("settings.s3_url_invalid", "KASSA_S3_URL: s3://KEY:SECRET@bucket/prefix?endpoint=…&region=…")
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    endpoint = options.get("endpoint", "")
    store = S3Store(
        parts.hostname,
        prefix=parts.path.strip("/") or None,
        region=options.get("region", "us-east-1"),
        access_key_id=unquote(parts.username) if parts.username else None,
        secret_access_key=unquote(parts.password) if parts.password else None,
        endpoint=endpoint or None,
        client_options={"allow_http": endpoint.startswith("http://")},
        virtual_hosted_style_request=False if endpoint else None,
    )
    return ObjectStorage(store, f"s3://{parts.hostname}")
