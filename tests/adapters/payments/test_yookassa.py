"""What is particular about YooKassa: who may call, answers without an answer, and its own SDK as an oracle."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yookassa import Configuration, Payment, Refund, Settings
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError

from kassa.core.billing import EventSubject, Outcome, PaymentRequest, RefundRequest
from kassa.kit import ids
from kassa.kit.errors import Denied, Invalid, Unavailable
from kassa.kit.money import Money
from tests.adapters.payments.yookassa_stand import Stand, shop, stand

RECEIPT: dict[str, Any] = {
    "customer": {"email": "buyer@example.com"},
    "items": [
        {
            "description": "150 000 токенов",
            "quantity": 1,
            "amount": {"value": "149.00", "currency": "RUB"},
            "vat_code": 1,
            "payment_subject": "service",
            "payment_mode": "full_payment",
        }
    ],
}
BODY = b'{"type":"notification","event":"payment.succeeded","object":{"id":"22d6d597-000f-5000-9000-145f6df21d6f"}}'


@pytest.fixture
def emulator() -> Iterator[Stand]:
    with stand() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def request(**fields: Any) -> PaymentRequest:
    facts: dict[str, Any] = {"amount": Money(14900, "RUB"), "description": "150 000 токенов"}
    return PaymentRequest(ids.new(), ids.new(), return_url="https://example.com/", **{**facts, **fields})


@pytest.mark.parametrize(
    ("remote_ip", "trusted"),
    [
        ("185.71.76.0", True),
        ("185.71.76.31", True),
        ("185.71.76.32", False),
        ("185.71.77.15", True),
        ("77.75.153.127", True),
        ("77.75.153.128", False),
        ("77.75.156.11", True),
        ("77.75.156.12", False),
        ("77.75.156.35", True),
        ("77.75.154.128", True),
        ("77.75.154.127", False),
        ("2a02:5180::1", True),
        ("2a02:5180:ffff::", True),
        ("2a02:5181::1", False),
        ("::ffff:185.71.76.5", True),
        ("::ffff:185.71.75.5", False),
        ("127.0.0.1", False),
    ],
)
async def test_only_the_vendors_networks_may_call(
    session: aiohttp.ClientSession, remote_ip: str, trusted: bool
) -> None:
    yookassa = shop(session, "http://127.0.0.1:9")
    if trusted:
        assert yookassa.parse_event({}, BODY, remote_ip).subject is EventSubject.PAYMENT
    else:
        with pytest.raises(Denied):
            yookassa.parse_event({}, BODY, remote_ip)


async def test_a_network_that_is_none_is_refused_at_the_start(session: aiohttp.ClientSession) -> None:
    with pytest.raises(Invalid) as refused:
        shop(session, "http://127.0.0.1:9", trusted_networks=["185.71.76.0/99"])
    assert refused.value.code == "billing.bad_trusted_network"


async def test_an_event_about_something_else_is_other(session: aiohttp.ClientSession) -> None:
    body = BODY.replace(b"payment.succeeded", b"payment_method.active")
    assert shop(session, "http://127.0.0.1:9").parse_event({}, body, "185.71.76.1").subject is EventSubject.OTHER


async def test_nobody_listens_means_nothing_happened(session: aiohttp.ClientSession) -> None:
    with pytest.raises(Unavailable):
        await shop(session, "http://127.0.0.1:9").create_payment(request())


async def test_accepted_but_not_processed_is_asked_again_with_the_same_key(
    session: aiohttp.ClientSession, emulator: Stand
) -> None:
    emulator.fault("202_processing", times=2, retry_after_ms=10)
    payment = await shop(session, emulator.api_url).create_payment(request())
    assert payment.outcome is Outcome.PENDING
    assert [exchange.status for exchange in emulator.exchanges] == [202, 202, 200]
    assert len({exchange.headers["idempotence-key"] for exchange in emulator.exchanges}) == 1

    emulator.fault("202_processing", times=3, retry_after_ms=10)
    unknown = await shop(session, emulator.api_url).create_payment(request())
    assert (unknown.outcome, unknown.reason) == (Outcome.UNKNOWN, "http_202")


async def test_a_wrong_key_is_told(session: aiohttp.ClientSession, emulator: Stand) -> None:
    yookassa = shop(session, emulator.api_url, secret_key="")
    with pytest.raises(Denied) as refused:
        await yookassa.check_access()
    assert refused.value.code == "billing.provider_denied"
    with pytest.raises(Denied):
        await yookassa.create_payment(request())


async def test_receipts_are_passed_on_and_must_add_up(session: aiohttp.ClientSession, emulator: Stand) -> None:
    yookassa = shop(session, emulator.api_url)
    payment = await yookassa.create_payment(request(receipt=RECEIPT))
    assert emulator.exchanges[0].request["receipt"] == RECEIPT
    await emulator.press(payment.confirmation_url, "pay")
    refund = RefundRequest(ids.new(), payment.ref, Money(14900, "RUB"), "Вернуть", RECEIPT)
    assert (await yookassa.refund(refund)).outcome is Outcome.SUCCEEDED
    assert emulator.exchanges[1].request["receipt"] == RECEIPT
    with pytest.raises(Invalid) as refused:
        await yookassa.create_payment(request(receipt=RECEIPT, amount=Money(14901, "RUB")))
    assert refused.value.facts["parameter"] == "receipt.items"


async def test_long_texts_are_cut_to_what_the_api_takes(session: aiohttp.ClientSession, emulator: Stand) -> None:
    payment = await shop(session, emulator.api_url).create_payment(request(description="ж" * 300))
    assert payment.outcome is Outcome.PENDING
    assert emulator.exchanges[0].request["description"] == "ж" * 128


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"", Outcome.UNKNOWN),
        (200, b"<html>", Outcome.UNKNOWN),
        (200, b"[]", Outcome.UNKNOWN),
        (200, b'{"id":"1","status":"succeeded"}', Outcome.UNKNOWN),
        (200, b'{"id":"1","status":"succeeded","amount":{"value":"1.001","currency":"RUB"}}', Outcome.UNKNOWN),
        (200, b'{"id":"1","status":"odd","amount":{"value":"1.00","currency":"RUB"}}', Outcome.UNKNOWN),
        (502, b"Bad gateway", Outcome.UNKNOWN),
        (504, b"", Outcome.UNKNOWN),
        (408, b"", Outcome.UNKNOWN),
        (302, b"", Invalid),
        (400, b"{}", Invalid),
        (403, b"{}", Denied),
        (429, b"<html>", Unavailable),
    ],
)
async def test_odd_answers(session: aiohttp.ClientSession, status: int, body: bytes, expected: Any) -> None:
    async def answer(asked: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yookassa = shop(session, f"http://127.0.0.1:{port}")
    try:
        if isinstance(expected, Outcome):
            assert (await yookassa.create_payment(request())).outcome is expected
            assert (await yookassa.refund(RefundRequest(ids.new(), "1", Money(1, "RUB"), ""))).outcome is expected
            if b"odd" not in body:
                with pytest.raises(Unavailable):
                    await yookassa.fetch_payment("1")
        else:
            with pytest.raises(expected):
                await yookassa.create_payment(request())
    finally:
        await runner.cleanup()


async def test_a_connection_cut_after_sending_is_unknown(session: aiohttp.ClientSession) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        payment = await shop(session, f"http://127.0.0.1:{port}").create_payment(request())
    assert (payment.outcome, payment.reason) == (Outcome.UNKNOWN, "connection")


def official(base_url: str, secret: str = "test_secret") -> None:
    Configuration.configure("506751", secret, api_url=base_url)


async def test_the_official_sdk_understands_the_emulator(emulator: Stand) -> None:
    official(emulator.api_url)
    asked = {
        "amount": {"value": "149.00", "currency": "RUB"},
        "confirmation": {"type": "redirect", "return_url": "https://example.com/"},
        "capture": False,
        "description": "150 000 токенов",
        "metadata": {"order": "7"},
        "receipt": RECEIPT,
    }
    key = str(ids.new())
    payment = await asyncio.to_thread(Payment.create, asked, key)
    again = await asyncio.to_thread(Payment.create, asked, key)
    assert (payment.status, again.id, payment.metadata["order"]) == ("pending", payment.id, "7")
    assert payment.confirmation.confirmation_url.endswith(payment.id)

    await emulator.press(payment.confirmation.confirmation_url, "pay")
    held = await asyncio.to_thread(Payment.find_one, payment.id)
    assert (held.status, held.paid, held.payment_method.card.last4) == ("waiting_for_capture", True, "4444")
    captured = await asyncio.to_thread(Payment.capture, payment.id, {"amount": asked["amount"]}, str(ids.new()))
    assert (captured.status, captured.income_amount.value) == ("succeeded", Decimal("143.78"))

    refund = await asyncio.to_thread(
        Refund.create, {"payment_id": payment.id, "amount": {"value": "49.00", "currency": "RUB"}}, str(ids.new())
    )
    assert (refund.status, refund.payment_id) == ("succeeded", payment.id)
    assert (await asyncio.to_thread(Refund.find_one, refund.id)).amount.value == 49
    assert (await asyncio.to_thread(Payment.find_one, payment.id)).refunded_amount.value == 49

    listed = await asyncio.to_thread(Payment.list, {"limit": 10, "status": "succeeded"})
    assert [item.id for item in listed.items] == [payment.id]
    refunds = await asyncio.to_thread(Refund.list, {"payment_id": payment.id})
    assert [item.id for item in refunds.items] == [refund.id]
    about = await asyncio.to_thread(Settings.get_account_settings)
    assert (about.account_id, about.test) == ("506751", True)


async def test_the_official_sdk_understands_the_emulators_errors(emulator: Stand) -> None:
    official(emulator.api_url)
    asked = {
        "amount": {"value": "149.00", "currency": "RUB"},
        "confirmation": {"type": "redirect", "return_url": "https://example.com/"},
    }
    key = str(ids.new())
    await asyncio.to_thread(Payment.create, asked, key)
    with pytest.raises(BadRequestError) as refused:
        await asyncio.to_thread(Payment.create, {**asked, "description": "other"}, key)
    assert refused.value.content["parameter"] == "Idempotence-Key"
    with pytest.raises(NotFoundError) as missing:
        await asyncio.to_thread(Payment.find_one, "22d6d597-000f-5000-9000-145f6df21d6f")
    assert missing.value.content["code"] == "not_found"
    official(emulator.api_url, secret="")
    with pytest.raises(UnauthorizedError) as denied:
        await asyncio.to_thread(Payment.find_one, "22d6d597-000f-5000-9000-145f6df21d6f")
    assert denied.value.content["code"] == "invalid_credentials"
