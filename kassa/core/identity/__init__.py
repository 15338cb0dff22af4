"""Who is who: organizations, their customers and staff, sessions, and what each may do.

Owns the tables `identity_*`.
"""

from .api import AnyActor, CustomerActor, StaffActor
from .auth import (
    authenticate,
    create_staff,
    ensure_owner,
    login_staff,
    login_telegram,
    logout,
    refresh,
)
from .service import (
    customer_actor,
    default_organization,
    ensure_customer,
    get_customer,
    meet_customer,
    set_locale,
    system_actor,
)
from .types import Actor, ActorKind, Customer, Organization, Permission, Person, Role, TokenPair, TokenSigner

__all__ = [
    "Actor",
    "ActorKind",
    "AnyActor",
    "Customer",
    "CustomerActor",
    "Organization",
    "Permission",
    "Person",
    "Role",
    "StaffActor",
    "TokenPair",
    "TokenSigner",
    "authenticate",
    "create_staff",
    "customer_actor",
    "default_organization",
    "ensure_customer",
    "ensure_owner",
    "get_customer",
    "login_staff",
    "login_telegram",
    "logout",
    "meet_customer",
    "refresh",
    "set_locale",
    "system_actor",
]
