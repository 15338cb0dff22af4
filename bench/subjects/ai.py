"""One process with four ways to answer a question over HTTP, all streaming from the same provider. It also makes the
customers whose keys are asked with at the product's own endpoint.

/bare     a pass-through proxy: one SQL statement holds, one settles, the bytes go through unread
/gateway  the product's ledger and gateway: hold, choice of route and key, reading of the stream, capture
/ask      the product's whole path without Telegram: `service.ask` in a transaction, then the job that answers
/cached   the product's gateway behind its cache, always the same question
"""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import orjson
from aiohttp import web

from kassa.adapters.telegram import SendLimiter, TelegramMessenger
from kassa.core import access, ai, channels, identity, ledger
from kassa.core.channels import BotProfile, Outgoing
from kassa.kit import clock, ids
from kassa.kit.app import App
from kassa.kit.crypto import Vault
from kassa.kit.db import Database
from kassa.products.ai_access import dialogs, jobs, service
from kassa.products.ai_access.models import AiAccessDialog
from kassa.runtime import build, process
from kassa.runtime.settings import load

from .serving import main, say_ready, setting

MODEL = "deepseek"
CUSTOMERS = 200
PRICE = 250
_SCHEMA = """
create table bench_balance (id int primary key, units bigint not null, held bigint not null) with (fillfactor = 70);
insert into bench_balance select number, 1000000000, 0 from generate_series(1, 200) number;
create table bench_use (id bigint generated always as identity primary key, owner int not null, units bigint not null)
"""
_API_PLANS = """
with bought as (
    insert into billing_order (id, organization_id, customer_id, plan_slug, plan_version_id, asset, units, status,
        idempotency_key, input_hash, locale, return_url, created_at, paid_at)
    select gen_random_uuid(), organization_id, id, 'api-monthly', (select id from billing_plan_version limit 1), 'RUB',
        9800, 'paid', 'k', '', 'en', '', now(), now()
    from identity_customer returning id, organization_id, customer_id
)
insert into billing_entitlement (id, organization_id, customer_id, order_id, kind, plan_slug, starts_at, ends_at)
select gen_random_uuid(), organization_id, customer_id, id, 'api', 'api-monthly', now(), now() + interval '1 day'
from bought
"""
_HOLD = "update bench_balance set held = held + $2 where id = $1 and units - held >= $2 returning id"
_SETTLE = """
with used as (insert into bench_use (owner, units) values ($1, $2))
update bench_balance set held = held - $2, units = units - $2 where id = $1
"""


class Silent(TelegramMessenger):
    """Telegram left out: nothing is shown."""

    async def draft(self, bot: BotProfile, chat_id: int, draft_id: int, text: str, *, rich: bool) -> None:
        """Nothing."""

    async def send(self, bot: BotProfile, chat_id: int, message: Outgoing, delivery: int | None = None) -> int | None:
        """Nothing."""
        return 1


@dataclass(slots=True)
class Asked:
    """What a way of answering needs."""

    app: App
    organization: UUID
    customers: list[identity.Customer]
    dialogs: list[AiAccessDialog]
    pool: "asyncpg.Pool[asyncpg.Record]"
    http: aiohttp.ClientSession
    upstream: str
    turn: Callable[[], int]
    keys: list[str]


async def bare(state: Asked, question: str, response: web.StreamResponse) -> None:
    """The proxy that the product is compared with."""
    owner = state.turn() % CUSTOMERS + 1
    assert await state.pool.fetch(_HOLD, owner, PRICE)
    body = {
        "model": MODEL, "stream": True, "stream_options": {"include_usage": True},
        "messages": [{"role": "user", "content": question}],
    }  # fmt: skip
    async with state.http.post(
        f"{state.upstream}/chat/completions", data=orjson.dumps(body), headers={"Content-Type": "application/json"}
    ) as answer:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
    await state.pool.execute(_SETTLE, owner, PRICE)


async def gateway(state: Asked, question: str, response: web.StreamResponse) -> None:
    """Hold, ask through the gateway, capture."""
    database, customer = state.app.get(Database), state.customers[state.turn() % CUSTOMERS]
    async with database.transaction() as session:
        key = f"bench:{ids.new()}"
        hold = await ledger.hold(
            session, state.organization, key, customer.id, PRICE, reference=key,
            expires_at=clock.now() + timedelta(minutes=20),
        )  # fmt: skip
    async with aclosing(
        ai.run_text(state.app.get(ai.Gateway), state.organization, MODEL, _request(question))
    ) as events:
        await _write(events, response)
    async with database.transaction() as session:
        await ledger.capture(session, hold.id, PRICE)


