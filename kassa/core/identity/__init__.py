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
from .people import count_customers, count_new, names_of
from .ports import Mailer, Site
from .privacy import link_telegram
from .second_factor import rotate_seeds
from .staff import create_staff, ensure_owner
from .types import Customer, Organization, Person

__all__ = [
    "DEFAULT_SLUG",
    "MEETING_ARGUMENTS",
    "PERSON_FACTS",
    "Customer",
    "Mailer",
    "Organization",
    "Person",
    "Site",
    "change_organization",
    "check_init_data",
    "check_login_widget",
    "check_third_party",
    "count_customers",
    "count_new",
    "create_organization",
    "create_staff",
    "default_organization",
    "ensure_customer",
    "ensure_owner",
    "find_organization",
    "get_customer",
    "get_organization",
    "level_of",
    "link_telegram",
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
    "recall_customer",
    "rotate_seeds",
    "set_level",
    "set_locale",
]
