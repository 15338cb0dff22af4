"""Files: uploaded by bots and people, or fetched by URL; the bytes live in the store."""

import base64
import hashlib
import secrets
from pathlib import PurePosixPath

import aiohttp

from kassa.sandbox.store import Store
from kassa.sandbox.telegram.call import Call, Upload
from kassa.sandbox.telegram.errors import ApiError, Json, bad_request

# Sizes of the cloud Bot API: what a bot may upload, what it may download, what a URL may bring.
UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
_URL_LIMIT = 20 * 1024 * 1024


class Files:
    """Every file by its file_id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.download_limit = DOWNLOAD_LIMIT
        self._facts: dict[str, Json] = dict(store.all("telegram_files"))

    def add(self, name: str, content_type: str, body: bytes, folder: str) -> Json:
        """Keep a file; its facts: file_id, file_unique_id, file_name, mime_type, file_size, file_path."""
        number = sum(1 for item in self._facts.values() if item["file_path"].startswith(f"{folder}/"))
        suffix = PurePosixPath(name).suffix or ".bin"
        facts: Json = {
            "file_id": f"BQAC{secrets.token_urlsafe(30)}",
            "file_unique_id": "AQAD" + hashlib.sha256(body).hexdigest()[:12],
            "file_name": name,
            "mime_type": content_type or "application/octet-stream",
            "file_size": len(body),
            "file_path": f"{folder}/file_{number}{suffix}",
        }
        self._facts[facts["file_id"]] = facts
        self._store.put("telegram_files", facts["file_id"], facts)
        self._store.put("telegram_blobs", facts["file_id"], {"body": base64.b64encode(body).decode()})
        return facts

    def get(self, file_id: str) -> Json | None:
        """Facts of a file."""
        return self._facts.get(file_id)

    def by_path(self, path: str) -> Json | None:
        """Facts of the file with this file_path."""
        return next((item for item in self._facts.values() if item["file_path"] == path), None)

    def body(self, file_id: str) -> bytes:
        """The bytes."""
        blob = self._store.get("telegram_blobs", file_id) or {"body": ""}
        return base64.b64decode(blob["body"])

    async def take(self, call: Call, value: str, folder: str) -> Json:
        """The file that a parameter means: an upload, a URL or a known file_id."""
        upload = call.uploads.get(value.removeprefix("attach://"))
        if upload is None and value.startswith(("http://", "https://")):
            upload = await _fetch(value)
        if upload is not None:
            return self._keep(upload, folder)
        if value.startswith("attach://") or not value:
            raise bad_request(f"there is no {folder.rstrip('s')} in the request")
        facts = self.get(value)
        if facts is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return facts

    def _keep(self, upload: Upload, folder: str) -> Json:
        if not upload.body:
            raise bad_request("file must be non-empty")
        if len(upload.body) > UPLOAD_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        if folder == "photos" and len(upload.body) > PHOTO_LIMIT:
            raise bad_request("too big photo")
        return self.add(upload.name or "file", upload.content_type, upload.body, folder)


async def _fetch(url: str) -> Upload:
    timeout = aiohttp.ClientTimeout(total=20)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            if answer.status != 200:
                raise bad_request("failed to get HTTP URL content")
            body = await answer.content.read(_URL_LIMIT + 1)
            kind = answer.content_type
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise bad_request("failed to get HTTP URL content") from None
    if len(body) > _URL_LIMIT:
        raise bad_request("file is too big")
    return Upload(PurePosixPath(url.partition("?")[0]).name or "file", kind, body)
