"""Access's part of a person's data: where they are signed in, and their keys."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit.personal import DataSubject, PersonalData

from .keys import list_keys, revoke_keys
from .sessions import close_sessions, list_sessions


async def _export(session: AsyncSession, subject: DataSubject) -> dict[str, Any]:
    return {
        "sessions": await list_sessions(session, subject.customer_id),
        "keys": await list_keys(session, subject.customer_id),
    }


async def _erase(session: AsyncSession, subject: DataSubject) -> None:
    await close_sessions(session, subject.customer_id)
    await revoke_keys(session, subject.customer_id)


async def _merge(session: AsyncSession, source: DataSubject, _target: DataSubject) -> None:
    await _erase(session, source)


personal = PersonalData(_export, _erase, _merge)
