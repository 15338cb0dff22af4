"""Whether a question may be asked at all: before its price is looked at, and before anything is held."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.policies import Policies, Subject


def fingerprint(model: str, question: str) -> str:
    """The same for the same question to the same model, however it is spaced."""
    return hashlib.blake2b(f"{model} {' '.join(question.casefold().split())}".encode(), digest_size=16).hexdigest()


async def admit(session: AsyncSession, engine: Policies, subject: Subject, question: str) -> None:
    """Count a question in the session's transaction.

    Raises LimitReached, Denied, Invalid `policies.*`: the limit of the customer's tier, a block, a forbidden word.
    """
    await engine.check_text(subject.organization_id, question)
    await engine.require("ai.request", subject, session=session)
