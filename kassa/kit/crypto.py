"""Secrets at rest: encrypted with the first key, readable with any of them, so keys can be rotated."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from kassa.kit.errors import Invalid


class Vault:
    """Encrypts and decrypts short secrets (bot tokens, provider keys).

    A key of `KASSA_SECRET_KEYS` may be any string of 16 characters or more; the Fernet key is derived from it
    by SHA-256, because operators paste passwords and not base64.
    """

    def __init__(self, keys: list[str]) -> None:
        if not keys or any(len(key) < 16 for key in keys):
            raise Invalid(
                "settings.secret_keys_invalid",
                "KASSA_SECRET_KEYS: a comma list of keys, each of 16 characters or more",
            )
        self._fernet = MultiFernet([Fernet(_derive(key)) for key in keys])

    def encrypt(self, secret: str) -> str:
        """The secret as text that is safe to store."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """The secret back. Raises Invalid `crypto.cannot_decrypt` when no key fits."""
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise Invalid("crypto.cannot_decrypt", "None of KASSA_SECRET_KEYS opens this secret") from error

    def rotate(self, stored: str) -> str:
        """The same secret encrypted with the first key."""
        try:
            return self._fernet.rotate(stored.encode()).decode()
        except InvalidToken as error:
            raise Invalid("crypto.cannot_decrypt", "None of KASSA_SECRET_KEYS opens this secret") from error


def derive(key: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose (signing tokens, opaque paths), so that one secret serves many."""
    return hashlib.sha256(f"kassa:{purpose}:{key}".encode()).digest()


def _derive(key: str) -> bytes:
    return base64.urlsafe_b64encode(derive(key, "vault"))
