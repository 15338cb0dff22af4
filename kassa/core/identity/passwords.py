"""Passwords: Argon2id, checked in a thread because it takes tens of milliseconds on purpose."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kassa.kit.errors import Invalid

MIN_LENGTH, MAX_LENGTH = 8, 256

_hasher = PasswordHasher()


async def hash_password(password: str) -> str:
    """What is stored of a password. Raises Invalid `identity.password_weak`."""
    if len(password) < MIN_LENGTH or len(set(password)) < 4:
        raise Invalid(
            "identity.password_weak", "A password needs at least 8 characters, not all alike", min_length=MIN_LENGTH
        )
    return await asyncio.to_thread(_hasher.hash, password)


async def is_password(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. Nobody's stored password takes the same time, so that an answer does
    not tell who has an account here."""
    return await asyncio.to_thread(_verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's password")
