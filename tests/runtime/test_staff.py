"""IDN-4, IDN-5, ADM-3: staff, roles, invitations, the second factor and the audit log over HTTP."""

import uuid
from io import BytesIO

import aiohttp
import openpyxl
import pyotp
import pypdf

from kassa.kit import clock
from tests.flows.installation import Installation
from tests.runtime.test_accounts import an_address, registered
from tests.runtime.web import Caller, mail_to, token_in

PASSWORD = "a-good-password"


async def hired(owner: Caller, role: str) -> tuple[Caller, dict[str, str]]:
    """A colleague with an account, signed in."""
    email = an_address()
    member = await owner.post("/admin/staff", {"email": email, "password": PASSWORD, "name": "Лев", "role": role})
    return await Caller(owner.http).login(email, PASSWORD), member


async def test_a_role_is_data(owner: Caller) -> None:
    """IDN-4: permissions are shown as a matrix and edited; the change counts from the next request on."""
    lev, member = await hired(owner, "analyst")
    me = await lev.get("/admin/me")
    assert (me["role"], me["email"]) == ("analyst", member["email"])
    assert await lev.refused("GET", "/admin/staff") == (403, "access.permission_denied")
    matrix = await owner.get("/admin/roles")
    analyst = next(item for item in matrix["roles"] if item["role"] == "analyst")
    allowed = {"permissions": [*analyst["permissions"], "identity.staff.view"]}
    await owner.put("/admin/roles/analyst", allowed)
    try:
        assert member["id"] in {item["id"] for item in (await lev.get("/admin/staff"))["items"]}
    finally:
        await owner.put("/admin/roles/analyst", {"permissions": analyst["default"]})
    assert await lev.refused("GET", "/admin/staff") == (403, "access.permission_denied")
    assert await owner.refused("PUT", "/admin/roles/owner", {"permissions": []}) == (403, "access.owner_fixed")
    entries = (await owner.get("/admin/audit?action=role.&limit=2"))["items"]
    assert entries[0]["after"]["permissions"] == sorted(analyst["default"])
    assert entries[0]["actor_label"] == "owner@example.com"
    assert entries[0]["origin"].startswith("http 127.0.0.1")


async def test_nobody_gives_what_they_do_not_have(owner: Caller) -> None:
    """IDN-4: an administrator makes no owner, changes no owner, and does not raise themselves."""
    boss, own = await hired(owner, "super_admin")
    someone = {"email": an_address(), "password": PASSWORD, "role": "owner"}
    assert await boss.refused("POST", "/admin/staff", someone) == (403, "identity.owners_only")
    me = (await owner.get("/admin/me"))["id"]
    assert await boss.refused("PUT", f"/admin/staff/{me}", {"role": "analyst"}) == (403, "identity.owners_only")
    assert await boss.refused("PUT", f"/admin/staff/{own['id']}", {"role": "admin"}) == (
        403, "identity.own_membership",
    )  # fmt: skip
    assert await owner.refused("PUT", f"/admin/staff/{me}", {"is_disabled": True}) == (403, "identity.own_membership")


async def test_a_closed_membership_ends_at_once(owner: Caller) -> None:
    """IDN-4: sessions end with the membership, and nobody signs in to it again until it is opened."""
    lev, member = await hired(owner, "moderator")
    await owner.put(f"/admin/staff/{member['id']}", {"is_disabled": True, "reason": "left"})
    assert (await lev.call("GET", "/admin/me"))[0] == 401
    login = {"email": member["email"], "password": PASSWORD}
    assert await Caller(owner.http).refused("POST", "/auth/login", login) == (403, "identity.no_membership")
    await owner.put(f"/admin/staff/{member['id']}", {"is_disabled": False})
    assert (await Caller(owner.http).login(member["email"], PASSWORD)).token


async def test_an_invitation_comes_by_mail_and_works_once(owner: Caller, http: aiohttp.ClientSession) -> None:
    """IDN-5: members are invited; a withdrawn or used invitation opens nothing."""
    email = an_address()
    made = await owner.post("/admin/invitations", {"email": email, "role": "support_agent"})
    token = token_in(await mail_to(http, email))
    assert made["link"].endswith(token)
    accepted = await Caller(http).post("/auth/invitation", {"token": token, "password": PASSWORD, "name": "Зоя"})
    assert (await Caller(http, accepted["access_token"]).get("/admin/me"))["role"] == "support_agent"
    again = {"token": token, "password": PASSWORD}
    assert await Caller(http).refused("POST", "/auth/invitation", again) == (422, "identity.invitation_invalid")
    other = await owner.post("/admin/invitations", {"email": an_address(), "role": "analyst"})
    await owner.call("DELETE", f"/admin/invitations/{other['id']}")
    withdrawn = {"token": other["link"].split("=")[1], "password": PASSWORD}
    assert await Caller(http).refused("POST", "/auth/invitation", withdrawn) == (422, "identity.invitation_invalid")


