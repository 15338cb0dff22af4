"""Where the customer's app is, and how a chat leads there."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

PATH = re.compile(r"(/[A-Za-z0-9-]+)*/?")
"""Pages of the app that a button may open: words of letters, digits and dashes. An underscore stands for the slash in
Telegram's links, so it is not one of them."""


@dataclass(frozen=True, slots=True)
class CustomerApp:
    """The app's address, whether Telegram opens it inside itself, and where Telegram signs people in for a site."""

    base_url: str
    is_mini_app: bool
    oauth_url: str

    def address(self, path: str, bot_id: UUID | None = None) -> str:
        """A page of the app; started by a bot it is told by which, because the bot's token proves who the person is."""
        query = f"?bot={bot_id}" if bot_id else ""
        return f"{self.base_url.rstrip('/')}{path or '/'}{query}"

    @property
    def is_reachable(self) -> bool:
        """Whether a link to it leads anywhere from another machine: Telegram refuses addresses such as localhost."""
        host = urlsplit(self.base_url).hostname or ""
        return "." in host and not host.startswith("127.")


def start_param_of(path: str) -> str:
    """A page as the parameter of a link: /orders/17 is orders_17."""
    return path.strip("/").replace("/", "_")


def path_of(start_param: str) -> str | None:
    """The page that a parameter names; None when it names none."""
    path = "/" + start_param.replace("_", "/")
    return path if PATH.fullmatch(path) else None
