"""HTTP to addresses that a person typed: every connection and every redirect is looked at before it is made."""

import ipaddress
import socket
from contextlib import suppress

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_middlewares import ClientHandlerType
from typing_extensions import override

from kassa.kit.errors import Invalid
from kassa.kit.outgoing import Outgoing


class Refused(aiohttp.ClientConnectionError):
    """The request was not made: its address is not public."""


class _Resolver(AbstractResolver):
    """Names, looked up once for each connection: what was looked at is what is connected to."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._resolver = aiohttp.ThreadedResolver()

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        _look(self._outgoing, host, port, [entry["host"] for entry in found])
        return found

    @override
    async def close(self) -> None:
        await self._resolver.close()


def guarded_session(outgoing: Outgoing) -> aiohttp.ClientSession:
    """A session with its own connections; to be closed by who asked for it."""

    async def look(request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
        # aiohttp resolves names only; addresses of figures are looked at here, for each redirect too.
        host = request.url.host or ""
        with suppress(ValueError):
            _look(outgoing, host, request.url.port or 0, [str(ipaddress.ip_address(host))])
        return await handler(request)

    connector = aiohttp.TCPConnector(
        limit=500, limit_per_host=200, keepalive_timeout=30, resolver=_Resolver(outgoing)
    )  # fmt: skip
    return aiohttp.ClientSession(connector=connector, middlewares=(look,), auto_decompress=True)


def _look(outgoing: Outgoing, host: str, port: int, addresses: list[str]) -> None:
    try:
        outgoing.check_addresses(host, port, addresses)
    except Invalid as error:
        raise Refused(f"{host}: not a public address") from error
