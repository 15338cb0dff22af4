"""A member of staff with the panel in their Telegram: what flows of staff are told with."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from kassa.kit import ids
from tests.flows.installation import Installation
from tests.flows.phone import Phone, meet, text_of
from tests.flows.steps import buttons, has_button, last_id, press

Json = dict[str, Any]
PASSWORD = "a-good-password"


@dataclass
class Desk:
    """Somebody of staff: their account, and their phone in a chat with one of the bots."""

    place: Installation
    http: aiohttp.ClientSession
    phone: Phone
    email: str
    headers: dict[str, str]

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Json]:
        """The panel's REST, by the same member."""
        url = f"{self.place.base}/api/v1/admin{path}"
        async with self.http.request(method, url, json=body, headers=self.headers) as answer:
            body = await answer.json() if answer.content_type == "application/json" else None
            return answer.status, dict(body or {})

    async def link(self, **body: Any) -> str:
        """A fresh link's payload: what follows /start."""
        status, made = await self.call("POST", "/me/telegram", body)
        assert status == 201, made
        return str(made["url"]).partition("?start=")[2]

    async def tie(self) -> Json:
        """Link this phone; the bot's answer."""
        return await self.say(f"/start {await self.link()}", has_button("adm:menu"))

    async def say(self, text: str, wanted: Any) -> Json:
        """Write, and wait for the answer that fits."""
        before = await last_id(self.phone)
        await self.phone.say(text)
        return await self.phone.wait(wanted, after=before)

    async def press(self, message: Json, data: str, wanted: Any) -> Json:
        """Press a button; the message that fits, the changed one too."""
        await press(self.phone, message, data)
        return await self.phone.wait(wanted, after=message["message_id"] - 1)

    async def button(self, message: Json, prefix: str) -> str:
        """The action of the button that begins so."""
        found = [str(item["callback_data"]) for item in buttons(message) if "callback_data" in item]
        return next(action for action in found if action.startswith(prefix))

    async def deed(self, message: Json, data: str, *answers: str) -> Json:
        """Press a danger's button, give what is asked for (the reason last); the confirmation."""
        before = await last_id(self.phone)
        await press(self.phone, message, data)
        for answer in answers:
            await self.phone.wait(has_button("adm:cancel"), after=before)
            before = await last_id(self.phone)
            await self.phone.say(answer)
        return await self.phone.wait(lambda shown: any("adm:do:" in str(b) for b in buttons(shown)), after=before)

    async def confirm(self, message: Json, wanted: Any) -> Json:
        """Press the button that does it."""
        return await self.press(message, await self.button(message, "adm:do:"), wanted)

    async def menu(self) -> Json:
        """/admin."""
        return await self.say("/admin", has_button("adm:role"))

    async def card(self, number: int) -> Json:
        """The card of a customer, found by number."""
        asked = await self.press(await self.menu(), "adm:search", has_button("adm:cancel"))
        assert asked
        return await self.say(str(number), lambda shown: f"№ {number}" in text_of(shown) and "👛" in text_of(shown))

    async def audited(self, action: str) -> list[Json]:
        """What the audit log has of this member's Telegram, the newest first."""
        rows = await self.place.rows(
            "select subject_id, reason, before::text, after::text from audit_entry"
            " where actor_label = $1 and action = $2 and origin = 'telegram' order by created_at desc",
            self.email, action,
        )  # fmt: skip
        return [dict(row) for row in rows]


async def staff(
    place: Installation, http: aiohttp.ClientSession, role: str = "owner", *, bot: str = "neuro_demo_bot",
    language: str = "ru", tied: bool = True,
) -> Desk:  # fmt: skip
    """Somebody new of this role, who has a phone that is linked already unless told otherwise."""
    email = f"{role}-{ids.new().hex[-10:]}@example.com"
    account = {"email": email, "password": PASSWORD, "role": role, "name": "Лев"}
    owner = await place.owner(http)
    async with http.post(f"{place.base}/api/v1/admin/staff", json=account, headers=owner) as answer:
        assert answer.status == 201, await answer.text()
    body = {"email": email, "password": PASSWORD}
    async with http.post(f"{place.base}/api/v1/auth/login", json=body) as answer:
        assert answer.status == 200, await answer.text()
        headers = {"Authorization": f"Bearer {(await answer.json())['access_token']}"}
    phone = await meet(http, place.world, bot, language, "Лев")
    await phone.say("/start")
    await phone.wait("/balance")
    made = Desk(place, http, phone, email, headers)
    if tied:
        await made.tie()
    return made


async def number_of(place: Installation, phone: Phone) -> int:
    """The customer's number of whoever holds a phone."""
    return int(await place.value("select number from identity_customer where telegram_id = $1", phone.person))


async def token_of(phone: Phone, http: aiohttp.ClientSession) -> str:
    """The token of the phone's bot."""
    async with http.get(f"{phone.base}/sandbox/api/bots") as answer:
        return str(next(bot["token"] for bot in await answer.json() if bot["id"] == phone.bot["id"]))


async def force(phone: Phone, http: aiohttp.ClientSession, action: str) -> None:
    """Press a button that the bot did not offer, as a program that speaks for a phone can."""
    keyboard = {"inline_keyboard": [[{"text": "?", "callback_data": action}]]}
    body = {"chat_id": phone.person, "text": "?", "reply_markup": keyboard}
    url = f"{phone.base}/sandbox/telegram/bot{await token_of(phone, http)}/sendMessage"
    async with http.post(url, json=body) as answer:
        assert answer.status == 200, await answer.text()
        sent = (await answer.json())["result"]
    await phone.press_action(sent, action)