async def test_the_second_factor(owner: Caller, http: aiohttp.ClientSession, site: Installation) -> None:
    """IDN-4: TOTP for staff: each code once, recovery codes once, the seed encrypted, a reset by a colleague."""
    lev, member = await hired(owner, "admin")
    made = await lev.post("/admin/me/second-factor")
    assert made["qr_svg"].startswith("<svg")
    totp = pyotp.TOTP(made["secret"])
    wrong = await lev.refused("POST", "/admin/me/second-factor/confirm", {"code": "000000"})
    assert wrong == (422, "identity.totp_wrong")
    codes = (await lev.post("/admin/me/second-factor/confirm", {"code": totp.now()}))["recovery_codes"]
    stored = await site.value("select totp_encrypted from identity_staff where email = $1", member["email"])
    assert made["secret"] not in stored
    login = {"email": member["email"], "password": PASSWORD}
    assert await Caller(http).refused("POST", "/auth/login", login) == (401, "identity.totp_required")
    used = totp.at(clock.now())
    assert (await Caller(http).call("POST", "/auth/login", login | {"code": used}))[0] == 401, "a code works once"
    assert (await Caller(http).login(**login, code=codes[0])).token
    assert (await Caller(http).call("POST", "/auth/login", login | {"code": codes[0]}))[0] == 401
    await owner.post(f"/admin/staff/{member['id']}/second-factor/reset", {"reason": "lost phone"})
    assert (await lev.call("GET", "/admin/me"))[0] == 401
    assert (await Caller(http).login(**login)).token


async def test_a_service_key_does_what_its_scopes_say(owner: Caller, http: aiohttp.ClientSession) -> None:
    """IDN-8: keys of staff for scripts, limited to permissions the member has."""
    lev, _ = await hired(owner, "finance_admin")
    made = await lev.post("/auth/keys", {"name": "export", "scopes": ["identity.customers.view"]})
    key = Caller(http, made["secret"])
    assert "items" in await key.get("/admin/customers?limit=1")
    assert await key.refused("GET", "/admin/audit") == (403, "access.permission_denied")
    assert await lev.refused("POST", "/auth/keys", {"name": "x", "scopes": ["ai.edit"]}) == (
        422, "access.scope_unknown",
    )  # fmt: skip
    assert await key.refused("POST", "/admin/me/second-factor") == (403, "access.session_needed")


async def test_customers_are_found_paged_and_exported(owner: Caller, http: aiohttp.ClientSession) -> None:
    """ADM-3, USE-3: search, cursor paging, chosen fields, and the same list as CSV, XLSX and PDF."""
    mark = uuid.uuid4().hex[:8]
    for number in range(5):
        await registered(http, f"{mark}-{number}@example.com")
    seen: list[str] = []
    cursor = ""
    while True:
        page = await owner.get(f"/admin/customers?q={mark}&limit=2{cursor}")
        seen += [item["email"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"{mark}-{number}@example.com" for number in (4, 3, 2, 1, 0)]
    chosen = await owner.get(f"/admin/users?q={mark}&limit=1&fields=id,email")
    assert chosen["items"][0].keys() == {"id", "email"}
    assert await owner.refused("GET", "/admin/customers?fields=id,nonsense") == (422, "request.field_unknown")
    assert await owner.refused("GET", "/admin/customers?cursor=W10") == (422, "request.cursor_invalid")
    _, text = await owner.call("GET", f"/admin/customers/export?q={mark}&format=csv")
    assert text.decode("utf-8-sig").count(mark) >= 5
    _, book = await owner.call("GET", f"/admin/customers/export?q={mark}&format=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(book)).active
    assert sheet is not None
    assert (sheet.max_row, sheet.cell(1, 1).value) == (6, "id")
    _, paper = await owner.call("GET", f"/admin/customers/export?q={mark}&format=pdf")
    assert f"{mark}-0@example.com" in pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text().replace("\n", "")


async def test_signing_a_customer_out_is_audited(owner: Caller, http: aiohttp.ClientSession) -> None:
    """ADM-3: who, what, why; the customer's sessions and keys end at once."""
    vera, email = await registered(http)
    key = Caller(http, (await vera.post("/auth/keys", {"name": "k"}))["secret"])
    card = (await owner.get(f"/admin/customers?q={email}"))["items"][0]
    assert (await owner.post(f"/admin/customers/{card['id']}/sign-out", {"reason": "stolen phone"}))["sessions"] == 1
    assert (await vera.call("GET", "/auth/me"))[0] == 401
    assert await key.refused("GET", "/auth/me") == (401, "access.key_invalid")
    entry = (await owner.get(f"/admin/audit?subject_id={card['id']}"))["items"][0]
    assert (entry["action"], entry["reason"], entry["after"]) == (
        "customer.signed_out", "stolen phone", {"sessions": 1, "keys": 1},
    )  # fmt: skip
    changed = await owner.put(f"/admin/customers/{card['id']}", {"note": "calls at night"})
    assert changed["note"] == "calls at night"
