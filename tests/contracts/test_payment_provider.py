"""PAY: what every adapter of the port keeps, over real HTTP against its emulator."""

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import aiohttp
import pytest

from kassa.core.billing import EventSubject, Outcome, PaymentProvider, PaymentRequest, RefundRequest
from kassa.kit import ids
from kassa.kit.errors import Denied, Invalid, NotFound, Unavailable
from kassa.kit.money import Money
from tests.adapters.payments.yookassa_stand import Stand, shop, stand
from tests.openapi import specification

LOOPBACK = ["127.0.0.0/8"]
RETURN_URL = "https://t.me/kassa_test_bot?start=paid"


@pytest.fixture
def emulator() -> Iterator[Stand]:
    with stand() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def provider(session: aiohttp.ClientSession, emulator: Stand) -> PaymentProvider:
    return shop(session, emulator.api_url, trusted_networks=LOOPBACK)


@pytest.fixture
def hasty(session: aiohttp.ClientSession, emulator: Stand) -> PaymentProvider:
    """The same shop for one that waits a second for an answer; a slow machine must not make the others give up."""
    return shop(session, emulator.api_url, trusted_networks=LOOPBACK, timeout_s=1)


@pytest.fixture(autouse=True)
def keeps_to_the_vendors_description(emulator: Stand) -> Iterator[None]:
    """Whatever a test says or hears is checked against the official OpenAPI."""
    yield
    description = specification("yookassa-openapi.yaml")
    problems: list[tuple[object, ...]] = []
    for exchange in emulator.exchanges:
        about = (exchange.method, exchange.path)
        if exchange.request is not None:
            problems += [(*about, "request", text) for text in description.request_problems(*about, exchange.request)]
        if exchange.status not in {0, 202}:  # 202 is known from the official SDK only
            found = description.answer_problems(*about, exchange.status, exchange.answer)
            problems += [(*about, exchange.status, text) for text in found]
    for notification in emulator.notifications:
        kind = "Payment" if notification.body["event"].startswith("payment.") else "Refund"
        problems += [("notification", text) for text in description.problems(kind, notification.body["object"])]
        problems += [
            ("event", text) for text in description.problems("NotificationEventType", notification.body["event"])
        ]
    assert not problems


def request(units: int = 59700, asset: str = "RUB", payment_id: UUID | None = None, **fields: object) -> PaymentRequest:
    return PaymentRequest(
        payment_id=payment_id or ids.new(),
        order_id=ids.new(),
        amount=Money(units, asset),
        description="1 000 000 токенов на 30 дней",
        return_url=RETURN_URL,
        customer_ref="customer-7",
        **fields,  # type: ignore[arg-type]
    )


async def paid(provider: PaymentProvider, emulator: Stand, **fields: object) -> str:
    payment = await provider.create_payment(request(**fields))  # type: ignore[arg-type]
    await emulator.press(payment.confirmation_url, "pay")
    return payment.ref


async def test_a_new_payment_waits_for_the_payer(provider: PaymentProvider) -> None:
    asked = request()
    payment = await provider.create_payment(asked)
    assert payment.outcome is Outcome.PENDING
    assert payment.ref
    assert payment.amount == asked.amount
    assert payment.confirmation_url.startswith("http://127.0.0.1")
    assert payment.our_payment_id == str(asked.payment_id)
    assert payment.is_test
    assert payment.account == "506751"
    assert payment.captured_at is None
    assert payment.income is None
    assert await provider.fetch_payment(payment.ref) == payment


async def test_asking_twice_gives_the_same_payment(provider: PaymentProvider) -> None:
    asked = request()
    first, second = await provider.create_payment(asked), await provider.create_payment(asked)
    assert first == second


@pytest.mark.parametrize(
    ("units", "asset", "income"), [(59700, "RUB", 57610), (9800, "RUB", 9457), (1999, "USD", 1929)]
)
async def test_a_paid_payment_tells_the_money(
    provider: PaymentProvider, emulator: Stand, units: int, asset: str, income: int
) -> None:
    ref = await paid(provider, emulator, units=units, asset=asset)
    payment = await provider.fetch_payment(ref)
    assert payment.outcome is Outcome.SUCCEEDED
    assert payment.amount == Money(units, asset)
    assert payment.income == Money(income, asset)
    assert payment.refunded == Money(0, asset)
    assert payment.captured_at is not None
    assert payment.captured_at.utcoffset() is not None
    assert payment.saved_method == ""


