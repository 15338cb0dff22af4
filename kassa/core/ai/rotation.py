"""Encrypting the stored provider keys anew."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.crypto import Vault

from .models import Key


async def rotate_keys(session: AsyncSession, vault: Vault) -> int:
    """Encrypt every key with the first secret key; how many were rewritten. Raises Invalid `crypto.cannot_decrypt`."""
    count = 0
    for key in await session.scalars(select(Key).with_for_update()):
        key.secret = vault.rotate(key.secret)
        count += 1
    return count
