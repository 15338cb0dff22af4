"""Signing in: staff and customers by e-mail and password, customers by what Telegram signs (IDN-1, IDN-2)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import access
from kassa.core.access import ActorKind, Origin, TokenPair, TokenSigner
from kassa.kit import clock
from kassa.kit.crypto import Vault
from kassa.kit.errors import Denied, LimitReached, Unauthenticated

from . import second_factor
from .addresses import normal_email
from .customers import customer_of, ensure_customer, keep_photo
from .init_data import check_init_data, check_login_widget
from .models import IdentityCustomer, IdentityStaff
from .organizations import get_organization
from .passwords import is_password
from .sign_in_alerts import tell_of_sign_in
from .types import Customer, Person

MAX_FAILED_LOGINS = 5
LOCK = timedelta(minutes=15)
NOWHERE = Origin()


async def login_staff(
    session: AsyncSession,
    signer: TokenSigner,
    vault: Vault,
    email: str,
    password: str,
    *,
    code: str = "",
    organization_id: UUID | None = None,
    origin: Origin = NOWHERE,
) -> TokenPair | None:
    """Sign a member of staff in; None for a wrong password, code or address, so that the failure counter can be
    committed.

    `code` is the second factor's six digits or a recovery code. Raises LimitReached `identity.login_locked` after too
    many failures in a row, Unauthenticated `identity.totp_required` when the password fits and a code is missing,
    Denied `identity.no_membership` when the account works nowhere.
    """
    staff = (
        await session.scalars(select(IdentityStaff).where(IdentityStaff.email == normal_email(email)).with_for_update())
    ).one_or_none()
    _refuse_locked(staff)
    if not await is_password(staff.password_hash if staff else None, password) or staff is None:
        _count_failure(staff)
        return None
    if staff.totp_enabled_at is not None:
        if not code:
            raise Unauthenticated("identity.totp_required", "Enter the code of your authenticator")
        if not second_factor.use_code(staff, vault, code):
            _count_failure(staff)
            return None
    staff.failed_logins = 0
    works = await access.memberships(session, staff.id)
    wanted = next((item for item in works if organization_id in {None, item.organization_id}), None)
    if wanted is None:
        raise Denied("identity.no_membership", "This account works for no organization here")
    staff.last_login_at = clock.now()
    locale = staff.locale or (await get_organization(session, wanted.organization_id)).default_locale
    await tell_of_sign_in(session, [item.id for item in works], staff.email, locale, origin)
    return await access.open_session(
        session, signer, wanted.organization_id, ActorKind.STAFF, wanted.id, access.STAFF_TTL, origin
    )


async def login_customer(
    session: AsyncSession,
    signer: TokenSigner,
    organization_id: UUID,
    email: str,
    password: str,
    *,
    origin: Origin = NOWHERE,
) -> TokenPair | None:
    """Sign a customer in; None for a wrong password or address. Raises LimitReached `identity.login_locked`."""
    row = (
        await session.scalars(
            select(IdentityCustomer)
            .where(IdentityCustomer.organization_id == organization_id, IdentityCustomer.email == normal_email(email))
            .with_for_update()
        )
    ).one_or_none()
    _refuse_locked(row)
    if not await is_password(row.password_hash if row else None, password) or row is None:
        _count_failure(row)
        return None
    row.failed_logins, row.seen_at = 0, clock.now()
    if row.email is not None:
        organization = await get_organization(session, organization_id)
        locale = row.locale or organization.default_locale
        await tell_of_sign_in(session, [row.id], row.email, locale, origin)
    return await access.open_session(
        session, signer, organization_id, ActorKind.CUSTOMER, row.id, access.CUSTOMER_TTL, origin
    )


async def is_staff_email(session: AsyncSession, email: str) -> bool:
    """Whether somebody of staff signs in with this address."""
    found = await session.scalar(select(IdentityStaff.id).where(IdentityStaff.email == normal_email(email)))
    return found is not None


async def login_telegram(
    session: AsyncSession,
    signer: TokenSigner,
    organization_id: UUID,
    bot_token: str,
    init_data: str,
    origin: Origin = NOWHERE,
) -> tuple[TokenPair, Customer]:
    """Sign a customer in by Mini App initData. Raises Unauthenticated `identity.init_data_invalid`."""
    return await _enter(session, signer, organization_id, check_init_data(init_data, bot_token), origin)


async def login_widget(
    session: AsyncSession,
    signer: TokenSigner,
    organization_id: UUID,
    bot_token: str,
    facts: dict[str, object],
    origin: Origin = NOWHERE,
) -> tuple[TokenPair, Customer]:
    """Sign a customer in by Telegram's Login Widget. Raises Unauthenticated `identity.init_data_invalid`."""
    return await _enter(session, signer, organization_id, check_login_widget(facts, bot_token), origin)


async def _enter(
    session: AsyncSession, signer: TokenSigner, organization_id: UUID, person: Person, origin: Origin
) -> tuple[TokenPair, Customer]:
    met = await ensure_customer(session, organization_id, person)
    row = await session.get_one(IdentityCustomer, met.id, populate_existing=True)
    row.seen_at = clock.now()
    await keep_photo(session, row, person)
    pair = await access.open_session(
        session, signer, organization_id, ActorKind.CUSTOMER, row.id, access.TELEGRAM_TTL, origin
    )
    return pair, customer_of(row)


def _refuse_locked(account: IdentityStaff | IdentityCustomer | None) -> None:
    if account is not None and account.locked_until and account.locked_until > clock.now():
        wait = int((account.locked_until - clock.now()).total_seconds()) + 1
        raise LimitReached("identity.login_locked", "Too many failed attempts", retry_after_s=wait)


def _count_failure(account: IdentityStaff | IdentityCustomer | None) -> None:
    if account is None:
        return
    account.failed_logins += 1
    if account.failed_logins >= MAX_FAILED_LOGINS:
        account.failed_logins = 0
        account.locked_until = clock.now() + LOCK