async def test_a_declined_payment_tells_why(provider: PaymentProvider, emulator: Stand) -> None:
    payment = await provider.create_payment(request())
    await emulator.press(payment.confirmation_url, "decline", reason="card_expired")
    payment = await provider.fetch_payment(payment.ref)
    assert (payment.outcome, payment.reason) == (Outcome.FAILED, "card_expired")


async def test_a_saved_method_is_charged_without_the_payer(provider: PaymentProvider, emulator: Stand) -> None:
    ref = await paid(provider, emulator, save_method=True)
    saved = (await provider.fetch_payment(ref)).saved_method
    assert saved
    again = await provider.create_payment(request(units=9800, saved_method=saved))
    assert (again.outcome, again.amount) == (Outcome.SUCCEEDED, Money(9800, "RUB"))
    emulator.fault("decline", reason="insufficient_funds")
    refused = await provider.create_payment(request(units=9800, saved_method=saved))
    assert (refused.outcome, refused.reason) == (Outcome.FAILED, "insufficient_funds")


async def test_refunds_in_parts_up_to_the_amount(provider: PaymentProvider, emulator: Stand) -> None:
    ref = await paid(provider, emulator)
    asked = RefundRequest(ids.new(), ref, Money(20000, "RUB"), "Не подошло")
    refund = await provider.refund(asked)
    assert (refund.outcome, refund.amount, refund.payment_ref) == (Outcome.SUCCEEDED, asked.amount, ref)
    assert await provider.refund(asked) == refund
    assert await provider.fetch_refund(refund.ref) == refund
    assert (await provider.fetch_payment(ref)).refunded == Money(20000, "RUB")

    with pytest.raises(Invalid) as refused:
        await provider.refund(RefundRequest(ids.new(), ref, Money(39701, "RUB"), "Слишком много"))
    assert refused.value.code == "billing.provider_refused"

    await provider.refund(RefundRequest(ids.new(), ref, Money(39700, "RUB"), "Остаток"))
    assert (await provider.fetch_payment(ref)).refunded == Money(59700, "RUB")


async def test_a_refund_may_take_time_or_fail(provider: PaymentProvider, emulator: Stand) -> None:
    ref = await paid(provider, emulator)
    emulator.fault("refund_pending", seconds=60)
    pending = await provider.refund(RefundRequest(ids.new(), ref, Money(100, "RUB"), ""))
    assert pending.outcome is Outcome.PENDING
    emulator.fault("refund_canceled", reason="insufficient_funds")
    failed = await provider.refund(RefundRequest(ids.new(), ref, Money(100, "RUB"), ""))
    assert (failed.outcome, failed.reason) == (Outcome.FAILED, "insufficient_funds")


async def test_a_webhook_names_what_to_fetch(provider: PaymentProvider, emulator: Stand) -> None:
    ref = await paid(provider, emulator)
    (notification,) = await emulator.notified(1)
    event = provider.parse_event({}, notification.raw, notification.remote_ip)
    assert (event.subject, event.ref, event.kind) == (EventSubject.PAYMENT, ref, "payment.succeeded")
    refund = await provider.refund(RefundRequest(ids.new(), ref, Money(100, "RUB"), ""))
    _, notification = await emulator.notified(2)
    event = provider.parse_event({}, notification.raw, notification.remote_ip)
    assert (event.subject, event.ref) == (EventSubject.REFUND, refund.ref)


async def test_a_doubled_webhook_is_one_event(provider: PaymentProvider, emulator: Stand) -> None:
    emulator.fault("webhook_doubled")
    await paid(provider, emulator)
    first, second = await emulator.notified(2)
    events = [provider.parse_event({}, notification.raw, "127.0.0.1") for notification in (first, second)]
    assert events[0].event_id == events[1].event_id


async def test_a_tampered_webhook_does_not_change_what_is_fetched(provider: PaymentProvider, emulator: Stand) -> None:
    emulator.fault("webhook_tampered", value="1.00")
    ref = await paid(provider, emulator)
    (notification,) = await emulator.notified(1)
    event = provider.parse_event({}, notification.raw, "127.0.0.1")
    assert event.payload["object"]["amount"]["value"] == "1.00"
    assert (await provider.fetch_payment(ref)).amount == Money(59700, "RUB")


