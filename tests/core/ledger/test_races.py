"""Two connections at once, and what the database itself refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ledger
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import clock, ids
from kassa.kit.db import Database

ORGANIZATION, OWNER, OTHER = ids.new(), ids.new(), ids.new()
Verb = Callable[[AsyncSession], Awaitable[Any]]


@pytest.fixture
async def crowded(database_url: str) -> Any:
    """A database that many connections work on; at the end every check is green."""
    database = Database(database_url, pool_size=20)
    yield database
    async with database.transaction() as session:
        assert [check for check in await ledger.run_checks(session) if not check.is_ok] == []
    await database.close()


async def _do(database: Database, verb: Verb) -> Any:
    async with database.transaction() as session:
        return await verb(session)


async def _at_once(database: Database, *verbs: Verb) -> list[Any]:
    return await asyncio.gather(*(_do(database, verb) for verb in verbs), return_exceptions=True)


def _grant(key: str, units: int, days: int | None = None, reference: str = "order:1") -> Verb:
    expires_at = clock.now() + timedelta(days=days) if days else None
    return lambda session: ledger.grant(
        session, ORGANIZATION, key, OWNER, units, source="purchase", reference=reference, expires_at=expires_at
    )


def _hold(key: str, units: int) -> Verb:
    ends_at = clock.now() + timedelta(hours=1)
    return lambda session: ledger.hold(session, ORGANIZATION, key, OWNER, units, reference="q", expires_at=ends_at)


def _transfer(key: str, giver: UUID, taker: UUID, units: int) -> Verb:
    entries = [
        Entry(Account(AccountKind.CUSTOMER_WALLET, "RUB", giver), -units),
        Entry(Account(AccountKind.CUSTOMER_WALLET, "RUB", taker), units),
    ]
    return lambda session: ledger.post(session, ORGANIZATION, key, "transfer", "t", entries)


def _top_up(key: str, owner: UUID, units: int) -> Verb:
    entries = [
        Entry(Account(AccountKind.CUSTOMER_WALLET, "RUB", owner), units),
        Entry(Account(AccountKind.REVENUE, "RUB"), -units),
    ]
    return lambda session: ledger.post(session, ORGANIZATION, key, "top_up", "t", entries)


async def test_thirty_holds_on_a_balance_for_ten(crowded: Database) -> None:
    """LED-4: exactly ten fit, however many come at once."""
    await _do(crowded, _grant("g", 1000, days=1))
    found = await _at_once(crowded, *(_hold(f"h{number}", 100) for number in range(30)))
    assert sum(isinstance(item, ledger.Hold) for item in found) == 10
    assert sum(isinstance(item, ledger.InsufficientFunds) for item in found) == 20


@pytest.mark.parametrize("units", [10, 1000])
async def test_one_key_many_times_at_once(crowded: Database, units: int) -> None:
    """LED-2: of equal calls at once one is new and the others get its result, even when it takes the last unit."""
    assert sorted(await _at_once(crowded, *[_grant("g", 1000)] * 10)) == [False] * 9 + [True]
    holds = await _at_once(crowded, *[_hold("h", units)] * 10)
    assert len({hold.id for hold in holds}) == 1
    assert sum(hold.is_new for hold in holds) == 1
    await _do(crowded, _top_up("u", OWNER, units))
    assert sorted(await _at_once(crowded, *[_transfer("t", OWNER, OTHER, units)] * 10)) == [False] * 9 + [True]
    assert sorted(await _at_once(crowded, *[lambda s: ledger.capture(s, holds[0].id, units)] * 10)) == [False] * 9 + [
        True
    ]
    taken = await _at_once(
        crowded, *[lambda s: ledger.take_back(s, ORGANIZATION, "b", "order:1", None, void=True)] * 10
    )
    assert set(taken) == {1000 - units}


async def test_capture_and_release_at_once(crowded: Database) -> None:
    """LED-4: a hold is closed one way; the other way is told so."""
    await _do(crowded, _grant("g", 1000))
    for number in range(10):
        hold = await _do(crowded, _hold(f"h{number}", 100))
        verbs: list[Verb] = [
            lambda s, hold=hold: ledger.capture(s, hold.id, 60), lambda s, hold=hold: ledger.release(s, hold.id)  # type: ignore[misc]
        ]  # fmt: skip
        found = await _at_once(crowded, *verbs)
        assert sorted(type(item).__name__ for item in found) == ["HoldClosed", "bool"]


async def test_transfers_both_ways_never_block_each_other(crowded: Database) -> None:
    """LED-2: bounded accounts are locked in one order, so no deadlock; nothing is made or lost."""
    for owner in (OWNER, OTHER):
        await _do(crowded, _top_up(f"u{owner}", owner, 1000))
    pairs = [(OWNER, OTHER), (OTHER, OWNER)]
    found = await _at_once(crowded, *(_transfer(f"t{n}", *pairs[n % 2], 1 + n) for n in range(40)))
    assert found == [True] * 40


async def test_expiry_taking_back_and_holding_at_once(crowded: Database) -> None:
    """LED-3, LED-4: the jobs and the customers touch the same grants at the same time, and no unit is counted twice."""
    for number in range(6):
        await _do(crowded, _grant(f"g{number}", 100, days=1 + number % 3, reference=f"order:{number}"))
    holds = await _at_once(crowded, *(_hold(f"h{number}", 70) for number in range(5)))
    with clock.moved(timedelta(days=2, hours=1)):
        found = await _at_once(
            crowded,
            *[lambda s: ledger.expire(s, 2)] * 4,
            *(
                lambda s, n=n: ledger.take_back(s, ORGANIZATION, f"b{n}", f"order:{n}", None, void=True)
                for n in range(6)
            ),
            *(lambda s, hold=hold: ledger.capture(s, hold.id, 33) for hold in holds),
            *(_hold(f"again{n}", 10) for n in range(5)),
        )
    assert {type(item) for item in found} <= {int, bool, ledger.Hold, ledger.InsufficientFunds}


async def test_a_key_with_other_input_is_a_conflict(crowded: Database) -> None:
    """LED-2: the same key with anything else in it is refused, and nothing changes."""
    await _do(crowded, _grant("k", 100))
    await _do(crowded, _hold("h", 10))
    await _do(crowded, _top_up("u", OWNER, 5))
    await _do(crowded, lambda s: ledger.take_back(s, ORGANIZATION, "b", "order:1", 10, void=False))
    for verb in (
        _grant("k", 101), _hold("h", 11), _top_up("u", OWNER, 6), _top_up("k", OWNER, 5), _grant("u", 100),
        lambda s: ledger.take_back(s, ORGANIZATION, "b", "order:1", 11, void=False),
    ):  # fmt: skip
        with pytest.raises(ledger.IdempotencyConflict):
            await _do(crowded, verb)
    balance = await _do(crowded, lambda s: ledger.balance(s, ORGANIZATION, OWNER))
    assert (balance.available, balance.held) == (80, 10)


async def test_a_late_job_gives_no_expired_token(crowded: Database) -> None:
    """LED-3: a grant past its time is neither shown nor spent, though nobody posted it away; then it is breakage."""
    await _do(crowded, _grant("g", 100, days=1))
    with clock.moved(timedelta(days=1, seconds=1)):
        assert (await _do(crowded, lambda s: ledger.balance(s, ORGANIZATION, OWNER))).available == 0
        with pytest.raises(ledger.InsufficientFunds):
            await _do(crowded, _hold("h", 1))
        assert await _do(crowded, ledger.expire) == 1
        assert await _do(crowded, ledger.expire) == 0
    lost = await crowded.call(
        "select sum(e.amount)::bigint from ledger_entry e join ledger_account a on a.id = e.account_id"
        " where a.kind = 'tokens_expired' and a.organization_id = $1",
        ORGANIZATION,
    )
    assert lost[0][0] == 100


async def test_nothing_comes_out_of_nothing(crowded: Database) -> None:
    """LED-1: entries that do not sum to zero are the caller's bug; unknown holds are told; a rollback leaves none."""
    lopsided = [Entry(Account(AccountKind.REVENUE, "RUB"), 1), Entry(Account(AccountKind.FEES, "USD"), -1)]
    with pytest.raises(ValueError, match="sum to zero"):
        await _do(crowded, lambda s: ledger.post(s, ORGANIZATION, "x", "payment", "r", lopsided))
    for verb in (lambda s: ledger.capture(s, ids.new(), 1), lambda s: ledger.release(s, ids.new())):
        with pytest.raises(ledger.HoldNotFound):
            await _do(crowded, verb)
    with pytest.raises(ZeroDivisionError):
        await _do(crowded, _then_fail(_grant("g", 5)))
    assert (await _do(crowded, lambda s: ledger.balance(s, ORGANIZATION, OWNER))).available == 0


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_transaction", "ledger_grant_spend"])
@pytest.mark.parametrize("change", ["update {0} set id = id", "delete from {0}", "truncate {0} cascade"])
async def test_the_past_is_append_only(crowded: Database, table: str, change: str) -> None:
    """LED-1: the database refuses to change or remove what was written."""
    await _do(crowded, _grant("g", 5))
    with pytest.raises(DBAPIError, match=r"append-only|permission denied|can only be updated to DEFAULT"):
        await _do(crowded, lambda s: s.execute(text(change.format(table))))


async def test_the_database_adds_up_by_itself(crowded: Database) -> None:
    """LED-1: entries that were written past the verbs and do not sum to zero cannot be committed."""
    await _do(crowded, _grant("g", 5))
    lopsided = text(
        "insert into ledger_entry (transaction_id, account_id, asset, amount)"
        " select transaction_id, account_id, asset, 7 from ledger_entry limit 1"
    )
    with pytest.raises(DBAPIError, match="sum to zero"):
        await _do(crowded, lambda s: s.execute(lopsided))
    for column in ("posted = -1", "held = posted + 1"):
        with pytest.raises(DBAPIError, match="not_overdrawn"):
            await _do(crowded, lambda s, column=column: s.execute(text(f"update ledger_balance set {column}")))  # type: ignore[misc]


def _then_fail(verb: Verb) -> Verb:
    async def run(session: AsyncSession) -> None:
        await verb(session)
        raise ZeroDivisionError

    return run
