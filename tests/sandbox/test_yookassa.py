"""The emulated YooKassa behaves as the real one does: keys, errors, lists, two stages, notifications with retries."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kassa.kit import clock, ids
from kassa.sandbox.store import Store
from kassa.sandbox.yookassa.emulator import RETRIES_S
from tests.adapters.payments.yookassa_stand import ORDER, Client, Stand, stand, until


@pytest.fixture
def emulator() -> Iterator[Stand]:
    with stand() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, emulator: Stand) -> Client:
    return Client(session, emulator)


def url_of(payment: dict[str, Any]) -> str:
    return str(payment["confirmation"]["confirmation_url"])


async def test_ids_look_like_the_real_ones(client: Client) -> None:
    payment = await client.order()
    assert len(payment["id"]) == 36
    assert payment["id"][8:15] == "-000f-5"


async def test_a_key_gives_the_first_answer_for_a_day_and_refuses_another_body(client: Client) -> None:
    key = str(ids.new())
    _, first = await client.post("/payments", ORDER, key)
    assert await client.post("/payments", ORDER, key) == (200, first)
    status, refusal = await client.post("/payments", {**ORDER, "description": "other"}, key)
    assert (status, refusal["code"], refusal["parameter"]) == (400, "invalid_request", "Idempotence-Key")
    with clock.moved(timedelta(hours=25)):
        _, later = await client.post("/payments", ORDER, key)
    assert later["id"] != first["id"]


async def test_a_key_is_needed_and_has_a_form(session: aiohttp.ClientSession, emulator: Stand) -> None:
    headers = {"Authorization": aiohttp.encode_basic_auth("1", "2")}
    for bad in ({}, {"Idempotence-Key": "x" * 65}, {"Idempotence-Key": "with space"}):
        async with session.post(f"{emulator.api_url}/payments", json=ORDER, headers={**headers, **bad}) as answer:
            assert answer.status == 400
            assert (await answer.json())["parameter"] == "Idempotence-Key"


async def test_credentials_are_needed(session: aiohttp.ClientSession, emulator: Stand) -> None:
    for authorization in ("", "Bearer x", "Basic ???", aiohttp.encode_basic_auth("", "x")):
        async with session.get(f"{emulator.api_url}/me", headers={"Authorization": authorization}) as answer:
            assert answer.status == 401
            assert (await answer.json())["code"] == "invalid_credentials"


async def test_another_shops_objects_do_not_exist(
    client: Client, session: aiohttp.ClientSession, emulator: Stand
) -> None:
    payment = await client.order()
    stranger = Client(session, emulator, shop="999")
    assert (await stranger.get(f"/payments/{payment['id']}"))[0] == 404
    assert (await stranger.post(f"/payments/{payment['id']}/capture", {}))[0] == 404
    assert (await stranger.get("/payments"))[1]["items"] == []


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"amount": None}, "amount"),
        ({"amount": {"value": "0.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "-5.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "5.001", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": 5, "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "5.00", "currency": "XTR"}}, "amount.currency"),
        ({"confirmation": None}, "confirmation"),
        ({"confirmation": {"type": "fax"}}, "confirmation.type"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"confirmation": {"type": "redirect", "return_url": "javascript:alert(1)"}}, "confirmation.return_url"),
        ({"description": "x" * 129}, "description"),
        ({"capture": "yes"}, "capture"),
        ({"metadata": {"key": 7}}, "metadata"),
        ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
        ({"payment_method_data": {"type": "gold"}}, "payment_method_data.type"),
        ({"payment_method_id": "unknown"}, "payment_method_id"),
        ({"receipt": {}}, "receipt.items"),
    ],
)
async def test_wrong_requests_are_refused_by_parameter(client: Client, change: dict[str, Any], parameter: str) -> None:
    status, refusal = await client.post("/payments", {**ORDER, **change})
    assert (status, refusal["type"], refusal["code"]) == (400, "error", "invalid_request")
    assert refusal["parameter"] == parameter


async def test_unknown_addresses_and_methods_answer_as_errors_do(client: Client) -> None:
    assert (await client.get("/nothing"))[1]["type"] == "error"
    assert (await client.post("/me", {}))[0] == 405


async def test_two_stages(client: Client, emulator: Stand) -> None:
    payment = await client.order(capture=False)
    await emulator.press(url_of(payment), "pay")
    _, held = await client.get(f"/payments/{payment['id']}")
    assert (held["status"], held["paid"], held["refundable"]) == ("waiting_for_capture", True, False)
    assert "expires_at" in held
    too_much = {"amount": {"value": "597.01", "currency": "RUB"}}
    assert (await client.post(f"/payments/{payment['id']}/capture", too_much))[0] == 400
    part = {"amount": {"value": "100.00", "currency": "RUB"}}
    _, captured = await client.post(f"/payments/{payment['id']}/capture", part)
    assert (captured["status"], captured["amount"], captured["income_amount"]["value"]) == (
        "succeeded", part["amount"], "96.50",
    )  # fmt: skip
    events = [one.body["event"] for one in await emulator.notified(2)]
    assert sorted(events) == ["payment.succeeded", "payment.waiting_for_capture"]


async def test_held_money_may_be_released(client: Client, emulator: Stand) -> None:
    payment = await client.order(capture=False)
    assert (await client.post(f"/payments/{payment['id']}/cancel", {}))[0] == 400
    await emulator.press(url_of(payment), "pay")
    _, canceled = await client.post(f"/payments/{payment['id']}/cancel", {})
    assert canceled["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}


async def test_an_unconfirmed_payment_expires_after_an_hour(client: Client, emulator: Stand) -> None:
    payment = await client.order()
    with clock.moved(timedelta(minutes=61)):
        (notification,) = await emulator.notified(1)
    assert notification.body["event"] == "payment.canceled"
    assert notification.body["object"]["cancellation_details"]["reason"] == "expired_on_confirmation"
    assert (await client.get(f"/payments/{payment['id']}"))[1]["status"] == "canceled"


async def test_lists_go_by_pages_newest_first(client: Client) -> None:
    made = [(await client.order())["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        _, listed = await client.get("/payments?limit=2" + (f"&cursor={cursor}" if cursor else ""))
        assert listed["type"] == "list"
        assert 1 <= len(listed["items"]) <= 2
        seen += [payment["id"] for payment in listed["items"]]
        cursor = listed.get("next_cursor")
    assert seen == made[::-1]
    assert (await client.get("/payments?status=succeeded"))[1]["items"] == []
    assert (await client.get("/payments?created_at.gt=2100-01-01T00:00:00.000Z"))[1]["items"] == []
    assert (await client.get("/payments?limit=0"))[1]["parameter"] == "limit"
    assert (await client.get("/payments?cursor=x"))[1]["parameter"] == "cursor"


def _is_planned(emulator: Stand, attempt: int) -> bool:
    return any(task.get("attempt") == attempt - 1 for _, task in emulator.store.all("yookassa.tasks"))


async def test_notifications_are_repeated_until_the_shop_says_200(client: Client, emulator: Stand) -> None:
    emulator.webhook_statuses += [500, 404, 204]
    payment = await client.order()
    await emulator.press(url_of(payment), "pay")
    await emulator.notified(1)
    moved = timedelta()
    for attempt, delay_s in enumerate(RETRIES_S[:3], start=2):
        # The next attempt is planned when this one is answered, by the clock of that moment.
        await until(partial(_is_planned, emulator, attempt))
        moved += timedelta(seconds=delay_s)
        with clock.moved(moved):
            await emulator.notified(attempt)
    assert len({one.raw for one in emulator.notifications}) == 1
    with clock.moved(timedelta(days=2)):
        await asyncio.sleep(1.2)
    assert len(emulator.notifications) == 4


async def test_faults_of_notifications(client: Client, emulator: Stand) -> None:
    emulator.fault("webhook_lost")
    lost = await client.order()
    await emulator.press(url_of(lost), "pay")

    emulator.fault("webhook_reordered", seconds=30)
    first, second = await client.order(), await client.order()
    await emulator.press(url_of(first), "pay")
    await emulator.press(url_of(second), "pay")
    order = [one.body["object"]["id"] for one in await emulator.notified(2)]
    assert order == [second["id"], first["id"]]

    emulator.fault("webhook_late", seconds=600)
    late = await client.order()
    await emulator.press(url_of(late), "pay")
    await asyncio.sleep(0.2)
    assert len(emulator.notifications) == 2
    with clock.moved(timedelta(seconds=601)):
        assert (await emulator.notified(3))[2].body["object"]["id"] == late["id"]


async def test_what_is_owed_survives_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    file = tmp_path / "sandbox.sqlite3"
    store = Store(file)
    with stand(store) as running:
        running.webhook_statuses.append(503)
        client = Client(session, running)
        payment, later = await client.order(), await client.order()
        await running.press(url_of(payment), "pay")
        await running.press(url_of(later), "later", seconds="60", method="sbp")
        await running.notified(1)
    store.close()

    store = Store(file)
    with stand(store) as running, clock.moved(timedelta(seconds=61)):
        client = Client(session, running)
        assert (await client.get(f"/payments/{payment['id']}"))[1]["status"] == "succeeded"
        told = {one.body["object"]["id"] for one in await running.notified(2)}
        assert told == {payment["id"], later["id"]}
        _, paid = await client.get(f"/payments/{later['id']}")
        assert (paid["status"], paid["payment_method"]["type"]) == ("succeeded", "sbp")
    store.close()


async def page(session: aiohttp.ClientSession, url: str, **headers: str) -> str:
    async with session.get(url, headers=headers) as answer:
        return await answer.text()


async def test_the_payment_page_speaks_the_payers_language(client: Client, session: aiohttp.ClientSession) -> None:
    url = url_of(await client.order())
    russian = await page(session, url, **{"Accept-Language": "ru-RU,ru;q=0.9"})
    assert 'lang="ru"' in russian
    assert "597,00 ₽" in russian
    assert "Песочница" in russian
    english = await page(session, url, **{"Accept-Language": "en-US"})
    assert "597.00 ₽" in english
    assert "Sandbox" in english
    assert "Песочница" in await page(session, f"{url}?lang=ru", **{"Accept-Language": "en"})
    shop_decides = url_of(await client.order(confirmation={**ORDER["confirmation"], "locale": "en_US"}))
    assert "Sandbox" in await page(session, shop_decides, **{"Accept-Language": "ru"})


async def test_the_payment_page_leads_back(client: Client, emulator: Stand, session: aiohttp.ClientSession) -> None:
    payment = await client.order(description="<script>alert(1)</script>")
    url = url_of(payment)
    shown = await page(session, url)
    assert "<script>alert" not in shown
    assert 'href="https://example.com/thanks" data-leave data-test="leave"' in shown
    paid = await emulator.press(f"{url}?lang=en", "pay")
    assert "Payment successful" in paid
    assert 'href="https://example.com/thanks" data-leave data-test="return"' in paid
    assert "kassa-open-url" in paid
    assert "Payment successful" in await emulator.press(f"{url}?lang=en", "decline")
    async with session.get(url.replace(payment["id"], "nothing")) as missing:
        assert missing.status == 404


async def test_paying_later_waits_for_the_bank(client: Client, emulator: Stand) -> None:
    payment = await client.order()
    waiting = await emulator.press(f"{url_of(payment)}?lang=en", "later", seconds="1", method="sbp")
    assert "Waiting for the bank" in waiting
    await until(lambda: bool(emulator.notifications))
    assert emulator.notifications[0].body["object"]["payment_method"]["type"] == "sbp"


async def test_a_decline_may_be_ordered_beforehand(client: Client, emulator: Stand) -> None:
    emulator.fault("decline", reason="fraud_suspected")
    payment = await client.order()
    assert "Fraud suspected" in await emulator.press(f"{url_of(payment)}?lang=en", "pay")
    await emulator.notified(1)
    assert emulator.notifications[0].body["event"] == "payment.canceled"
