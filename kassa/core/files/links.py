"""Addresses of files that work for a while, for who was given them (FIL-1)."""

import hmac
from datetime import timedelta
from uuid import UUID

from kassa.kit import clock, crypto
from kassa.kit.errors import Denied

TTL = timedelta(minutes=15)


class Links:
    """Signs and checks addresses. Older keys still open what they signed."""

    def __init__(self, secret_keys: tuple[str, ...]) -> None:
        self._keys = [crypto.derive(key, "file-links") for key in secret_keys]

    def url(self, file_id: UUID, variant: str = "content") -> str:
        """The address of a file's content, its thumbnail or its original."""
        until = int((clock.now() + TTL).timestamp())
        return f"/api/v1/files/{file_id}/{variant}?expires={until}&signature={self._sign(0, file_id, variant, until)}"

    def check(self, file_id: UUID, variant: str, expires: int, signature: str) -> None:
        """Raise Denied `files.link_invalid` or `files.link_expired`."""
        given = signature.encode("utf-8", "surrogatepass")
        signed = [self._sign(index, file_id, variant, expires).encode() for index in range(len(self._keys))]
        if not any([hmac.compare_digest(one, given) for one in signed]):  # noqa: C419 - every key takes the same time
            raise Denied("files.link_invalid", "This address is not valid")
        if expires < clock.now().timestamp():
            raise Denied("files.link_expired", "This address has expired: load the page again")

    def _sign(self, index: int, file_id: UUID, variant: str, until: int) -> str:
        return hmac.digest(self._keys[index], f"{file_id}/{variant}/{until}".encode(), "sha256").hex()
