"""E-mail addresses and names as accounts hold them."""

import re

from kassa.kit.errors import Invalid

MAX_NAME = 100

_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f,;<>\"()]{1,64}@[^@\s\x00-\x1f\x7f,;<>\"()]{1,253}")


def normal_email(email: str) -> str:
    """The address by which an account is found: letters' case and spaces around do not matter."""
    return email.strip().lower().replace("\0", "")


def valid_email(email: str) -> str:
    """The same for an address that is to be kept. Raises Invalid `identity.email_invalid`."""
    normal = normal_email(email)
    if not _ADDRESS.fullmatch(normal) or "\0" in email or len(normal) > 254:
        raise Invalid("identity.email_invalid", "This is not an e-mail address", email=email[:254])
    return normal


def clean_name(name: str) -> str:
    """A name without control characters and needless spaces, cut to a length that fits everywhere."""
    printable = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(printable.split())[:MAX_NAME]
