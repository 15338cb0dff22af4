"""NFR-1: an authenticated, counted, organization-scoped read over HTTP, against a bare FastAPI + asyncpg endpoint."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from kassa.core import access
from kassa.core.access.tokens import pair
from kassa.kit import ids

from . import machine
from .client import connect
from .figures import Figure, Note, Plan, median, percentile, ratio
from .machine import Program, Server
from .rules import raise_limits

USERS = 500
AT_ONCE = 64
PAUSE_S = 1.0
"""How long a person looks at a screen before the next request."""
SMALL = 10_000


@dataclass(slots=True)
class Target:
    """A server, and the bytes of one request of each user."""

    name: str
    port: int
    requests: list[bytes]
    program: Program
    requests_done: int = 0
    cpu_s: float = 0.0


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Ask both by turns with few rows in the tables, and the product again with many."""
    on, load_cores = machine.cores()
    note("starting PostgreSQL and both servers")
    with machine.pinned(load_cores), machine.postgres(plan.directory / "postgres") as server:
        server.pin(on)
        async with _targets(plan, server, on) as (product, bare):
            return await _measure(plan, note, server, product, bare)


async def _measure(plan: Plan, note: Note, server: Server, product: Target, bare: Target) -> list[Figure]:
    small = min(SMALL, plan.entries)
    note(f"{small:,} customers")
    await _fill(server, 0, small)
    for target in (product, bare):
        await _flood(target, min(2.0, plan.seconds))
    rates: dict[str, list[float]] = {"product": [], "bare": []}
    people: list[list[float]] = []
    crowds: list[list[float]] = []
    for number in range(plan.rounds):
        for target in (product, bare):
            note(f"round {number + 1} of {plan.rounds}: {target.name}")
            rates[target.name].append(await _flood(target, plan.seconds))
        note(f"round {number + 1} of {plan.rounds}: {USERS} people")
        people.append(await _crowd(product, max(plan.seconds, 2 * PAUSE_S), PAUSE_S))
        crowds.append(await _crowd(product, plan.seconds, 0.0))
    p95 = median([1000 * percentile(taken, 0.95) for taken in people])
    figures = [
        Figure(
            "http: hot read's requests/s to bare endpoint", ratio(rates["product"], rates["bare"]), "×", at_least=0.5
        ),
        Figure(f"http: p95 of {USERS} people, {PAUSE_S:g} s between requests", p95, "ms", at_most=200.0),
        *[Figure(f"  requests/s, {name}", median(found), "1/s") for name, found in rates.items()],
        *[
            Figure(
                f"  processor of the program a request, {target.name}", 1e6 * target.cpu_s / target.requests_done, "µs"
            )
            for target in (product, bare)
        ],
        Figure("  p50 of the same", median([1000 * percentile(taken, 0.5) for taken in people]), "ms"),
        Figure(f"  p95 of {USERS} that never pause", median([1000 * percentile(t, 0.95) for t in crowds]), "ms"),
        Figure("  requests/s of those", median([len(taken) / plan.seconds for taken in crowds]), "1/s"),
    ]
    if plan.entries > small:
        note(f"filling up to {plan.entries:,} customers")
        await _fill(server, small, plan.entries)
        await _flood(product, min(2.0, plan.seconds))
        after: dict[str, list[float]] = {"product": [], "bare": []}
        for number in range(plan.rounds):
            for target in (product, bare):
                note(f"round {number + 1} of {plan.rounds}: {plan.entries:,} rows, {target.name}")
                after[target.name].append(await _flood(target, plan.seconds))
        # The machine's mood changes in minutes; the bare endpoint feels it too.
        slower = (median(rates["product"]) / median(after["product"])) / (median(rates["bare"]) / median(after["bare"]))
        figures += [
            Figure("http: cost with many rows to few, beside the bare one's", slower, "×", at_most=1.25),
            Figure("  customers in the tables", plan.entries),
            *[Figure(f"  requests/s with those, {name}", median(found), "1/s") for name, found in after.items()],
        ]
    return figures


