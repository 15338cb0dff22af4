"""Actors, roles and customers as they leave the module."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kassa.kit import crypto
from kassa.kit.errors import Denied


class Permission(StrEnum):
    """What a member of staff may be allowed to do."""

    PAYMENTS_VIEW = "billing.payments.view"
    REFUND = "billing.refund"
    PLANS_EDIT = "billing.plans.edit"
    BOTS_EDIT = "channels.bots.edit"
    TEXTS_EDIT = "i18n.texts.edit"
    AI_EDIT = "ai.edit"
    CUSTOMERS_VIEW = "identity.customers.view"
    LEDGER_CHECK = "ledger.check"
    STAFF_EDIT = "identity.staff.edit"


class Role(StrEnum):
    """Roles of staff. What each may do is ROLE_PERMISSIONS."""

    OWNER = "owner"
    ADMIN = "admin"
    FINANCE = "finance_admin"
    ANALYST = "analyst"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset(Permission) - {Permission.STAFF_EDIT},
    Role.FINANCE: frozenset(
        {Permission.PAYMENTS_VIEW, Permission.REFUND, Permission.CUSTOMERS_VIEW, Permission.LEDGER_CHECK}
    ),
    Role.ANALYST: frozenset({Permission.PAYMENTS_VIEW, Permission.CUSTOMERS_VIEW}),
}


class ActorKind(StrEnum):
    """Who acts."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for which organization, and with what permissions."""

    kind: ActorKind
    id: UUID
    organization_id: UUID
    permissions: frozenset[Permission] = field(default_factory=frozenset)

    def require(self, permission: Permission) -> None:
        """Raise Denied `identity.permission_denied` when the actor lacks the permission."""
        if self.kind is not ActorKind.SYSTEM and permission not in self.permissions:
            raise Denied("identity.permission_denied", "You may not do this", permission=permission.value)


@dataclass(frozen=True, slots=True)
class Organization:
    """The business that owns bots and customers."""

    id: UUID
    name: str
    default_locale: str


@dataclass(frozen=True, slots=True)
class Person:
    """What a channel tells about a person."""

    telegram_id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who buys. `locale` is their own choice; None follows their Telegram's language."""

    id: UUID
    number: int
    organization_id: UUID
    telegram_id: int | None
    name: str
    locale: str | None
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a sign-in gives: a short access token and a refresh token that works once."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Signs and checks access tokens; one secret key per installation, older ones still verify."""

    secret_keys: tuple[str, ...]

    def keys(self) -> list[bytes]:
        """Signing keys, the current first."""
        return [crypto.derive(key, "access-token") for key in self.secret_keys]
