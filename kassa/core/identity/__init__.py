"""People: organizations, their customers and staff, how they sign in and what is known of them.

Owns the tables `identity_*`. What a person may do is `kassa.core.access`'s.
"""

from .customers import (
    MEETING_ARGUMENTS,
    PERSON_FACTS,
    ensure_customer,
    get_customer,
    level_of,
    meet_customer,
    meeting_arguments,
    meeting_with,
    met_customer,
    recall_customer,
    set_level,
    set_locale,
)
from .guests import login_guest
from .init_data import check_init_data, check_login_widget, check_third_party
from .login import login_customer, login_staff, login_telegram, login_widget
from .organizations import (
    DEFAULT_SLUG,
    change_organization,
    create_organization,
    default_organization,
    find_organization,
    get_organization,
    list_organizations,
)
from .people import (
    CustomerCard,
    close_customer_sessions,
    count_customers,
    count_new,
    find_customers,
    get_card,
    names_of,
)
from .ports import Mailer, Site
from .privacy import link_telegram
from .second_factor import rotate_seeds
from .staff import create_staff, ensure_owner, own_account
from .staff_telegram import (
    StaffLinkChanged,
    StaffTelegram,
    begin_link,
    link_staff,
    linked_staff,
    staff_in_telegram,
    telegram_of,
    unlink_staff,
)
from .types import Customer, Organization, Person, PhotoChanged

__all__ = [
    "DEFAULT_SLUG",
    "MEETING_ARGUMENTS",
    "PERSON_FACTS",
    "Customer",
    "CustomerCard",
    "Mailer",
    "Organization",
    "Person",
    "PhotoChanged",
    "Site",
    "StaffLinkChanged",
    "StaffTelegram",
    "begin_link",
    "change_organization",
    "check_init_data",
    "check_login_widget",
    "check_third_party",
    "close_customer_sessions",
    "count_customers",
    "count_new",
    "create_organization",
    "create_staff",
    "default_organization",
    "ensure_customer",
    "ensure_owner",
    "find_customers",
    "find_organization",
    "get_card",
    "get_customer",
    "get_organization",
    "level_of",
    "link_staff",
    "link_telegram",
    "linked_staff",
    "list_organizations",
    "login_customer",
    "login_guest",
    "login_staff",
    "login_telegram",
    "login_widget",
    "meet_customer",
    "meeting_arguments",
    "meeting_with",
    "met_customer",
    "names_of",
    "own_account",
    "recall_customer",
    "rotate_seeds",
    "set_level",
    "set_locale",
    "staff_in_telegram",
    "telegram_of",
    "unlink_staff",
]
