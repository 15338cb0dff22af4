"""Where requests may go whose address a person typed: nowhere inside the operator's own network (SEC-1).

An address of the loopback, of a private network or of the link (169.254.169.254 tells clouds' secrets) is refused:
when it is saved, so that its author learns of it, and again at each connection, because a name may lead elsewhere
later. What the operator wrote into the settings is trusted, by host and port.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from kassa.kit.errors import Invalid

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The rule of this installation."""

    allow_private: bool = False
    trusted: frozenset[tuple[str, int]] = frozenset()
    """Hosts and ports that the settings name."""

    @classmethod
    def of(cls, allow_private: bool, urls: Iterable[str]) -> Self:
        """The rule with the hosts of these addresses trusted."""
        return cls(allow_private, frozenset(host_and_port(url) for url in urls if url))

    async def check(self, url: str) -> None:
        """Raise Invalid `outgoing.url_invalid`, `outgoing.host_unknown` or `outgoing.address_refused`."""
        host, port = host_and_port(url)
        if "@" in urlsplit(url).netloc:
            raise _invalid()
        if self.is_free(host, port):
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Invalid("outgoing.host_unknown", f"There is no host {host[:253]}", host=host[:253]) from error
        self.check_addresses(host, port, [str(entry[4][0]) for entry in found])

    def check_addresses(self, host: str, port: int, addresses: Iterable[str]) -> None:
        """Raise Invalid `outgoing.address_refused` when one of the host's addresses is not public."""
        if not self.is_free(host, port) and not all(is_public(address) for address in addresses):
            message = "This address is in a private network; KASSA_ALLOW_PRIVATE_ENDPOINTS=true allows it"
            raise Invalid("outgoing.address_refused", message, host=host)

    def is_free(self, host: str, port: int) -> bool:
        """Whether there is nothing to look up."""
        return self.allow_private or (host, port) in self.trusted


def host_and_port(url: str) -> tuple[str, int]:
    """Whom an address speaks to. Raises Invalid `outgoing.url_invalid`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _invalid() from error
    if parts.scheme not in PORTS or not host:
        raise _invalid()
    return host, port or PORTS[parts.scheme]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; IPv4 inside of IPv6 counts as what it is."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _invalid() -> Invalid:
    return Invalid(
        "outgoing.url_invalid", "An address begins with http:// or https:// and names a host, nobody's login"
    )
