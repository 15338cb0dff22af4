"""What pays for an answer: tokens, a plan without token spending, or the subscription's light model."""

import asyncio

import pytest

from kassa.core import ai, ledger
from kassa.core.billing import Order
from kassa.kit import ids
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.products.ai_access import dialogs, service
from kassa.products.ai_access.errors import NotEnoughTokens
from kassa.products.ai_access.models import AiAccessRequest
from kassa.products.ai_access.types import RequestStatus
from tests.core.billing.shop import Shop, open_shop


class Desk:
    """A customer of a shop who asks models."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.pool = ai.KeyPool(shop.database, Vault(["a key for tests only"]))

    async def ask(self, model: str, key: str | None = None) -> AiAccessRequest:
        """Ask a question in a dialog of its own."""
        view = await self.pool.model(self.shop.customer.organization_id, model)
        async with self.shop.database.transaction() as session:
            dialog = await dialogs.open_dialog(session, self.shop.customer, ids.new(), 77, "a question")
            request, _ = await service.ask(
                session, self.shop.customer, view, "a question", idempotency_key=key or str(ids.new()), dialog=dialog,
                is_private=True, locale="en",
            )  # fmt: skip
        return request

    async def settle(self, request: AiAccessRequest, charge: int, answer: str = "an answer") -> bool:
        """End a question as its job does."""
        status = RequestStatus.ANSWERED if charge else RequestStatus.FAILED
        async with self.shop.database.transaction() as session:
            return await service.settle(session, request.id, status, answer=answer, charge=charge, messages=[])

    async def spend_all(self, order: Order) -> None:
        """Use up what a purchase gave."""
        customer = self.shop.customer
        async with self.shop.database.transaction() as session:
            hold = await ledger.hold(
                session, customer.organization_id, "all", customer.id, order.terms.tokens, reference="all",
                expires_at=order.created_at,
            )  # fmt: skip
            await ledger.capture(session, hold.id, order.terms.tokens)


@pytest.fixture
async def desk(database: Database) -> Desk:
    shop = await open_shop(database)
    async with database.transaction() as session:
        await ai.seed_catalogue(session, shop.customer.organization_id, ai.load_catalogue())
    return Desk(shop)


async def test_a_question_holds_its_price_and_an_answer_takes_it(desk: Desk) -> None:
    """AI-3: quote → hold → capture."""
    await desk.shop.buy()
    request = await desk.ask("chatgpt-4-omni")
    balance = await desk.shop.balance()
    assert (balance.available, balance.held) == (149_000, 1_000)
    assert await desk.settle(request, 1_000)
    assert not await desk.settle(request, 1_000)
    balance = await desk.shop.balance()
    assert (balance.available, balance.held) == (149_000, 0)
    assert await desk.shop.red() == []


async def test_a_failure_costs_nothing(desk: Desk) -> None:
    """AI-3: released on failure."""
    await desk.shop.buy()
    await desk.settle(await desk.ask("chatgpt-4-omni"), 0, "")
    balance = await desk.shop.balance()
    assert (balance.available, balance.held) == (150_000, 0)


async def test_the_same_question_is_taken_once(desk: Desk) -> None:
    """AI-3: one update, one hold, however often it comes."""
    await desk.shop.buy()
    first = await desk.ask("chatgpt-4-omni", "update:1")
    again = await desk.ask("chatgpt-4-omni", "update:1")
    assert first.id == again.id
    assert (await desk.shop.balance()).held == 1_000


async def test_a_thousand_at_once_on_a_balance_for_ten(desk: Desk, database_url: str) -> None:
    """LED-4, AI-3: parallel questions never spend more than there is."""
    order = await desk.shop.buy()
    customer = desk.shop.customer
    async with desk.shop.database.transaction() as session:
        hold = await ledger.hold(
            session, customer.organization_id, "most", customer.id, 140_000, reference="most",
            expires_at=order.created_at,
        )  # fmt: skip
        await ledger.capture(session, hold.id, 140_000)
    desk.shop.database = Database(database_url, pool_size=16)
    try:
        outcomes = await asyncio.gather(*(desk.ask("chatgpt-4-omni") for _ in range(1000)), return_exceptions=True)
    finally:
        await desk.shop.database.close()
    taken = [outcome for outcome in outcomes if isinstance(outcome, AiAccessRequest)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, NotEnoughTokens)]
    assert (len(taken), len(refused)) == (10, 990)
    desk.shop.database = desk.shop.app.get(Database)
    for request in taken:
        await desk.settle(request, 1_000)
    balance = await desk.shop.balance()
    assert (balance.available, balance.held) == (0, 0)
    assert await desk.shop.red() == []


async def test_without_tokens_the_light_model_stays_free(desk: Desk) -> None:
    """BIL-4: subscribers with zero tokens keep the plan's light model, and only that one."""
    await desk.spend_all(await desk.shop.buy())
    with pytest.raises(NotEnoughTokens) as refused:
        await desk.ask("chatgpt-4-omni")
    assert refused.value.facts["light_model"] == "chatgpt-4-omni-mini"
    request = await desk.ask("chatgpt-4-omni-mini")
    assert (request.funding, request.price_tokens, request.hold_id) == ("light_model", 0, None)
    await desk.shop.buy("eternal-150k")
    topped_up = await desk.ask("chatgpt-4-omni")
    assert (topped_up.funding, topped_up.price_tokens) == ("tokens", 1_000)


async def test_unlimited_spends_no_tokens(desk: Desk) -> None:
    """BIL-1: a day without token spending leaves the balance alone."""
    await desk.shop.buy("eternal-150k")
    await desk.shop.buy("unlimited-1d")
    request = await desk.ask("claude-sonnet")
    assert (request.funding, request.price_tokens) == ("unlimited", 0)
    assert (await desk.shop.balance()).available == 150_000


async def test_nothing_bought_nothing_asked(desk: Desk) -> None:
    """AI-3: a zero balance is refused with the price, and nothing is stored."""
    with pytest.raises(NotEnoughTokens) as refused:
        await desk.ask("chatgpt-4-omni")
    assert refused.value.facts["price"] == 1_000
    assert await desk.shop.database.call("select 1 from ai_access_request") == []
