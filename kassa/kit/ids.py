"""Identifiers: UUIDv7, so that keys sort by creation time and indexes stay dense (RFC 9562 §5.7)."""

import os
import secrets
from uuid import UUID

from kassa.kit import clock


def new() -> UUID:
    """A new UUIDv7 with the clock's milliseconds and 74 random bits."""
    milliseconds = int(clock.now().timestamp() * 1000)
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & (1 << 62) - 1
    return UUID(int=value)


def secret(size_bytes: int = 32) -> str:
    """A URL-safe random secret of `size_bytes` bytes of entropy."""
    return secrets.token_urlsafe(size_bytes)
