"""A shop for tests: an App with a database, the seed catalogue, a customer and a provider in memory."""

from dataclasses import dataclass
from uuid import UUID

from kassa.core import access, billing, i18n, identity, ledger
from kassa.core.access import Actor
from kassa.core.billing import Order
from kassa.core.billing.levels import Perks
from kassa.kit import ids
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.runtime.doctor import check_ledger

from .fake_provider import FakeProvider

NOTHING = Perks()


@dataclass
class Shop:
    """What a test buys in."""

    app: App
    database: Database
    provider: FakeProvider
    customer: Actor

    async def buy(
        self, plan: str = "tokens-7d-150k", *, pay: bool = True, fee: int = 0, perks: Perks = NOTHING
    ) -> Order:
        """Place an order, open its payment and, unless told otherwise, pay it."""
        async with self.database.transaction() as session:
            order, _ = await billing.place_order(
                session, self.customer, plan, "yookassa", self.provider.assets, idempotency_key=str(ids.new()),
                return_url="http://127.0.0.1/", locale="ru", perks=perks,
            )  # fmt: skip
        await billing.open_payment(self.app, str(order.payment.id))
        if pay:
            self.provider.settle(f"p-{order.payment.id}", order.amount.units, fee=fee)
            await billing.check_payment(self.app, str(order.payment.id))
        return await self.order(order.id)

    async def order(self, order_id: UUID) -> Order:
        """An order as it is now."""
        async with self.database.transaction() as session:
            return await billing.get_order(session, self.customer, order_id)

    async def balance(self) -> ledger.Balance:
        """The customer's tokens."""
        async with self.database.transaction() as session:
            return await ledger.balance(session, self.customer.organization_id, self.customer.id)

    async def red(self) -> list[str]:
        """The checks that are not green."""
        return [check["name"] for check in await check_ledger(self.app) if not check["ok"]]


async def open_shop(database: Database) -> Shop:
    """A shop with the seed catalogue and one customer."""
    app, provider = App(), FakeProvider()
    app.put(Database, database)
    app.put(i18n.Texts, i18n.Texts())
    app.put(
        billing.Providers, billing.Providers({"yookassa": provider}, accept_test=False, return_url="http://127.0.0.1/")
    )
    async with database.transaction() as session:
        organization = await identity.default_organization(session)
        await billing.seed_plans(session, organization.id)
        customer = await identity.ensure_customer(session, organization.id, identity.Person(77, "Вера"))
    return Shop(app, database, provider, access.customer_actor(customer.organization_id, customer.id))
