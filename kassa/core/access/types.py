"""Actors, roles, permissions, sessions and keys as they leave the module."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kassa.kit import crypto
from kassa.kit.errors import Denied


class Permission(StrEnum):
    """What a member of staff may be allowed to do. The value is what the roles matrix stores."""

    DASHBOARD_VIEW = "usage.dashboard.view"
    REPORTS_EXPORT = "usage.reports.export"
    CUSTOMERS_VIEW = "identity.customers.view"
    CUSTOMERS_EDIT = "identity.customers.edit"
    CUSTOMERS_BAN = "identity.customers.ban"
    CUSTOMERS_ERASE = "identity.customers.erase"
    TOKENS_ADJUST = "ledger.tokens.adjust"
    DIALOGS_VIEW = "ai_access.dialogs.view"
    DIALOGS_READ = "ai_access.dialogs.read"
    PAYMENTS_VIEW = "billing.payments.view"
    REFUND = "billing.refund"
    REVIEWS_RESOLVE = "billing.reviews.resolve"
    PLANS_EDIT = "billing.plans.edit"
    BOTS_EDIT = "channels.bots.edit"
    TEXTS_EDIT = "i18n.texts.edit"
    AI_VIEW = "ai.view"
    AI_EDIT = "ai.edit"
    FILES_VIEW = "files.view"
    FILES_EDIT = "files.edit"
    POLICIES_VIEW = "policies.view"
    POLICIES_EDIT = "policies.edit"
    STAFF_VIEW = "identity.staff.view"
    STAFF_EDIT = "identity.staff.edit"
    ROLES_EDIT = "access.roles.edit"
    AUDIT_VIEW = "audit.view"
    LEDGER_CHECK = "ledger.check"
    OPERATIONS_VIEW = "operations.view"
    OPERATIONS_REPLAY = "operations.replay"
    SETTINGS_VIEW = "settings.view"
    SETTINGS_EDIT = "settings.edit"


class Role(StrEnum):
    """Roles of staff. What each may do at first is ROLE_PERMISSIONS; an organization edits it, but for the owner."""

    OWNER = "owner"
    SUPER_ADMIN = "super_admin"
    ADMIN = "admin"
    MODERATOR = "moderator"
    SUPPORT = "support_agent"
    FINANCE = "finance_admin"
    ANALYST = "analyst"


_P = Permission
_READ = frozenset(
    {
        _P.DASHBOARD_VIEW,
        _P.CUSTOMERS_VIEW,
        _P.PAYMENTS_VIEW,
        _P.DIALOGS_VIEW,
        _P.AI_VIEW,
        _P.POLICIES_VIEW,
        _P.FILES_VIEW,
    }
)
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.SUPER_ADMIN: frozenset(Permission) - {_P.ROLES_EDIT},
    Role.ADMIN: frozenset(Permission) - {_P.ROLES_EDIT, _P.STAFF_EDIT, _P.SETTINGS_EDIT, _P.CUSTOMERS_ERASE},
    Role.MODERATOR: _READ | {_P.CUSTOMERS_EDIT, _P.CUSTOMERS_BAN, _P.DIALOGS_READ, _P.FILES_EDIT, _P.POLICIES_EDIT},
    Role.SUPPORT: frozenset({_P.CUSTOMERS_VIEW, _P.CUSTOMERS_EDIT, _P.PAYMENTS_VIEW, _P.DIALOGS_VIEW, _P.FILES_VIEW}),
    Role.FINANCE: frozenset(
        {_P.DASHBOARD_VIEW, _P.REPORTS_EXPORT, _P.CUSTOMERS_VIEW, _P.PAYMENTS_VIEW, _P.REFUND, _P.REVIEWS_RESOLVE,
         _P.TOKENS_ADJUST, _P.LEDGER_CHECK}
    ),
    Role.ANALYST: _READ | {_P.REPORTS_EXPORT},
}  # fmt: skip


class ActorKind(StrEnum):
    """Who acts."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for which organization, with what permissions, and from where.

    `label` is what people call the actor (a member's e-mail), `origin` the edge and address it came from; both go
    into the audit log. An actor that came with an API key has `key_id` and the key's `scopes`.
    """

    kind: ActorKind
    id: UUID
    organization_id: UUID
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    session_id: UUID | None = None
    key_id: UUID | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    label: str = ""
    origin: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission."""
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Denied `access.permission_denied` when the actor lacks the permission."""
        if not self.may(permission):
            raise Denied("access.permission_denied", "You may not do this", permission=permission.value)

    def require_session(self) -> None:
        """Raise Denied `access.session_needed` for a key: who holds it must not change how its owner signs in."""
        if self.key_id is not None:
            raise Denied("access.session_needed", "Sign in for this: a key is not enough")

    def require_export(self) -> None:
        """Raise Denied when the actor may look at lists but not take them away as files."""
        self.require(Permission.REPORTS_EXPORT)


def system_actor(organization_id: UUID, origin: str = "system") -> Actor:
    """Kassa itself: jobs and the command line."""
    return Actor(ActorKind.SYSTEM, UUID(int=0), organization_id, label="kassa", origin=origin)


def customer_actor(organization_id: UUID, customer_id: UUID, origin: str = "") -> Actor:
    """A customer as the one who acts."""
    return Actor(ActorKind.CUSTOMER, customer_id, organization_id, origin=origin)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the caller's address and program."""

    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person who works for an organization, in one role."""

    id: UUID
    organization_id: UUID
    account_id: UUID
    role: Role
    label: str
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """An open sign-in, as its owner sees it."""

    id: UUID
    ip: str
    user_agent: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as its owner sees it: the secret was shown once, only its beginning is kept."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    last_used_at: datetime | None
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

    def refresh_key(self) -> bytes:
        """What refresh tokens follow one another by."""
        return crypto.derive(self.secret_keys[0], "refresh-token")
