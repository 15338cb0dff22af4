"""DOC-1: the worked examples of CONTRIBUTING.md do what their guides promise, over real HTTP."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from docs.examples.ai_driver.driver import ParrotDriver
from docs.examples.ai_driver.vendor import GOOD_KEY, Parrot
from docs.examples.payment_adapter.adapter import Piggy
from docs.examples.payment_adapter.vendor import SECRET, TOKEN, Bank
from kassa.core.ai import (
    Endpoint,
    ErrorClass,
    Finished,
    FinishReason,
    Message,
    ProviderError,
    Role,
    TextDelta,
    TextDriver,
    TextEvent,
    TextPart,
    TextRequest,
    Usage,
)
from kassa.core.billing import EventSubject, Outcome, PaymentProvider, PaymentRequest, RefundRequest
from kassa.kit import clock, ids
from kassa.kit.errors import Denied, Invalid, NotFound, Unavailable
from kassa.kit.money import Money
from tests.adapters.ai.live import HASTY, serve

PRICE = Money(9800, "RUB")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class AskParrot:
    """The example driver before its vendor."""

    def __init__(self, parrot: Parrot, url: str, session: aiohttp.ClientSession) -> None:
        self.parrot = parrot
        self.driver: TextDriver = ParrotDriver(session)
        self.endpoint = Endpoint("parrot", "parrot", url)

    async def ask(self, text: str = "one two three", key: str = GOOD_KEY, most: int | None = None) -> list[TextEvent]:
        message = Message(Role.USER, (TextPart(text),))
        request = TextRequest((message,), model="grey", system="Be kind.", max_output_tokens=most)
        return [event async for event in self.driver.stream(request, self.endpoint, key)]


@pytest.fixture
def asking(session: aiohttp.ClientSession) -> Iterator[AskParrot]:
    parrot = Parrot()
    with serve(parrot.app()) as url:
        yield AskParrot(parrot, url, session)


async def test_the_driver_streams_text_usage_and_an_end(asking: AskParrot) -> None:
    events = await asking.ask()
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "one two three"
    assert events[-2:] == [Usage(3, 3), Finished(FinishReason.STOP)]
    assert asking.parrot.asked == [
        {"model": "grey", "turns": [{"who": "user", "says": "one two three"}], "rules": "Be kind."}
    ]
    assert (await asking.ask(most=2))[-1] == Finished(FinishReason.LENGTH)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("no_money", ErrorClass.QUOTA_EMPTY),
        ("rude", ErrorClass.CONTENT_POLICY),
        ("late_rude", ErrorClass.CONTENT_POLICY),
        ("no_such_model", ErrorClass.MODEL_GONE),
        ("too_fast", ErrorClass.RATE_LIMIT),
        ("broken", ErrorClass.TRANSIENT),
        ("garbage", ErrorClass.TRANSIENT),
        ("cut", ErrorClass.TRANSIENT),
        ("stall", ErrorClass.TIMEOUT),
        ("silent", ErrorClass.EMPTY_ANSWER),
    ],
)
async def test_the_driver_tells_every_failure_by_its_class(asking: AskParrot, fault: str, expected: ErrorClass) -> None:
    asking.parrot.fault = fault
    if expected is ErrorClass.TIMEOUT:
        asking.endpoint = replace(asking.endpoint, timeouts=HASTY)
    with pytest.raises(ProviderError) as caught:
        await asking.ask()
    assert caught.value.error_class is expected
    assert caught.value.retry_after_s == (3 if fault == "too_fast" else None)


async def test_the_driver_probes_keys(asking: AskParrot) -> None:
    await asking.driver.probe(asking.endpoint, GOOD_KEY)
    for attempt in (asking.driver.probe(asking.endpoint, "wrong"), asking.ask(key="wrong")):
        with pytest.raises(ProviderError) as caught:
            await attempt
        assert caught.value.error_class is ErrorClass.INVALID_KEY


@contextmanager
def open_bank() -> Iterator[tuple[Bank, str]]:
    bank = Bank()
    with serve(bank.app()) as url:
        yield bank, url


@pytest.fixture
def bank_at() -> Iterator[tuple[Bank, str]]:
    with open_bank() as found:
        yield found


@pytest.fixture
def bank(bank_at: tuple[Bank, str]) -> Bank:
    return bank_at[0]


@pytest.fixture
def provider(bank_at: tuple[Bank, str], session: aiohttp.ClientSession) -> PaymentProvider:
    return Piggy(session, token=TOKEN, webhook_secret=SECRET, base_url=bank_at[1])


@pytest.fixture
def hasty(bank_at: tuple[Bank, str], session: aiohttp.ClientSession) -> PaymentProvider:
    return Piggy(session, token=TOKEN, webhook_secret=SECRET, base_url=bank_at[1], timeout_s=1)


def order() -> PaymentRequest:
    return PaymentRequest(ids.new(), ids.new(), PRICE, "150 000 токенов", "https://example.com")


async def test_the_adapter_takes_money_once(provider: PaymentProvider, bank: Bank) -> None:
    asked = order()
    opened = await provider.create_payment(asked)
    assert (opened.outcome, opened.amount) == (Outcome.PENDING, PRICE)
    assert opened.confirmation_url
    assert await provider.create_payment(asked) == opened
    bank.pay(opened.ref)
    paid = await provider.fetch_payment(opened.ref)
    assert (paid.outcome, paid.our_payment_id, paid.is_test) == (Outcome.SUCCEEDED, str(asked.payment_id), False)


@pytest.mark.parametrize("fault", ["silent", "broken"])
async def test_the_adapter_does_not_guess(
    provider: PaymentProvider, hasty: PaymentProvider, bank: Bank, fault: str
) -> None:
    asked = order()
    bank.fault = fault
    unknown = await hasty.create_payment(asked)
    assert (unknown.outcome, unknown.ref) == (Outcome.UNKNOWN, "")
    found = await provider.create_payment(asked)
    assert found.outcome is Outcome.PENDING
    assert list(bank.things) == [found.ref]


async def test_the_adapter_knows_what_surely_did_nothing(provider: PaymentProvider, bank: Bank) -> None:
    bank.fault = "full"
    with pytest.raises(Unavailable) as caught:
        await provider.create_payment(order())
    assert caught.value.facts == {"retry_after_s": 2.0}
    bank.fault = "broken"
    with pytest.raises(Unavailable):
        await provider.fetch_payment("payments-1")
    with pytest.raises(NotFound):
        await provider.fetch_payment("payments-1")
    with pytest.raises(NotFound):
        await provider.fetch_refund("refunds-1")


async def test_the_adapter_gives_money_back_up_to_what_was_paid(provider: PaymentProvider, bank: Bank) -> None:
    payment = await provider.create_payment(order())
    bank.pay(payment.ref)
    asked = RefundRequest(ids.new(), payment.ref, Money(4900, "RUB"), "Не подошло")
    refund = await provider.refund(asked)
    assert (refund.outcome, refund.amount, refund.payment_ref) == (Outcome.SUCCEEDED, asked.amount, payment.ref)
    assert await provider.refund(asked) == refund == await provider.fetch_refund(refund.ref)
    assert (await provider.fetch_payment(payment.ref)).refunded == Money(4900, "RUB")
    lines = await provider.statement(clock.now() - timedelta(hours=1), clock.now())
    assert [(line.ref, line.is_refund, line.amount.units) for line in lines] == [
        (payment.ref, False, 9800),
        (refund.ref, True, 4900),
    ]
    with pytest.raises(Invalid) as caught:
        await provider.refund(RefundRequest(ids.new(), payment.ref, Money(4901, "RUB"), ""))
    assert caught.value.code == "billing.provider_refused"


async def test_the_adapter_believes_signed_webhooks_only(provider: PaymentProvider, bank: Bank) -> None:
    headers, body = bank.webhook("payment", "payments-1")
    event = provider.parse_event(headers, body, "203.0.113.1")
    assert (event.subject, event.ref) == (EventSubject.PAYMENT, "payments-1")
    assert provider.parse_event(headers, body, "203.0.113.1").event_id == event.event_id
    for forged in ({}, {"X-Piggy-Signature": "0" * 64}, {"X-Piggy-Signature": "é"}):
        with pytest.raises(Denied):
            provider.parse_event(forged, body, "203.0.113.1")
    with pytest.raises(Denied):
        provider.parse_event(headers, body.replace(b"payments-1", b"payments-2"), "203.0.113.1")


async def test_the_adapter_names_its_account(
    provider: PaymentProvider, bank_at: tuple[Bank, str], session: aiohttp.ClientSession
) -> None:
    assert await provider.check_access() == "pig-7"
    with pytest.raises(Denied):
        await Piggy(session, token="no", webhook_secret=SECRET, base_url=bank_at[1]).check_access()
