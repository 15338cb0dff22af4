"""Webhooks and updates that come twice, late, in another order, from strangers, or not at all."""

import asyncio

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import Json, Phone, text_of
from tests.flows.steps import ask_the_poller, at_shop, eventually, order, orders, ref_of, tokens

ADDRESS = "/api/v1/webhooks/yookassa"


async def _paid_once(place: Installation, phone: Phone, http: aiohttp.ClientSession, ref: str) -> None:
    await phone.wait("✅")
    await place.until("select not exists (select 1 from billing_event where state = 'new')")
    assert await tokens(place, phone, http) == (150_000, 0)
    assert len([message for message in await phone.from_bot() if "✅" in text_of(message)]) == 1
    key = "pay:yookassa:" + ref
    assert await place.value("select count(*) from ledger_transaction where idempotency_key = $1", key) == 1


async def _notify(place: Installation, http: aiohttp.ClientSession, body: Json, address: str = "") -> int:
    headers = {"X-Forwarded-For": address} if address else {}
    async with http.post(place.base + ADDRESS, json=body, headers=headers) as answer:
        return answer.status


async def test_fifty_equal_webhooks_beside_the_poller(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1: fifty deliveries of one notification at once, while the poller asks too: one purchase."""
    phone = await checked.meet(http)
    url = await order(phone)
    await phone.fault("yookassa", "webhook_lost", times=1)
    await phone.pay(url)
    body = {"type": "notification", "event": "payment.succeeded", "object": await at_shop(checked, http, ref_of(url))}
    await ask_the_poller(checked, phone)
    assert set(await asyncio.gather(*(_notify(checked, http, body) for _ in range(50)))) == {200}
    await _paid_once(checked, phone, http, ref_of(url))
    assert await checked.value("select count(*) from billing_event where ref = $1", ref_of(url)) == 1
    await checked.until("select not exists (select 1 from billing_payment where next_check_at < now())")
    assert await tokens(checked, phone, http) == (150_000, 0)


async def test_a_lost_webhook_is_repaired(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1: nobody tells us, and the poller finds out by itself."""
    phone = await checked.meet(http)
    url = await order(phone)
    await phone.fault("yookassa", "webhook_lost", times=1)
    await phone.pay(url)
    await asyncio.sleep(0.5)
    assert await tokens(checked, phone, http) == (0, 0)
    await ask_the_poller(checked, phone)
    await _paid_once(checked, phone, http, ref_of(url))


@pytest.mark.parametrize("fault", ["webhook_doubled", "webhook_late", "webhook_tampered", "get_500"])
async def test_a_webhook_that_misbehaves(checked: Installation, http: aiohttp.ClientSession, fault: str) -> None:
    """PAY-1, SBX-1: doubled, late, with another amount in it, or with a shop that fails when asked: one purchase,
    for what the shop itself says was paid."""
    phone = await checked.meet(http)
    url = await order(phone)
    await phone.fault("yookassa", fault, times=1, match=ref_of(url), seconds=1)
    await phone.pay(url)
    await _paid_once(checked, phone, http, ref_of(url))


async def test_webhooks_in_another_order(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1: a payment's notification that is overtaken by its refund's: paid, then given back, both once."""
    phone = await checked.meet(http)
    url = await order(phone)
    await phone.fault("yookassa", "webhook_reordered", times=1, match=ref_of(url), seconds=3)
    await phone.pay(url)
    await ask_the_poller(checked, phone)
    await phone.wait("✅")
    (bought,) = await orders(checked, phone, http)
    refund = f"{checked.base}/api/v1/admin/payments/{bought['payment']['id']}/refund"
    async with http.post(refund, json={"reason": "x"}, headers=await checked.owner(http)) as answer:
        assert answer.status == 201
    seen = "select count(*) from billing_event e where e.ref = $1 and state <> 'new'"
    await checked.until(seen, ref_of(url))
    await phone.wait("Возврат")
    assert await tokens(checked, phone, http) == (0, 0)
    assert (await orders(checked, phone, http))[0]["status"] == "refunded"


async def test_an_answer_of_the_shop_that_never_came(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1: the shop made the payment and its answer was lost: the same payment is opened, not a second one."""
    phone = await checked.meet(http)
    await phone.fault("yookassa", "create_500", times=1, match="/payments", created=True)
    url = await order(phone)
    payment = (await orders(checked, phone, http))[0]["payment"]["id"]
    assert (await at_shop(checked, http, ref_of(url)))["metadata"]["payment_id"] == payment
    await phone.pay(url)
    await _paid_once(checked, phone, http, ref_of(url))


async def test_strangers_are_refused(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-2: a notification from any other address changes nothing, and the trusted proxy's word counts for it."""
    phone = await checked.meet(http)
    url = await order(phone)
    found = await at_shop(checked, http, ref_of(url))
    body = {"type": "notification", "event": "payment.succeeded", "object": found | {"status": "succeeded"}}
    for address in ("8.8.8.8", "185.71.76.5, 8.8.8.8", "not an address"):
        assert await _notify(checked, http, body, address) == 403, address
    assert await checked.value("select count(*) from billing_event where ref = $1", ref_of(url)) == 0
    assert await _notify(checked, http, body) == 200
    await checked.until("select state = 'done' from billing_event where ref = $1", ref_of(url))
    assert await tokens(checked, phone, http) == (0, 0)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"type":"notification"}', b"\xff\xfe", b'{"type":1,"event":[],"object":{"id":{}}}',
             b'{"type":"notification","event":"payment.succeeded","object":{"id":"../../me"}}', b"[" * 100_000]
)  # fmt: skip
async def test_malformed_notifications(checked: Installation, http: aiohttp.ClientSession, body: bytes) -> None:
    """PAY-1: what is no notification is refused with a code, and never an error of ours."""
    async with http.post(checked.base + ADDRESS, data=body) as answer:
        assert answer.status in (400, 422), await answer.text()
        assert (await answer.json())["code"] == "billing.malformed_webhook"


async def test_updates_that_come_twice_or_in_another_order(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-2: every message is answered once, whatever Telegram does with its updates."""
    phone = await checked.meet(http)
    await phone.fault("telegram", "update_doubled", times=3, match="message")
    for text in ("/help", "/menu", "/profile"):
        await phone.say(text)
    await phone.wait("👤")
    await phone.fault("telegram", "update_reordered", times=1, match="message", seconds=2)
    await phone.say("/settings")
    await phone.say("/language")
    await phone.wait("⚙️")
    await phone.wait("🌐")
    await asyncio.sleep(0.5)
    texts = [text_of(message) for message in await phone.from_bot()]
    assert [sum(mark in text for text in texts) for mark in ("/paysupport", "📋", "👤", "⚙️", "🌐")] == [1] * 5


async def test_a_shop_that_is_away_is_asked_again(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1: the customer is told once to be patient, and gets the link as soon as the shop answers."""
    phone = await checked.meet(http)
    await phone.fault("yookassa", "429", times=2, match="POST /payments")
    url = await order(phone)
    assert len([message for message in await phone.from_bot() if "не отвечает" in text_of(message)]) == 1
    await phone.pay(url)
    await eventually(lambda: tokens(checked, phone, http), (150_000, 0))
