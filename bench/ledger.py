"""NFR-4: posts a second against pgbench's TPC-B on the same server, as SQL alone and from Python in a transaction."""

import asyncio
import re
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from kassa.core import ledger
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import ids, migrate
from kassa.kit.db import Database

from . import machine
from .figures import Figure, Note, Plan, median, ratio
from .machine import Server

CLIENTS = 8
SCALE = 20
"""Of TPC-B: more branches than clients, so that their rows are not what it waits for."""
OWNERS = 10_000
ORGANIZATION = UUID("00000000-0000-7000-8000-000000000001")

_POST = f"""\\set owner random(1, {OWNERS})
\\set key random(1, 9000000000000000000)
select status from ledger_post(uuidv7(), '{ORGANIZATION}', 'bench:' || cast(:key as bigint), 'hash', 'usage', 'bench',
  array['customer_tokens', 'tokens_used'],
  array[cast(lpad(to_hex(cast(:owner as bigint)), 32, '0') as uuid), '00000000-0000-0000-0000-000000000000'::uuid],
  array['TOKEN', 'TOKEN'], array[-1, 1]::bigint[], array[true, false], now());
"""  # noqa: S608 - constants of this file

_SEED = (
    f"""insert into ledger_account (organization_id, kind, owner_id, asset, bounded)
    select '{ORGANIZATION}', 'customer_tokens', lpad(to_hex(number), 32, '0')::uuid, 'TOKEN', true
    from generate_series(1, {OWNERS}) number""",  # noqa: S608 - constants of this file
    f"""insert into ledger_account (organization_id, kind, owner_id, asset, bounded)
    select '{ORGANIZATION}', kind, '00000000-0000-0000-0000-000000000000', 'TOKEN', false
    from unnest(array['tokens_used', 'tokens_issued']) kind""",  # noqa: S608 - the same
    "insert into ledger_balance select id, 1000000000000, 0 from ledger_account where bounded",
    # Past transactions, in the order of time as their identifiers are.
    f"""insert into ledger_transaction (id, organization_id, idempotency_key, input_hash, kind, reference, created_at)
    select uuidv7(interval '-30 days' + number * interval '1 millisecond'), '{ORGANIZATION}', 'seed:' || number, 'hash',
           'usage', 'seed:' || number, now() from generate_series(1, $1::bigint) number""",  # noqa: S608 - the same
    """insert into ledger_entry (transaction_id, account_id, asset, amount)
    select t.id, a.id, 'TOKEN', a.amount
    from (select id, row_number() over (order by id) as number from ledger_transaction) t
    cross join lateral (values ((select min(id) from ledger_account where bounded) + t.number % 10000, -1),
                               ((select id from ledger_account where kind = 'tokens_used'), 1)) a(id, amount)""",
)


async def measure(plan: Plan, note: Note) -> list[Figure]:
    """Fill the tables, then run the three by turns."""
    with machine.postgres(plan.directory / "postgres") as server:
        note(f"filling the ledger with {plan.entries:,} entries")
        url = await _filled(server, plan.entries)
        note("filling TPC-B")
        tpcb = await server.create("bench_tpcb")
        await _pgbench(server, tpcb, "-i", "-q", "-s", str(SCALE))
        script = plan.directory / "post.sql"
        script.write_text(_POST, "utf-8")
        tps: dict[str, list[float]] = {"TPC-B": [], "post, SQL": [], "post, Python": []}
        database = Database(url, pool_size=CLIENTS)
        try:
            await _post(database, min(1.0, plan.seconds))
            for number in range(plan.rounds):
                for name, found in tps.items():
                    note(f"round {number + 1} of {plan.rounds}: {name}")
                    if name == "post, Python":
                        found.append(await _post(database, plan.seconds))
                    else:
                        found.append(await _timed(server, plan, tpcb if name == "TPC-B" else url, script))
        finally:
            await database.close()
    return [
        Figure("ledger: post's SQL to TPC-B", ratio(tps["post, SQL"], tps["TPC-B"]), "×", at_least=1.3),
        Figure("ledger: post from Python to TPC-B", ratio(tps["post, Python"], tps["TPC-B"]), "×", at_least=0.8),
        *[Figure(f"  transactions/s, {name}", median(found), "1/s") for name, found in tps.items()],
        Figure("  entries in the ledger before", float(plan.entries)),
    ]


async def _filled(server: Server, entries: int) -> str:
    url = await server.create("bench_ledger")
    await asyncio.to_thread(migrate.upgrade, url)
    connection = await asyncpg.connect(server.superuser_url.rsplit("/", 1)[0] + "/bench_ledger")
    try:
        # Without foreign keys and triggers: ten million rows in a minute or two.
        await connection.execute("set session_replication_role = replica")
        for statement in _SEED:
            await connection.execute(statement, *([entries // 2] if "$1" in statement else []), timeout=3600)
        await connection.execute(
            "vacuum (analyze) ledger_transaction, ledger_entry, ledger_account, ledger_balance", timeout=3600
        )
        await connection.execute("checkpoint", timeout=600)
    finally:
        await connection.close()
    return url


async def _timed(server: Server, plan: Plan, url: str, script: Path) -> float:
    own = [] if "tpcb" in url else ["-f", str(script)]
    seconds = str(max(1, round(plan.seconds)))
    out = await _pgbench(server, url, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", seconds, *own)
    found = re.search(r"tps = ([\d.]+)", out)
    assert found is not None, out
    return float(found[1])


async def _pgbench(server: Server, url: str, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        str(server.embedded.program("pgbench")), *arguments, url,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors.decode()[-2000:])
    return out.decode()


async def _post(database: Database, seconds: float) -> float:
    """The same post through `ledger.post` in a business transaction, from one process."""
    done = 0
    end_at = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end_at:
            owner = UUID(int=(done * 7919 + number) % OWNERS + 1)
            async with database.transaction() as session:
                entries = [
                    Entry(Account(AccountKind.CUSTOMER_TOKENS, "TOKEN", owner), -1),
                    Entry(Account(AccountKind.TOKENS_USED, "TOKEN"), 1),
                ]
                await ledger.post(session, ORGANIZATION, f"bench:{ids.new()}", "usage", "bench", entries)
            done += 1

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(client(number))
    return done / (time.perf_counter() - began)
