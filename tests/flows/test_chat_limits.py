"""Limits and blocks in a chat: told once, politely, with when to come back; then silence (POL-2, POL-3, POL-4)."""

import asyncio
import re
from uuid import UUID

import aiohttp
import yaml

from kassa.core import access, ledger, policies
from kassa.core.policies.rules import default_source
from kassa.kit.db import Database
from kassa.runtime.facts import Facts
from tests.flows.installation import Installation
from tests.flows.phone import Phone, text_of
from tests.flows.steps import account, answers, ask, buy, choose, eventually, last_id, tokens


async def customer_of(place: Installation, phone: Phone) -> tuple[UUID, UUID]:
    """The customer behind a phone, and the organization."""
    rows = await place.rows("select id, organization_id from identity_customer where telegram_id = $1", phone.person)
    return rows[0]["id"], rows[0]["organization_id"]


async def give_tokens(place: Installation, phone: Phone, units: int) -> None:
    """Tokens for nothing, as staff give them: they make nobody a buyer."""
    customer, organization = await customer_of(place, phone)
    database = Database(place.database_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await ledger.grant(session, organization, f"gift:{customer}", customer, units, source="gift",
                               reference="gift", expires_at=None)  # fmt: skip
    finally:
        await database.close()


async def silence(phone: Phone, text: str) -> None:
    """Say something and see that nothing is answered."""
    before = await last_id(phone)
    await phone.say(text)
    await asyncio.sleep(1.5)
    assert [text_of(m) for m in await phone.from_bot() if m["message_id"] > before] == []


async def test_the_sixth_question_of_a_free_customer(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-2: five questions an hour; the sixth is told when to come back, the seventh hears nothing, and nothing is
    charged for either. A purchase opens the next hundred at once."""
    phone = await checked.meet(http)
    await give_tokens(checked, phone, 100_000)
    await choose(phone, "chatgpt-4-omni-mini")
    for number in range(5):
        await ask(phone, f"вопрос {number}")
    left = await tokens(checked, phone, http)
    sent = await phone.say("шестой вопрос")
    told = text_of(await phone.wait("Следующий", after=sent["message_id"]))
    assert re.search("через (59|60) минут", told)
    await silence(phone, "седьмой вопрос")
    assert len(await answers(phone)) == 5
    assert await tokens(checked, phone, http) == left
    refused = await checked.rows("select rule, times, subject from policies_refusal where action = 'ai.request'")
    assert [(row["rule"], row["times"]) for row in refused] == [("ai-free", 2)]
    await buy(phone)
    await ask(phone, "теперь можно?")


async def test_who_is_blocked_is_told_once_and_gets_nothing(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-4, IDN-7: the reason, once; nothing in the chat, nothing over HTTP, and nothing for what was asked before."""
    phone = await checked.meet(http)
    headers = await checked.customer(phone, http)
    customer, organization = await customer_of(checked, phone)
    actor = access.system_actor(organization)
    database = Database(checked.database_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await policies.block(session, actor, reason="Перепродажа ответов", customer_id=customer)
        sent = await phone.say("/balance")
        told = text_of(await phone.wait("Доступ закрыт", after=sent["message_id"]))
        assert "Перепродажа ответов" in told
        await silence(phone, "почему?")
        async with http.get(f"{checked.base}/api/v1/billing/account", headers=headers) as answer:
            body = await answer.json()
            assert (answer.status, body["code"], body["message"]) == (403, "policies.blocked", "Перепродажа ответов")
        async with database.transaction() as session:
            assert await policies.unblock_customer(session, actor, customer, "Разобрались") == 1
    finally:
        await database.close()
    await phone.say("/balance")
    await phone.wait("На балансе")
    log = await checked.rows("select action, reason from audit_entry where subject_id = $1 order by id", str(customer))
    assert [tuple(row) for row in log] == [
        ("policies.blocked", "Перепродажа ответов"), ("policies.unblocked", "Разобрались"),
    ]  # fmt: skip


async def test_a_burst_of_messages_blocks_for_a_while(place_alone: Installation, http: aiohttp.ClientSession) -> None:
    """POL-4: more messages than anybody types: told once, blocked with a reason and an end, in the list of blocks."""
    rules = yaml.safe_load(default_source())
    spam = next(rule for rule in rules["rules"] if rule["name"] == "bot-spam")
    spam |= {"limits": ["12/10 minutes"], "block": "20 minutes"}
    phone = await place_alone.meet(http)
    customer, organization = await customer_of(place_alone, phone)
    database = Database(place_alone.database_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await policies.save_rules(session, access.system_actor(organization), yaml.safe_dump(rules), "smaller")
    finally:
        await database.close()
    for _ in range(20):
        await phone.say("/help")
    told = await phone.wait("Доступ временно закрыт")
    assert "через 20 минут" in text_of(told)
    await eventually(lambda: place_alone.value("select count(*) from channel_update where state = 'new'"), 0)
    assert sum("Доступ" in text_of(message) for message in await phone.from_bot()) == 1
    block = (await place_alone.rows("select * from policies_block"))[0]
    assert (block["customer_id"], block["rule"], block["lifted_at"]) == (customer, "bot-spam", None)
    assert 1100 < (block["until"] - block["created_at"]).total_seconds() <= 1200


async def test_an_api_plan_is_bought_and_owned(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-2, BIL-1: the daily API plan is on sale for roubles; its owner has 100 a day from then on."""
    phone = await checked.meet(http)
    told = text_of(await buy(phone, "api-daily"))
    assert "99" in told
    assert "ключ API" in told
    entitled = (await account(checked, phone, http))["entitlements"]
    assert [(item["kind"], item["plan"]) for item in entitled] == [("plan", "api-daily"), ("api", "api-daily")]
    customer, organization = await customer_of(checked, phone)
    database = Database(checked.database_url, pool_size=2)
    try:
        engine = policies.Policies(database, Facts(database, None))
        subject = policies.Subject(organization, policies.SubjectKind.CUSTOMER, customer)
        decision = await engine.decide("api.request", subject)
    finally:
        await database.close()
    assert isinstance(decision, policies.Allowed)
    assert [(budget.rule, budget.limit, budget.remaining) for budget in decision.budgets] == [
        ("api-plan-daily", 100, 99)
    ]