@asynccontextmanager
async def _targets(plan: Plan, server: Server, on: list[int]) -> AsyncIterator[tuple[Target, Target]]:
    port, bare_port, secret = machine.free_port(), machine.free_port(), ids.secret()
    environment = {
        "KASSA_MODE": "production", "KASSA_HOST": "127.0.0.1", "KASSA_PORT": str(port),
        "KASSA_PUBLIC_URL": f"http://127.0.0.1:{port}", "KASSA_DATABASE_URL": server.url,
        "KASSA_DATA_DIR": str(plan.directory / "data"), "KASSA_SECRET_KEYS": secret, "KASSA_LOG_LEVEL": "WARNING",
        "KASSA_BENCH_PORT": str(bare_port), "KASSA_BENCH_DATABASE_URL": server.url,
    }  # fmt: skip
    log: Path = plan.directory / "api.log"
    async with machine.program(["kassa", "up", "api", "--json"], environment, on, log) as ours:
        organization = await raise_limits(server.url)
        signer = access.TokenSigner((secret,))
        tokens = [pair(signer, _id("s", number), "-").access_token for number in range(1, USERS + 1)]
        asked = [
            f"GET /api/v1/billing/account HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"X-Forwarded-For: 10.1.{number // 250}.{number % 250 + 1}\r\n\r\n".encode()
            for number, token in enumerate(tokens)
        ]
        plain = [
            f"GET /account/{organization}/{_id('c', number)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
            for number in range(1, USERS + 1)
        ]
        async with machine.program(
            ["bench.subjects.http_bare"], environment, on, plan.directory / "bare.log"
        ) as theirs:
            yield Target("product", port, asked, ours), Target("bare", bare_port, plain, theirs)


def _id(kind: str, number: int) -> UUID:
    return UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


async def _fill(server: Server, have: int, want: int) -> None:
    """More customers until there are so many, each with a session, tokens, an order, what it gave, and a counter."""
    url = f"{server.superuser_url.rsplit('/', 1)[0]}/{server.url.rsplit('/', 1)[1]}"
    connection = await asyncpg.connect(url, command_timeout=7200)
    try:
        organization = await connection.fetchval("select id from identity_organization")
        # Rows that are made by the million need not be checked against one another.
        await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
        for start in range(have + 1, want + 1, 100_000):
            for statement in _ROWS:
                await connection.execute(statement, start, min(want, start + 99_999), organization)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


_ROWS = (
    """insert into identity_customer (id, organization_id, telegram_id, name, username, language, created_at)
    select md5('c' || n)::uuid, $3::uuid, n, 'Ann', 'ann' || n, 'en', now()
    from generate_series($1::bigint, $2::bigint) n""",
    """insert into access_session (id, organization_id, subject_kind, subject_id, refresh_hash, ip, user_agent,
        expires_at, created_at, used_at)
    select md5('s' || n)::uuid, $3::uuid, 'customer', md5('c' || n)::uuid, 'hash' || n, '', '',
        now() + interval '1 day', now(), now() from generate_series($1::bigint, $2::bigint) n""",
    """with account as (
        insert into ledger_account (organization_id, kind, owner_id, asset, bounded)
        select $3::uuid, 'customer_tokens', md5('c' || n)::uuid, 'TOKEN', true
        from generate_series($1::bigint, $2::bigint) n returning id
    ), balance as (
        insert into ledger_balance (account_id, posted, held) select id, 300000, 0 from account
    )
    insert into ledger_grant (account_id, transaction_id, source, reference, amount, remaining, held, priority,
        expires_at, created_at)
    select id, gen_random_uuid(), 'purchase', 'order:' || id, 150000, 150000, 0, 0, now() + interval '7 days', now()
    from account, generate_series(1, 2)""",
    """insert into billing_order (id, organization_id, customer_id, plan_slug, plan_version_id, asset, units, status,
        idempotency_key, input_hash, locale, return_url, created_at, paid_at)
    select md5('o' || n)::uuid, $3::uuid, md5('c' || n)::uuid, 'tokens-7d-150k', $3::uuid, 'RUB', 9800, 'paid', 'k', '',
        'en', '', now(), now() from generate_series($1::bigint, $2::bigint) n""",
    """insert into billing_entitlement (id, organization_id, customer_id, order_id, kind, plan_slug, starts_at, ends_at)
    select gen_random_uuid(), $3::uuid, md5('c' || n)::uuid, md5('o' || n)::uuid, 'plan', 'tokens-7d-150k', now(),
        now() + interval '7 days' from generate_series($1::bigint, $2::bigint) n""",
    """insert into policies_counter (key, count, ceiling, closes_at)
    select md5('k' || n)::uuid, 1, 1000 + ($3::uuid is null)::int, now() + interval '1 hour'
    from generate_series($1::bigint, $2::bigint) n""",
)


async def _flood(target: Target, seconds: float) -> float:
    """Requests a second of a few users who never pause."""
    before = target.program.cpu_s()
    taken = await _talk(target, seconds, AT_ONCE, 0.0)
    target.cpu_s += target.program.cpu_s() - before
    target.requests_done += len(taken)
    return len(taken) / seconds


async def _crowd(target: Target, seconds: float, pause_s: float) -> list[float]:
    """How long each request of all users took."""
    return await _talk(target, seconds, USERS, pause_s)


async def _talk(target: Target, seconds: float, users: int, pause_s: float) -> list[float]:
    taken: list[float] = []
    connections = [await connect(target.port) for _ in range(users)]
    end_at = time.perf_counter() + seconds

    async def one(number: int) -> None:
        connection, raw = connections[number], target.requests[number]
        if pause_s:
            await asyncio.sleep(pause_s * number / users)
        while (began := time.perf_counter()) < end_at:
            status, body = await connection.request(raw)
            if status != 200:
                raise RuntimeError(f"{target.name} answered {status}: {body[:300]!r}")
            taken.append(time.perf_counter() - began)
            if pause_s:
                await asyncio.sleep(pause_s)

    try:
        async with asyncio.TaskGroup() as group:
            for number in range(users):
                group.create_task(one(number))
    finally:
        for connection in connections:
            connection.close()
    return taken
