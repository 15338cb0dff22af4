"""SEC-2: a person learns by mail of a sign-in from where they have not been before."""

import aiohttp

from tests.flows.installation import Installation
from tests.runtime.test_accounts import PASSWORD, registered
from tests.runtime.web import Caller, mail_to

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140", "141")
EVIL = "curl/8.5.0 <b>bold</b>"


async def _letters(site: Installation, http: aiohttp.ClientSession, address: str, subject: str) -> list[str]:
    """All of them, when nothing waits to be sent any more."""
    await site.until("select count(*) = 0 from pgqueuer where entrypoint = 'identity.send_mail'")
    async with http.get("/sandbox/api/mail", params={"to": address}) as answer:
        return [item["text"] for item in await answer.json() if subject in item["subject"]]


async def _sign_in(http: aiohttp.ClientSession, email: str, password: str, program: str, status: int = 200) -> None:
    body, headers = {"email": email, "password": password}, {"User-Agent": program}
    async with http.post("/api/v1/auth/login", json=body, headers=headers) as answer:
        assert answer.status == status, await answer.text()


async def test_a_customer_learns_of_a_new_program(site: Installation, http: aiohttp.ClientSession) -> None:
    """SEC-2: one letter for each new place; none for the first sign-in, a new version, or a wrong password."""
    _, email = await registered(http)  # with aiohttp: the first session
    await _sign_in(http, email, PASSWORD, FIREFOX)
    letter = await mail_to(http, email, "A new sign-in")
    assert "Address: 127.0.0.1" in letter["text"]
    assert f"Program: {FIREFOX}" in letter["text"]
    await _sign_in(http, email, PASSWORD, NEWER)
    await _sign_in(http, email, "a wrong password", EVIL, 401)
    await Caller(http).login(email, PASSWORD)
    await _sign_in(http, email, PASSWORD, EVIL)
    letters = await _letters(site, http, email, "A new sign-in")
    assert [EVIL in letter for letter in letters].count(True) == 1
    assert len(letters) == 2


async def test_staff_learn_of_it_in_their_language(site: Installation, http: aiohttp.ClientSession) -> None:
    """SEC-2: the same for the panel; the first sign-in of an account tells nobody."""
    email = "alerted@example.com"
    await site.command("staff", "create", email, "--role", "analyst", "--password", PASSWORD)
    await _sign_in(http, email, PASSWORD, FIREFOX)
    await _sign_in(http, email, PASSWORD, EVIL)
    letter = await mail_to(http, email, "Новый вход")
    assert "curl/8.5.0" in letter["text"]
    assert len(await _letters(site, http, email, "Новый вход")) == 1
