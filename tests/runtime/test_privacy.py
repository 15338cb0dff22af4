"""IDN-3, IDN-9: one person's data, told, forgotten, and brought together."""

import io
import json
import uuid
import zipfile
from typing import Any

import aiohttp

from tests.flows.installation import Installation
from tests.flows.phone import Phone, meet
from tests.flows.steps import ask, buy, choose, tokens
from tests.runtime.test_accounts import an_address, registered
from tests.runtime.test_files import upload
from tests.runtime.test_staff import hired
from tests.runtime.web import Caller

PASSWORD = "a-good-password"
SECRET = f"Тайный вопрос {uuid.uuid4().hex}"


async def full_customer(
    site: Installation, http: aiohttp.ClientSession, question: str = SECRET
) -> tuple[Phone, Caller]:
    """Somebody who bought, asked and uploaded."""
    phone = await meet(http, site.base, "neuro_demo_bot", name=f"Мила {uuid.uuid4().hex[:6]}")
    await buy(phone)
    await choose(phone, "chatgpt-4-omni-mini")
    await ask(phone, question)
    caller = Caller(http, (await site.customer(phone, http))["Authorization"].removeprefix("Bearer "))
    assert (await upload(caller, "note.txt", b"a private note", "text/plain"))[0] == 201
    return phone, caller


def opened(data: bytes) -> dict[str, Any]:
    """The files of an export."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


async def test_a_customer_takes_everything_along(
    site: Installation, http: aiohttp.ClientSession, owner: Caller
) -> None:
    """IDN-9: each module's part is in the archive; staff need the permission, and that they took it is audited."""
    _, mila = await full_customer(site, http)
    me = await mila.get("/auth/me")
    told = opened(await mila.get("/auth/export"))
    assert told["identity.json"]["number"] == me["number"]
    assert told["billing.json"]["orders"][0]["plan_slug"] == "tokens-7d-150k"
    assert told["ai_access.json"][0]["questions"][0]["question"] == SECRET
    assert told["files.json"][0]["name"] == "note.txt"
    assert told["ledger.json"]["balances"][0]["asset"] == "TOKEN"
    assert told["usage.json"][0]["model"] == "chatgpt-4-omni-mini"
    assert any(SECRET in json.dumps(item, ensure_ascii=False) for item in told["channels.json"]["received"])
    assert opened(await owner.get(f"/admin/customers/{me['id']}/data"))["identity.json"]["id"] == me["id"]
    entry = (await owner.get(f"/admin/audit?subject_id={me['id']}"))["items"][0]
    assert entry["action"] == "customer.exported"
    finance, _ = await hired(owner, "finance_admin")
    refused = await finance.refused("POST", f"/admin/customers/{me['id']}/erase", {"reason": "x"})
    assert refused == (403, "access.permission_denied")


async def test_a_customer_is_forgotten_and_the_books_stay(
    site: Installation, http: aiohttp.ClientSession, owner: Caller
) -> None:
    """IDN-9: name, words and files are gone from every table; orders and entries stay under the number."""
    secret = f"Очень тайный вопрос {uuid.uuid4().hex}"
    phone, mila = await full_customer(site, http, secret)
    await mila.post("/chat/messages", {"text": secret, "client_id": uuid.uuid4().hex})
    me = await mila.get("/auth/me")
    await site.until(
        "select not exists (select 1 from channel_update where state = 'new')"
        " and not exists (select 1 from ai_access_request where status in ('queued', 'running'))"
    )
    revenue = await site.value("select sum(amount) from ledger_entry")
    assert await mila.refused("POST", "/auth/erase", {"confirm": "no"}) == (422, "request.invalid")
    await mila.post("/auth/erase", {"confirm": "erase"})
    assert (await mila.call("GET", "/auth/me"))[0] == 401
    card = await owner.get(f"/admin/customers/{me['id']}")
    assert (card["name"], card["telegram_id"], card["email"]) == ("—", None, None)
    assert card["erased_at"]
    assert (await owner.get(f"/admin/orders?customer_id={me['id']}"))["items"][0]["status"] == "paid"
    assert await site.value("select sum(amount) from ledger_entry") == revenue
    for table in ("ai_access_request", "channel_update", "channel_message", "channel_web_message", "live_event"):
        left = await site.value(f"select count(*) from {table} t where t::text like $1", f"%{secret}%")
        assert left == 0, table
    assert await site.value("select count(*) from identity_customer t where t::text like $1", f"%{me['name']}%") == 0
    await site.check()
    again = await site.customer(phone, http)
    returned = await Caller(http, again["Authorization"].removeprefix("Bearer ")).get("/auth/me")
    assert returned["id"] != me["id"], "who comes back is somebody new"


async def test_two_accounts_of_one_person_become_one(
    site: Installation, http: aiohttp.ClientSession, owner: Caller
) -> None:
    """IDN-3: purchases, tokens with their terms, dialogs and files come along; the other account opens nothing."""
    phone, mila = await full_customer(site, http)
    spendable = (await tokens(site, phone, http))[0]
    web, email = await registered(http)
    signed = await phone.post("/init-data", {"bot": phone.bot["id"], "person": phone.person})
    link = {"init_data": signed["init_data"], "bot_id": str(phone.bot["id"])}
    await web.post("/auth/link/telegram", link)
    await web.post("/auth/link/telegram", link)  # the same once more changes nothing
    assert (await mila.call("GET", "/auth/me"))[0] == 401
    me = await web.get("/auth/me")
    assert (me["email"], me["telegram_id"]) == (email, phone.person)
    account = await web.get("/billing/account")
    assert account["balances"][0]["available"] == spendable
    assert account["balances"][0]["grants"][0]["expires_at"]
    assert (await web.get("/billing/history"))["items"][0]["plan"] == "tokens-7d-150k"
    assert [item["name"] for item in (await web.get("/files"))["items"]] == ["note.txt"]
    assert (await tokens(site, phone, http))[0] == spendable, "the bot knows the same person"
    await ask(phone, "And again?")
    order = (await web.get("/billing/history"))["items"][0]
    await owner.post(f"/admin/payments/{order['payment']['id']}/refund", {"reason": "a test"})
    assert (await web.get("/billing/account"))["balances"][0]["available"] == 0
    await site.check()
    stranger, _ = await registered(http)
    assert await stranger.refused("POST", "/auth/link/telegram", link) == (409, "identity.both_have_email")


async def test_a_visitor_s_chat_becomes_the_account_s(site: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-3, CHN-4: who signs in keeps what they had as a guest; a token of somebody else's account is not taken."""
    _, email = await registered(http)
    guest = Caller(http, (await Caller(http).post("/auth/guest", {}))["access_token"])
    assert (await upload(guest, "note.txt", b"of a guest", "text/plain"))[0] == 201
    body = {"email": email, "password": PASSWORD, "guest_token": guest.token}
    vera = Caller(http, (await Caller(http).post("/auth/login", body))["access_token"])
    assert [item["name"] for item in (await vera.get("/files"))["items"]] == ["note.txt"]
    assert (await guest.call("GET", "/auth/me"))[0] == 401
    other, _ = await registered(http, an_address())
    await Caller(http).post("/auth/login", body | {"guest_token": other.token})
    assert (await other.get("/auth/me"))["email"]
