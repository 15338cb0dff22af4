"""The whole way of the money, told through the phone: buy, pay, ask, answer, and everything that goes wrong."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from kassa.core import i18n
from kassa.kit import clock
from tests.flows.installation import Installation
from tests.flows.phone import Phone, text_of
from tests.flows.steps import (
    account,
    answers,
    at_shop,
    buy,
    choose,
    eventually,
    has_button,
    last_id,
    order,
    orders,
    press,
    ref_of,
    tokens,
)

QUESTIONS = {"ru": "Как открыть кофейню?", "en": "How do I open a coffee shop?"}


@pytest.mark.parametrize(("language", "name"), [("ru", "Вера"), ("en", "Alice")])
async def test_from_start_to_an_answer(
    checked: Installation, http: aiohttp.ClientSession, language: str, name: str
) -> None:
    """CHN-2, CHN-3, BIL-1, PAY-1, PAY-2, AI-3: /start, buy, pay, balance with its term, an answer as it is written."""
    phone = await checked.meet(http, language=language, name=name)
    greeting = await phone.wait(name)
    assert ("Здравствуйте" if language == "ru" else "Hello") in text_of(greeting)
    url = await order(phone)
    found = (await orders(checked, phone, http))[0]
    assert (found["amount"], found["status"]) == ({"units": 9800, "asset": "RUB"}, "pending")
    assert await tokens(checked, phone, http) == (0, 0)
    assert await phone.pay(url) == 303
    paid = text_of(await phone.wait("✅"))
    assert ("150 000" if language == "ru" else "150,000") in paid.replace("\xa0", " ")
    assert (await at_shop(checked, http, ref_of(url)))["status"] == "succeeded"
    before = await last_id(phone)
    await phone.say("/balance")
    shown = text_of(await phone.wait("👛", after=before))
    assert i18n.date(clock.now() + timedelta(days=7), language) in shown
    await choose(phone)
    await phone.fault("openai", "slow", times=1, match="gpt-4o", chunk_delay_s=0.06)
    sent = await phone.say(QUESTIONS[language])
    drafts: set[str] = set()
    while not [message for message in await answers(phone) if message["message_id"] > sent["message_id"]]:
        draft = await phone.draft()
        drafts.add(str(draft["text"] if draft and "text" in draft else draft))
        await asyncio.sleep(0.1)
    assert len(drafts - {"None"}) >= 2, "the answer was not shown while it was written"
    await eventually(lambda: tokens(checked, phone, http), (149_000, 0))
    assert len(await answers(phone)) == 1
    assert await phone.draft() is None


async def test_a_declined_payment_costs_nothing_and_may_be_tried_again(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """PAY-1: a bank's refusal is told with its reason; the same plan can be bought after it."""
    phone = await checked.meet(http)
    assert await phone.pay(await order(phone), "decline", reason="insufficient_funds") == 303
    refused = await phone.wait("недостаточно денег")
    assert "не оплачен" in text_of(refused)
    assert await tokens(checked, phone, http) == (0, 0)
    assert (await orders(checked, phone, http))[0]["status"] == "failed"
    await press(phone, refused, "plan:tokens-7d-150k")
    assert "150" in text_of(await phone.wait(has_button("pay:tokens-7d-150k")))
    await buy(phone)
    assert await tokens(checked, phone, http) == (150_000, 0)


async def test_an_abandoned_page_gives_nothing_and_a_late_bank_gives_everything(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """PAY-1: without a payment nothing is given; a bank that takes its time is believed when it has decided."""
    phone = await checked.meet(http)
    await order(phone, "tokens-14d-250k")
    url = await order(phone)
    assert await phone.pay(url, "later", seconds="5") == 303
    await asyncio.sleep(0.5)
    assert await tokens(checked, phone, http) == (0, 0)
    await phone.wait("✅")
    assert await tokens(checked, phone, http) == (150_000, 0)
    assert [item["status"] for item in await orders(checked, phone, http)] == ["paid", "pending"]


async def test_an_empty_balance_asks_to_buy(checked: Installation, http: aiohttp.ClientSession) -> None:
    """AI-3: without tokens no model is asked, the price and the balance are told, and a button leads to buying."""
    phone = await checked.meet(http, language="en", name="Bob")
    await choose(phone)
    await phone.say("Is there life on Mars?")
    told = await phone.wait("Not enough tokens")
    assert "1,000" in text_of(told)
    assert has_button("buy:")(told)
    assert await answers(phone) == []
    assert await checked.value("select count(*) from ai_access_request where question like '%Mars%'") == 0


@pytest.mark.parametrize(
    ("model", "provider", "fault", "words"),
    [
        ("chatgpt-4-omni", "openai", "refusal", "отказалась"),
        ("deepseek", "deepseek", "500", "временно недоступна"),
        ("claude-sonnet", "anthropic", "timeout", "не ответила вовремя"),
        ("gemini-pro", "gemini", "empty", "пустой ответ"),
    ],
)
async def test_what_is_no_answer_costs_nothing(
    checked: Installation, http: aiohttp.ClientSession, model: str, provider: str, fault: str, words: str
) -> None:
    """AI-3: a refusal, an error, a time-out and an empty answer are told in words, and the hold goes back."""
    await checked.rows("update ai_endpoint set timeouts = '{\"first_byte_s\": 1}' where name = 'anthropic'")
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone, model)
    await phone.fault(provider, fault)
    await phone.say(f"Почему небо синее? {fault}")
    try:
        told = text_of(await phone.wait("Токены не списаны", timeout_s=30))
    finally:
        await phone.no_faults()
    assert words in told
    assert await tokens(checked, phone, http) == (150_000, 0)
    assert await answers(phone) == []
    assert (await account(checked, phone, http))["balances"][0]["grants"][0]["remaining"] == 150_000


async def test_stop_before_the_first_word_is_free_and_after_it_is_not(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """AI-3: Stop settles what was delivered: nothing for nothing, the price for a part of an answer."""
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone)
    await phone.fault("openai", "timeout", times=1, match="gpt-4o")
    await _stop_draft(phone, "Сколько звёзд на небе?", "")
    assert "не списаны" in text_of(await phone.wait("до начала ответа"))
    await eventually(lambda: tokens(checked, phone, http), (150_000, 0))
    await phone.fault("openai", "slow", times=1, match="gpt-4o", chunk_delay_s=0.3)
    await _stop_draft(phone, "Сколько планет у Солнца?", "Сколько")
    assert "1 000" in text_of(await phone.wait("Остановлено. За")).replace("\xa0", " ")
    await eventually(lambda: tokens(checked, phone, http), (149_000, 0))


async def _stop_draft(phone: Phone, question: str, wanted: str) -> None:
    """Ask, and press Stop under the draft once it shows what is wanted."""
    await phone.say(question)
    async with asyncio.timeout(30):
        while (draft := await phone.draft()) is None or wanted not in str(draft):  # noqa: ASYNC110 - seen over HTTP
            await asyncio.sleep(0.1)
    await phone.stop(draft["draft_id"])