async def cached(state: Asked, question: str, response: web.StreamResponse) -> None:
    """The answer from the cache."""
    async with aclosing(
        ai.run_cached_text(
            state.app.get(ai.Gateway),
            state.app.get(ai.TextCache),
            state.organization,
            MODEL,
            _request("always the same"),
        )
    ) as events:
        await _write(events, response)


async def ask(state: Asked, question: str, response: web.StreamResponse) -> None:
    """The product's own two steps, one after the other."""
    number = state.turn()
    customer, dialog = state.customers[number % CUSTOMERS], state.dialogs[number % CUSTOMERS]
    model = await state.app.get(ai.KeyPool).model(state.organization, MODEL)
    async with state.app.get(Database).transaction() as session:
        request, _ = await service.ask(
            session, access.customer_actor(customer.organization_id, customer.id), model, question,
            idempotency_key=f"bench:{ids.new()}",
            dialog=dialog, is_private=True, locale="en",
        )  # fmt: skip
    await jobs.run(state.app, str(request.id))


async def _write(events: Any, response: web.StreamResponse) -> None:
    async for event in events:
        if type(event) is ai.TextDelta:
            await response.write(b"data: " + orjson.dumps({"content": event.text}) + b"\n\n")


def _request(question: str) -> ai.TextRequest:
    return ai.TextRequest((ai.Message(ai.Role.USER, (ai.TextPart(question),)),))


async def run() -> None:
    """Set up customers with tokens, then serve."""
    async with process.opened(load()) as app:
        await build.seed(app)
        database = app.get(Database)
        silent = Silent("http://127.0.0.1:1", SendLimiter(0))
        app.put(channels.Messengers, channels.Messengers(silent, silent))
        async with asyncpg.create_pool(database.url, min_size=2, max_size=10) as pool, aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=500)
        ) as http:  # fmt: skip
            await pool.execute(_SCHEMA)
            counter = itertools.count()
            state = await _state(app, pool, http, lambda: next(counter))
            api = web.Application()
            for way in (bare, gateway, ask, cached):
                api.router.add_post(f"/{way.__name__}", _route(way, state))
            runner = web.AppRunner(api, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", int(setting("PORT"))).start()
            say_ready(port=int(setting("PORT")), keys=state.keys)
            await asyncio.Event().wait()


async def _state(
    app: App, pool: "asyncpg.Pool[asyncpg.Record]", http: aiohttp.ClientSession, turn: Callable[[], int]
) -> Asked:
    async with app.get(Database).transaction() as session:
        organization = (await identity.default_organization(session)).id
        bot_id = await channels.add_bot(
            session,
            app.get(Vault),
            access.system_actor(organization),
            f"1:{ids.secret()}",
            (1, "bench_bot", "Bench"),
            default_locale="en",
            locales=["en"],
        )
        customers = []
        opened = []
        keys = []
        for number in range(CUSTOMERS):
            person = identity.Person(number + 1, "Ann", "Smith", "", "en")
            customer = await identity.ensure_customer(session, organization, person)
            await ledger.grant(
                session, organization, f"bench:{number}", customer.id, 1_000_000_000, source="bench", reference="bench",
                expires_at=None,
            )  # fmt: skip
            customers.append(customer)
            actor = access.customer_actor(customer.organization_id, customer.id)
            keys.append((await access.create_key(session, actor, "bench", (), None))[1])
            opened.append(
                await dialogs.open_dialog(
                    session,
                    actor,
                    bot_id,
                    number + 1,
                    "bench",
                    has_history=False,
                )
            )
    await pool.execute(_API_PLANS)
    return Asked(app, organization, customers, opened, pool, http, setting("UPSTREAM"), turn, keys)


def _route(way: Any, state: Asked) -> Any:
    async def serve(request: web.Request) -> web.StreamResponse:
        question = (await request.json())["messages"][-1]["content"]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await way(state, question, response)
        await response.write_eof()
        return response

    return serve


if __name__ == "__main__":
    main(run())
