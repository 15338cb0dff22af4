"""The second factor of staff: time-based codes (RFC 6238) and recovery codes (IDN-4)."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import pyotp
import segno
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import audit
from kassa.core.access import Actor
from kassa.kit import clock
from kassa.kit.crypto import Vault, derive
from kassa.kit.errors import Conflict, Invalid

from .models import IdentityStaff

RECOVERY_CODES = 10
STEP_S = 30
DRIFT_STEPS = 1
"""How many steps a clock may be off in either direction."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs to be told, as a link and as a picture (SVG)."""

    secret: str
    uri: str
    qr_svg: str


async def begin_enrolment(session: AsyncSession, vault: Vault, actor: Actor, account_id: UUID) -> Enrolment:
    """Make a seed for the account; it counts only after a code of it was confirmed.

    Raises Denied `access.session_needed`, Conflict `identity.totp_enabled`.
    """
    actor.require_session()
    account = await session.get_one(IdentityStaff, account_id, with_for_update=True)
    if account.totp_enabled_at is not None:
        raise Conflict("identity.totp_enabled", "The second factor is on already")
    secret = pyotp.random_base32()
    account.totp_encrypted = vault.encrypt(secret)
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Kassa")
    return Enrolment(secret, uri, segno.make(uri, error="m").svg_inline(scale=4, border=2))


async def confirm_enrolment(
    session: AsyncSession, vault: Vault, actor: Actor, account_id: UUID, code: str
) -> list[str]:
    """Switch the second factor on; answers recovery codes, which are shown once.

    Raises Denied `access.session_needed`, Conflict `identity.totp_enabled`, `identity.totp_not_begun`, Invalid
    `identity.totp_wrong`.
    """
    actor.require_session()
    account = await session.get_one(IdentityStaff, account_id, with_for_update=True)
    if account.totp_enabled_at is not None:
        raise Conflict("identity.totp_enabled", "The second factor is on already")
    if account.totp_encrypted is None:
        raise Conflict("identity.totp_not_begun", "Begin the enrolment first")
    if not _use_step(account, vault, code):
        raise Invalid("identity.totp_wrong", "This code is not right; check the clock of your phone")
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    account.totp_enabled_at = clock.now()
    account.recovery_hashes = [_hash(item) for item in codes]
    await audit.record(session, actor, "staff.second_factor_enabled", "staff", account_id)
    return codes


async def switch_off(session: AsyncSession, actor: Actor, account_id: UUID, reason: str = "") -> None:
    """Switch the second factor off."""
    account = await session.get_one(IdentityStaff, account_id, with_for_update=True)
    account.totp_encrypted, account.totp_enabled_at, account.recovery_hashes = None, None, []
    await audit.record(session, actor, "staff.second_factor_disabled", "staff", account_id, reason=reason)


async def switch_off_own(session: AsyncSession, vault: Vault, actor: Actor, account_id: UUID, code: str) -> None:
    """Switch one's own second factor off, proved by one more code. Raises Invalid `identity.totp_wrong`."""
    account = await session.get_one(IdentityStaff, account_id, with_for_update=True)
    if not use_code(account, vault, code):
        raise Invalid("identity.totp_wrong", "This code is not right; check the clock of your phone")
    await switch_off(session, actor, account_id)


def use_code(account: IdentityStaff, vault: Vault, code: str) -> bool:
    """Whether the code opens the account now; each code and each recovery code works once."""
    given = code.strip().lower()
    if _use_step(account, vault, given):
        return True
    hashed = _hash(given)
    if hashed in account.recovery_hashes:
        account.recovery_hashes = [item for item in account.recovery_hashes if item != hashed]
        return True
    return False


async def rotate_seeds(session: AsyncSession, vault: Vault) -> int:
    """Encrypt every seed with the newest key; answers how many there are."""
    accounts = (await session.scalars(select(IdentityStaff).where(IdentityStaff.totp_encrypted.is_not(None)))).all()
    for account in accounts:
        account.totp_encrypted = vault.rotate(account.totp_encrypted or "")
    return len(accounts)


def _use_step(account: IdentityStaff, vault: Vault, code: str) -> bool:
    if account.totp_encrypted is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    totp = pyotp.TOTP(vault.decrypt(account.totp_encrypted))
    now = int(clock.now().timestamp()) // STEP_S
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > account.totp_step and secrets.compare_digest(totp.at(step * STEP_S), code):
            account.totp_step = step
            return True
    return False


def _hash(code: str) -> str:
    return derive(code, "recovery-code").hex()
