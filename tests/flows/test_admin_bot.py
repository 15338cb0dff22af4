"""ADM-2: the panel in Telegram, through the sandbox's phone."""

import asyncio
import json

import aiohttp

from tests.flows.desk import Desk, force, number_of, staff, token_of
from tests.flows.installation import Installation
from tests.flows.phone import text_of
from tests.flows.steps import buttons, eventually, has_button, last_id


async def test_a_link_ties_a_telegram_once(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2, SEC-2: the link works once and in time; a letter and the audit log tell of it; the panel shows it."""
    desk = await staff(checked, http, tied=False)
    assert (await desk.call("GET", "/me/telegram"))[1]["telegram_id"] is None
    first = await desk.link()
    payload = await desk.link()
    assert "использована" in text_of(await desk.say(f"/start {first}", "🔗")), "a newer link ends the earlier one"
    welcome = await desk.say(f"/start {payload}", has_button("adm:menu"))
    assert desk.email in text_of(welcome)
    assert "использована" in text_of(await desk.say(f"/start {payload}", "использована"))
    state = (await desk.call("GET", "/me/telegram"))[1]
    assert state["telegram_id"] == desk.phone.person
    assert len(state["bots"]) == 2
    (entry,) = await desk.audited("staff.telegram_linked")
    assert json.loads(entry["after"])["telegram_id"] == desk.phone.person
    async with http.get(f"{checked.base}/sandbox/api/mail", params={"to": desk.email}) as answer:
        letters = [item["text"] for item in await answer.json()]
    assert [str(desk.phone.person) in letter for letter in letters] == [True]
    assert (await desk.call("POST", "/me/telegram", {}))[1]["code"] == "identity.telegram_set"


async def test_a_late_link_and_somebody_elses_telegram(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: after fifteen minutes a link is none; one Telegram is one member's, and one member has one Telegram."""
    late = await staff(checked, http, "support_agent", tied=False)
    payload = await late.link()
    await checked.rows("update identity_proof set expires_at = now() where purpose = 'telegram' and used_at is null")
    assert "устарела" in text_of(await late.say(f"/start {payload}", "🔗"))
    taken = await staff(checked, http, "support_agent", tied=False)
    other = await staff(checked, http, "analyst")
    other_phone, other.phone = other.phone, taken.phone
    taken.phone = other_phone
    assert "другому сотруднику" in text_of(await taken.say(f"/start {await taken.link()}", "🔗"))
    assert (await taken.call("GET", "/me/telegram"))[1]["telegram_id"] is None
    assert "использована" in text_of(await other.say("/start staff_made-up", "🔗"))


async def test_to_everybody_else_the_commands_do_not_exist(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: a customer's /admin is as unknown as /nonsense, in words and buttons, and no menu names it; a button that
    was meant for staff leads nowhere."""
    phone = await checked.meet(http)
    said = []
    for command in ("/nonsense", "/admin", "/stats", "/role", "/ban 1001", "/refund 1001"):
        before = await last_id(phone)
        await phone.say(command)
        answer = await phone.wait("Такой команды нет", after=before)
        said.append((text_of(answer), buttons(answer)))
    assert all(answer == said[0] for answer in said)
    for action in ("adm:menu", "adm:stats:7", "adm:do:1", "adm:ledger"):
        await force(phone, http, action)
    await asyncio.sleep(1)
    assert await checked.value("select count(*) from admin_bot_chat where telegram_id = $1", phone.person) == 0
    desk = await staff(checked, http)
    mine = await _menu_of(desk)
    assert mine[:5] == ["admin", "stats", "role", "ban", "refund"]
    assert "balance" in mine
    assert "admin" not in await _menu_of(desk, everybody=True)


async def test_a_role_is_offered_what_it_may_do(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2, IDN-4: an analyst looks and does not touch; a button pressed anyway is refused by the verb; a role that is
    changed and a membership that is closed count at the next press."""
    customer = await checked.meet(http)
    number = await number_of(checked, customer)
    desk = await staff(checked, http, "analyst")
    assert await _menu_of(desk) == ["admin", "stats", "role", *await _menu_of(desk, everybody=True)]
    menu = await desk.menu()
    offered = {button["callback_data"] for button in buttons(menu)}
    assert offered == {"adm:search", "adm:orders:", "adm:stats:7", "adm:cases", "adm:role"}
    card = await desk.card(number)
    assert not any(word in str(buttons(card)) for word in ("adm:ban", "adm:give", "adm:take", "adm:signout"))
    who = str(await checked.value("select id from identity_customer where number = $1", number)).replace("-", "")
    for action in (f"adm:ban:{who}", f"adm:give:{who}", f"adm:signout:{who}", "adm:health", "adm:ledger", "adm:errors"):
        before = await last_id(desk.phone)
        await force(desk.phone, http, action)
        await desk.phone.wait("Ваша роль этого не позволяет", after=before)
    for command in ("/ban", "/refund"):
        await desk.say(command, "Ваша роль этого не позволяет")
    assert await checked.value("select count(*) from policies_block") == 0

    owner = await checked.owner(http)
    member = await checked.value("select id::text from access_member where label = $1", desk.email)
    url = f"{checked.base}/api/v1/admin/staff/{member}"
    async with http.put(url, json={"role": "moderator", "reason": "x"}, headers=owner) as answer:
        assert answer.status == 200, await answer.text()
    assert has_button(f"adm:ban:{who}")(await desk.card(number))
    await eventually(lambda: _has_command(desk, "ban"), True)
    asked = await desk.say("/ban", has_button("adm:cancel"))
    async with http.put(url, json={"is_disabled": True, "reason": "x"}, headers=owner) as answer:
        assert answer.status == 200, await answer.text()
    await desk.say(str(number), "нет доступа")
    await desk.say("/admin", "Такой команды нет")
    assert asked
    await force(desk.phone, http, "adm:menu")
    await eventually(lambda: _has_command(desk, "admin"), False)


async def _menu_of(desk: Desk, *, everybody: bool = False) -> list[str]:
    """The commands in this member's menu, or in everybody's."""
    scope = None if everybody else {"type": "chat", "chat_id": desk.phone.person}
    token = await token_of(desk.phone, desk.http)
    for _ in range(100):
        url = f"{desk.place.base}/sandbox/telegram/bot{token}/getMyCommands"
        async with desk.http.post(url, json={"scope": scope} if scope else {}) as answer:
            found = [item["command"] for item in (await answer.json())["result"]]
        if found:
            return found
        await asyncio.sleep(0.1)
    return []


async def _has_command(desk: Desk, name: str) -> bool:
    scope = {"type": "chat", "chat_id": desk.phone.person}
    url = f"{desk.place.base}/sandbox/telegram/bot{await token_of(desk.phone, desk.http)}/getMyCommands"
    async with desk.http.post(url, json={"scope": scope}) as answer:
        return name in [item["command"] for item in (await answer.json())["result"]]
