"""SEC-1: requests to addresses that people type go to the public internet only."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from kassa.adapters.guarded_http import Refused, guarded_session
from kassa.kit.errors import Invalid
from kassa.kit.outgoing import Outgoing, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3",
     "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fd00::1", "fec0::1",
     "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::", "64:ff9b::a00:1",
     "64:ff9b::7f00:1", "2001:0:53aa:64c:0:0:f5ff:fffe", "localhost", ""],
)  # fmt: skip
def test_what_is_not_public(address: str) -> None:
    """SEC-1: loopback, private, link-local, shared, multicast, and IPv4 that hides in IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "149.154.167.99", "2a00:1450:4010:c05::65", "64:ff9b::808:808"])
def test_what_is_public(address: str) -> None:
    """SEC-1: the internet is."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "outgoing.address_refused"), ("https://localhost:8443/v1", "outgoing.address_refused"),
        ("http://[::1]/", "outgoing.address_refused"), ("http://2130706433/", "outgoing.address_refused"),
        ("http://0x7f.1/", "outgoing.address_refused"), ("http://169.254.169.254/latest", "outgoing.address_refused"),
        ("http://localhost./", "outgoing.address_refused"), ("file:///etc/passwd", "outgoing.url_invalid"),
        ("gopher://8.8.8.8/", "outgoing.url_invalid"), ("http://", "outgoing.url_invalid"),
        ("http://8.8.8.8:99999/", "outgoing.url_invalid"), ("http://[::1", "outgoing.url_invalid"),
        ("https://api.example@127.0.0.1/", "outgoing.url_invalid"),
    ],
)  # fmt: skip
async def test_addresses_are_refused_when_they_are_typed(url: str, code: str) -> None:
    """SEC-1: however the address is written."""
    with pytest.raises(Invalid) as caught:
        await Outgoing().check(url)
    assert caught.value.code == code


async def test_what_the_settings_name_or_allow_is_free() -> None:
    """SEC-1: the operator's own addresses are trusted by host and port, a neighbour on the same host is not."""
    outgoing = Outgoing.of(False, ["http://127.0.0.1:8000/v1", "https://10.0.0.7", ""])
    await outgoing.check("http://127.0.0.1:8000/other")
    await outgoing.check("https://10.0.0.7/v1")
    with pytest.raises(Invalid):
        await outgoing.check("http://127.0.0.1:5432/")
    await Outgoing(allow_private=True).check("http://192.168.0.5:11434/v1")


@pytest.fixture
async def inside() -> AsyncIterator[BaseTestServer]:
    """A server inside of the network, which nobody may be led to."""

    async def secret(_request: web.Request) -> web.Response:
        return web.Response(text="secret")

    async def away(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    app = web.Application()
    app.add_routes([web.get("/secret", secret), web.get("/away", away)])
    async with TestServer(app) as server:
        yield server


async def test_every_connection_is_looked_at_and_every_redirect(inside: BaseTestServer) -> None:
    """SEC-1: a name that leads inside later, an address of figures, and a redirect from a server that is trusted."""
    async with guarded_session(Outgoing()) as http:
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(Refused):
                await http.get(f"http://{host}:{inside.port}/secret")
    trusted = Outgoing.of(False, [f"http://127.0.0.1:{inside.port}"])
    async with guarded_session(trusted) as http:
        async with http.get(f"http://127.0.0.1:{inside.port}/secret") as answer:
            assert await answer.text() == "secret"
        for target in (f"http://localhost:{inside.port}/secret", "http://127.0.0.1:9/", "http://[::1]:9/"):
            with pytest.raises(aiohttp.ClientConnectionError) as caught:
                await http.get(f"http://127.0.0.1:{inside.port}/away", params={"to": target})
            assert isinstance(caught.value, Refused), target
