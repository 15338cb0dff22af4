"""Mail about an account: enqueued with the fact that causes it, written in the reader's language, sent by a job."""

import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import i18n
from kassa.core.access import ActorKind
from kassa.kit import clock, ids, jobs
from kassa.kit.app import App
from kassa.kit.errors import Invalid

from .models import IdentityProof
from .ports import Mailer, Site

PROOF_TTL = {"verify": timedelta(days=3), "reset": timedelta(hours=1), "telegram": timedelta(minutes=15)}

LINKS = {
    "verify": "/verify?token=",
    "reset": "/reset?token=",
    "staff_reset": "/admin/reset?token=",
    "invitation": "/admin/invitation?token=",
    "password_changed": "",
    "new_sign_in": "",
    "telegram_linked": "",
}
"""Every kind of mail, and the page that its link opens."""
NEWS = frozenset({"new_sign_in", "telegram_linked"})
"""What is worth a letter, and not worth waiting for a mail server that there may never be."""


def digest(token: str) -> str:
    """What is kept of a secret that was sent by mail."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def send_later(session: AsyncSession, kind: str, to: str, locale: str, token: str = "", **facts: str) -> None:
    """Enqueue mail in the caller's transaction."""
    await jobs.enqueue(
        session, "identity.send_mail", kind=kind, to=to, locale=locale, token=token, facts=facts,
        message_id=str(ids.new()),
    )  # fmt: skip


async def send_mail(
    app: App, kind: str, to: str, locale: str, token: str, facts: dict[str, str], message_id: str
) -> None:
    """Job: write one mail and send it."""
    if kind in NEWS and not app.get(Mailer).is_set_up:
        return
    texts, link = app.get(i18n.Texts), ""
    if LINKS[kind]:
        link = f"{app.get(Site).base_url}{LINKS[kind]}{token}"
    name = kind.replace("_", "-")
    # Mail is plain text: nothing in it is escaped.
    plain = {key: i18n.Markup(value) for key, value in facts.items()}
    subject = texts.text(f"identity-mail-{name}-subject", locale, None, **plain)
    body = texts.text(f"identity-mail-{name}", locale, None, link=i18n.Markup(link), **plain)
    await app.get(Mailer).send(to, subject, body, message_id)


async def issue_proof(session: AsyncSession, kind: ActorKind, subject_id: UUID, purpose: str, email: str) -> str:
    """A secret that proves whose mailbox `email` is, or who asked for it; an earlier one for the same purpose no longer
    works."""
    await session.execute(
        update(IdentityProof)
        .where(
            IdentityProof.subject_id == subject_id, IdentityProof.purpose == purpose, IdentityProof.used_at.is_(None)
        )
        .values(used_at=clock.now())
    )  # fmt: skip
    token = ids.secret()
    session.add(
        IdentityProof(
            id=ids.new(), subject_kind=kind.value, subject_id=subject_id, purpose=purpose, email=email,
            token_hash=digest(token), expires_at=clock.now() + PROOF_TTL[purpose], created_at=clock.now(),
        )
    )  # fmt: skip
    return token


async def use_proof(session: AsyncSession, purpose: str, token: str) -> IdentityProof:
    """Take a secret that came back; it works once. Raises Invalid `identity.proof_invalid`."""
    found = (
        await session.scalars(
            select(IdentityProof)
            .where(IdentityProof.token_hash == digest(token), IdentityProof.purpose == purpose)
            .with_for_update()
        )
    ).one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise Invalid("identity.proof_invalid", "This link has expired or was used; ask for a new one")
    found.used_at = clock.now()
    return found
