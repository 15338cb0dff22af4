"""A letter about a sign-in from where the person has not been before (SEC-2)."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import Origin
from kassa.kit import clock

from . import mail

_VERSION = re.compile(r"[\d._]+")
MAX_PROGRAM = 200


async def tell_of_sign_in(
    session: AsyncSession, subject_ids: Sequence[UUID], email: str, locale: str, origin: Origin
) -> None:
    """Enqueue a letter when no earlier session of these had the same address and program; call it before the new
    session is opened. The very first sign-in is no news. A new version of a program is the same program."""
    known = await access.known_origins(session, subject_ids)
    if known and _mark(origin) not in {_mark(item) for item in known}:
        program = "".join(char for char in origin.user_agent if char.isprintable())[:MAX_PROGRAM]
        await mail.send_later(
            session, "new_sign_in", email, locale, ip=origin.ip or "—", program=program or "—",
            at=f"{clock.now():%Y-%m-%d %H:%M} UTC",
        )  # fmt: skip


def _mark(origin: Origin) -> tuple[str, str]:
    return origin.ip[:64], _VERSION.sub("", origin.user_agent[:300])
