"""Money that goes back, by the command line and by the REST API."""

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import Json, text_of
from tests.flows.steps import ask, at_shop, buy, choose, eventually, orders, tokens


async def test_a_refund_by_the_command_line(checked: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-6, RUN-3: the money goes back through YooKassa, what is left of the purchase's tokens is taken back."""
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone)
    await ask(phone, "Что такое двойная запись?")
    (order,) = await orders(checked, phone, http)
    made = await checked.command("refund", str(order["number"]), "--reason", "по просьбе")
    assert (made["status"], made["amount"], made["tokens_taken"]) == (
        "succeeded", {"units": 9800, "asset": "RUB"}, 149_000,
    )  # fmt: skip
    assert "98" in text_of(await phone.wait("Возврат"))
    await _is_refunded(checked, http, order, "98.00")
    assert await tokens(checked, phone, http) == (0, 0)
    again = await checked.command("refund", order["id"], "--reason", "ещё раз", code=2)
    assert again["code"] == "billing.not_refundable"


async def test_a_refund_by_rest_touches_its_purchase_only(checked: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-6: in parts, with the same key once; another purchase's tokens stay, and in the end all is refunded."""
    phone = await checked.meet(http)
    await buy(phone)
    await buy(phone, "eternal-150k")
    await choose(phone)
    await ask(phone, "Что такое сальдо?")
    assert await tokens(checked, phone, http) == (299_000, 0)
    eternal, weekly = await orders(checked, phone, http)
    staff = await checked.owner(http)
    part = {"amount": "49.00", "reason": "часть"}
    first = await _refund(checked, http, eternal, part, staff | {"Idempotency-Key": f"a-{phone.person}"})
    assert first["amount"] == {"units": 4900, "asset": "RUB"}
    assert first["tokens_taken"] == -(-150_000 * 4900 // 14900)
    assert await _refund(checked, http, eternal, part, staff | {"Idempotency-Key": f"a-{phone.person}"}) == first
    assert (await orders(checked, phone, http))[0]["status"] == "partially_refunded"
    await _is_refunded(checked, http, eternal, "49.00")
    rest = await _refund(checked, http, eternal, {"reason": "остаток"}, staff)
    assert rest["tokens_taken"] + first["tokens_taken"] == 150_000
    await _is_refunded(checked, http, eternal, "149.00")
    assert await tokens(checked, phone, http) == (149_000, 0)
    assert [order["status"] for order in await orders(checked, phone, http)] == ["refunded", "paid"]
    await _is_refunded(checked, http, weekly, "0.00")


async def test_a_refund_that_yookassa_refuses_leaves_the_purchase(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """BIL-6: when the provider cannot give the money back, the customer keeps the tokens."""
    phone = await checked.meet(http)
    await buy(phone)
    (order,) = await orders(checked, phone, http)
    await phone.fault("yookassa", "refund_canceled", times=1)
    made = await _refund(checked, http, order, {"reason": "x"}, await checked.owner(http))
    assert made["status"] == "failed"
    assert await tokens(checked, phone, http) == (150_000, 0)
    assert (await orders(checked, phone, http))[0]["status"] == "paid"


@pytest.mark.parametrize("units", [4900, 9800])
async def test_a_refund_in_the_shops_own_cabinet(
    checked: Installation, http: aiohttp.ClientSession, units: int
) -> None:
    """BIL-6: money that staff gave back at YooKassa itself is booked, and its tokens are taken back, once."""
    phone = await checked.meet(http)
    await buy(phone)
    (order,) = await orders(checked, phone, http)
    ref = await checked.value("select provider_ref from billing_payment where order_id = $1::uuid", order["id"])
    url = f"{checked.base}/sandbox/yookassa/v3/refunds"
    body = {"payment_id": ref, "amount": {"value": f"{units / 100:.2f}", "currency": "RUB"}}
    key = {"Idempotence-Key": f"cabinet-{phone.person}", "Authorization": aiohttp.encode_basic_auth("100500", "x")}
    async with http.post(url, json=body, headers=key) as answer:
        assert answer.status == 200, await answer.text()
    await phone.wait("Возврат")
    left = 150_000 - 150_000 * units // 9800
    await eventually(lambda: tokens(checked, phone, http), (left, 0))


@pytest.mark.parametrize("amount", [0, -1, 9801, "98.001", "ninety", True, {"units": 100, "asset": "USD"}])
async def test_impossible_amounts_are_refused(
    checked: Installation, http: aiohttp.ClientSession, amount: object
) -> None:
    """BIL-6: nothing, less than nothing, more than was paid, and what is no amount of roubles."""
    phone = await checked.meet(http)
    await buy(phone)
    (order,) = await orders(checked, phone, http)
    url = f"{checked.base}/api/v1/admin/payments/{order['payment']['id']}/refund"
    body = {"amount": amount, "reason": "x"}
    async with http.post(url, json=body, headers=await checked.owner(http)) as answer:
        assert answer.status == 422, await answer.text()
        assert set(await answer.json()) == {"code", "message", "details"}
    assert await tokens(checked, phone, http) == (150_000, 0)


async def _refund(
    place: Installation, http: aiohttp.ClientSession, order: Json, body: Json, headers: dict[str, str]
) -> Json:
    url = f"{place.base}/api/v1/admin/payments/{order['payment']['id']}/refund"
    async with http.post(url, json=body, headers=headers) as answer:
        assert answer.status == 201, await answer.text()
        return dict(await answer.json())


async def _is_refunded(place: Installation, http: aiohttp.ClientSession, order: Json, value: str) -> None:
    ref = await place.value("select provider_ref from billing_payment where order_id = $1::uuid", order["id"])
    assert (await at_shop(place, http, ref))["refunded_amount"] == {"value": value, "currency": "RUB"}