async def test_webhooks_from_strangers_are_refused(provider: PaymentProvider, emulator: Stand) -> None:
    await paid(provider, emulator)
    (notification,) = await emulator.notified(1)
    for stranger in ("8.8.8.8", "::1", "", "not an address", "127.0.0.1, 8.8.8.8"):
        with pytest.raises(Denied) as refused:
            provider.parse_event({}, notification.raw, stranger)
        assert refused.value.code == "billing.untrusted_webhook"


NONSENSE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'"x"',
    b"{}",
    b'{"type":"notification","event":"payment.succeeded"}',
    b'{"type":"notification","event":"payment.succeeded","object":[]}',
    b'{"type":"notification","event":"payment.succeeded","object":{"id":7}}',
    b'{"type":"notification","event":"payment.succeeded","object":{"id":"../me"}}',
    b'{"type":"other","event":"payment.succeeded","object":{"id":"22d6d597-000f-5000-9000-145f6df21d6f"}}',
    b" " * (1 << 20) + b"{}",
]


async def test_nonsense_is_told_from_webhooks(provider: PaymentProvider) -> None:
    for body in NONSENSE:
        with pytest.raises(Invalid) as refused:
            provider.parse_event({}, body, "127.0.0.1")
        assert refused.value.code == "billing.malformed_webhook", body[:80]


@pytest.mark.parametrize(("fault", "options"), [("create_timeout", {}), ("create_500", {"created": True})])
async def test_an_unknown_outcome_is_an_answer_and_asking_again_finds_the_payment(
    provider: PaymentProvider, hasty: PaymentProvider, emulator: Stand, fault: str, options: dict[str, object]
) -> None:
    emulator.fault(fault, **options)  # type: ignore[arg-type]  # options of the fault, not ours
    asked = request()
    unknown = await hasty.create_payment(asked)
    assert (unknown.outcome, unknown.ref) == (Outcome.UNKNOWN, "")
    assert unknown.our_payment_id == str(asked.payment_id)
    found = await provider.create_payment(asked)
    assert found.outcome is Outcome.PENDING
    created = [one for one in emulator.exchanges if one.method == "POST" and one.status == 200]
    assert {one.answer["id"] for one in created} == {found.ref}


async def test_an_unknown_refund_is_an_answer_and_money_goes_back_once(
    provider: PaymentProvider, hasty: PaymentProvider, emulator: Stand
) -> None:
    ref = await paid(provider, emulator)
    emulator.fault("create_timeout", match="/refunds")
    asked = RefundRequest(ids.new(), ref, Money(100, "RUB"), "")
    assert (await hasty.refund(asked)).outcome is Outcome.UNKNOWN
    assert (await provider.refund(asked)).outcome is Outcome.SUCCEEDED
    assert (await provider.fetch_payment(ref)).refunded == Money(100, "RUB")


async def test_a_full_provider_asks_to_come_later(provider: PaymentProvider, emulator: Stand) -> None:
    emulator.fault("429")
    with pytest.raises(Unavailable) as refused:
        await provider.create_payment(request())
    assert refused.value.code == "billing.provider_unavailable"
    assert refused.value.facts["retry_after_s"] == 1.8


async def test_a_broken_provider_is_unavailable_for_questions(provider: PaymentProvider, emulator: Stand) -> None:
    emulator.fault("get_500")
    with pytest.raises(Unavailable) as refused:
        await provider.fetch_payment("22d6d597-000f-5000-9000-145f6df21d6f")
    assert refused.value.code == "billing.provider_unavailable"


async def test_what_does_not_exist_is_not_found(provider: PaymentProvider) -> None:
    with pytest.raises(NotFound) as refused:
        await provider.fetch_payment("22d6d597-000f-5000-9000-145f6df21d6f")
    assert refused.value.code == "billing.provider_payment_not_found"
    with pytest.raises(NotFound) as refused:
        await provider.fetch_refund("22d6d597-000f-5000-9000-145f6df21d6f")
    assert refused.value.code == "billing.provider_refund_not_found"


async def test_access_is_checked(provider: PaymentProvider) -> None:
    assert await provider.check_access() == "506751"
