"""What people do in a flow: buy, pay, choose a model, ask; and what they own afterwards."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.flows.installation import SHOP, Installation
from tests.flows.phone import Json, Phone, text_of

ANSWERED = ("Ответила модель", "Answered by")


def has_button(data: str) -> Callable[[Json], bool]:
    """Whether a message has a button with this action."""
    return lambda message: any(button.get("callback_data") == data for button in buttons(message))


def has_link(message: Json) -> bool:
    """Whether a message has a button that opens a page."""
    return any("url" in button for button in buttons(message))


def buttons(message: Json) -> list[Json]:
    """The buttons under a message."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def is_answer(message: Json) -> bool:
    """Whether a message is a model's answer."""
    return any(words in text_of(message) for words in ANSWERED)


async def press(phone: Phone, message: Json, data: str) -> None:
    """Press the button with this action."""
    assert has_button(data)(message), f"no button {data!r} under {text_of(message)!r}"
    await phone.press_action(message, data)


async def last_id(phone: Phone) -> int:
    """The newest message of the chat."""
    return max((message["message_id"] for message in await phone.messages()), default=0)


async def order(phone: Phone, plan: str = "tokens-7d-150k") -> str:
    """Choose a plan and press Pay; the address of the payment page."""
    before = await last_id(phone)
    await phone.say("/buy")
    await press(phone, await phone.wait(has_button(f"plan:{plan}"), after=before), f"plan:{plan}")
    await press(phone, await phone.wait(has_button(f"pay:{plan}"), after=before), f"pay:{plan}")
    link = await phone.wait(has_link, after=before)
    return str(next(button["url"] for button in buttons(link) if "url" in button))


async def buy(phone: Phone, plan: str = "tokens-7d-150k", method: str = "bank_card") -> Json:
    """Buy and pay; the message that says so."""
    before = await last_id(phone)
    assert await phone.pay(await order(phone, plan), method=method) == 303
    return await phone.wait("✅", after=before)


async def choose(phone: Phone, model: str = "chatgpt-4-omni") -> None:
    """Choose a model."""
    before = await last_id(phone)
    await phone.say("/models")
    listed = await phone.wait(has_button(f"model:{model}"), after=before)
    await press(phone, listed, f"model:{model}")
    await phone.wait(lambda message: any("●" in button["text"] for button in buttons(message)), after=before)


async def ask(phone: Phone, question: str, timeout_s: float = 30) -> Json:
    """Ask and wait for the answer."""
    sent = await phone.say(question)
    return await phone.wait(is_answer, timeout_s, after=sent["message_id"])


async def answers(phone: Phone) -> list[Json]:
    """Every answer in the chat."""
    return [message for message in await phone.from_bot() if is_answer(message)]


async def tokens(place: Installation, phone: Phone, http: aiohttp.ClientSession) -> tuple[int, int]:
    """What the person can spend, and what is held, as the REST API says."""
    balance = (await account(place, phone, http))["balances"][0]
    return balance["available"], balance["held"]


async def account(place: Installation, phone: Phone, http: aiohttp.ClientSession) -> Json:
    """The person's account as the REST API shows it."""
    headers = await place.customer(phone, http)
    async with http.get(f"{place.base}/api/v1/billing/account", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())


async def orders(place: Installation, phone: Phone, http: aiohttp.ClientSession) -> list[Json]:
    """The person's orders, newest first."""
    headers = await place.customer(phone, http)
    async with http.get(f"{place.base}/api/v1/billing/history", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return list((await answer.json())["items"])


async def at_shop(place: Installation, http: aiohttp.ClientSession, ref: str, what: str = "payments") -> Json:
    """A payment or refund as the shop has it."""
    async with http.get(f"{place.world}/sandbox/yookassa/v3/{what}/{ref}", headers=SHOP) as answer:
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())


def ref_of(url: str) -> str:
    """The shop's id of the payment behind a page."""
    return url.rstrip("/").rpartition("/")[2].partition("?")[0]


async def eventually(look: Callable[[], Awaitable[Any]], wanted: Any, timeout_s: float = 30) -> None:
    """Wait until a look shows what is wanted."""
    until = time.monotonic() + timeout_s
    while (seen := await look()) != wanted:
        assert time.monotonic() < until, f"{seen!r} is not {wanted!r}"
        await asyncio.sleep(0.1)


async def ask_the_poller(place: Installation, phone: Phone) -> None:
    """Let the poller look at this person's payments now and not in half a minute."""
    await place.rows(
        "update billing_payment p set next_check_at = now() from billing_order o"
        " where o.id = p.order_id and o.chat_id = $1 and p.status = 'pending'",
        phone.person,
    )
