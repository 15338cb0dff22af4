"""The ledger against a model: whatever is done in whatever order, both say the same and every check is green."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ledger
from kassa.core.ledger import Account, AccountKind, Entry
from kassa.kit import clock, ids
from kassa.kit.db import Database

from .model import Model, ModelHold

Result = TypeVar("Result")
OWNERS = st.integers(0, 1)
REFERENCES = st.sampled_from(["order:1", "order:2", "gift"])
UNITS = st.integers(1, 120)


class LedgerMachine(RuleBasedStateMachine):
    """One organization with two customers."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(url, pool_size=2)
        self.organization = ids.new()
        self.owners = [ids.new(), ids.new()]
        self.model = Model()
        self.repeats: list[tuple[Callable[[AsyncSession], Awaitable[Any]], Any]] = []
        self.moved = timedelta(0)

    def do(self, verb: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
        """One transaction."""

        async def run() -> Result:
            async with self.database.transaction() as session:
                return await verb(session)

        return self.runner.run(run())

    @rule(owner=OWNERS, units=UNITS, priority=st.sampled_from([50, 100]), days=st.none() | st.integers(1, 6),
          reference=REFERENCES)  # fmt: skip
    def grant(self, owner: int, units: int, priority: int, days: int | None, reference: str) -> None:
        key, expires_at = str(ids.new()), clock.now() + timedelta(days=days) if days else None

        def verb(session: AsyncSession) -> Awaitable[bool]:
            return ledger.grant(
                session, self.organization, key, self.owners[owner], units, source="purchase", reference=reference,
                expires_at=expires_at, priority=priority,
            )  # fmt: skip

        assert self.do(verb) is True
        self.model.grant(self.owners[owner], reference, units, priority, expires_at)
        self.repeats.append((verb, False))

    @rule(owner=OWNERS, units=UNITS)
    def hold(self, owner: int, units: int) -> None:
        key, who = str(ids.new()), self.owners[owner]
        ends_at = clock.now() + timedelta(hours=1)

        def verb(session: AsyncSession) -> Awaitable[ledger.Hold]:
            return ledger.hold(session, self.organization, key, who, units, reference="q", expires_at=ends_at)

        available = self.model.available(who, clock.now())
        if available < units:
            with pytest.raises(ledger.InsufficientFunds) as refused:
                self.do(verb)
            assert refused.value.facts["available"] == available
            assert refused.value.facts["held"] == self.model.held(who)
            return
        made = self.do(verb)
        assert (made.is_new, made.available_after) == (True, available - units)
        self.model.holds[made.id] = ModelHold(who, units, self.model.hold(who, units, clock.now()))
        again = self.do(verb)
        assert (again.id, again.is_new) == (made.id, False)

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def capture(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(self._open()))
        hold = self.model.holds[hold_id]
        units = data.draw(st.integers(1, hold.amount))
        with pytest.raises(ledger.HoldClosed):
            self.do(lambda session: ledger.capture(session, hold_id, hold.amount + 1))
        assert self.do(lambda session: ledger.capture(session, hold_id, units)) is True
        self.model.capture(hold, units)
        self.repeats.append((lambda session: ledger.capture(session, hold_id, units), False))

    @precondition(lambda self: self._open())
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(self._open()))
        assert self.do(lambda session: ledger.release(session, hold_id)) is True
        self.model.release(self.model.holds[hold_id])
        self.repeats.append((lambda session: ledger.release(session, hold_id), False))

    @precondition(lambda self: len(self.model.holds) > len(self._open()))
    @rule(data=st.data())
    def closed_holds_stay_closed(self, data: st.DataObject) -> None:
        closed = [key for key, hold in self.model.holds.items() if hold.state != "open"]
        hold_id = data.draw(st.sampled_from(closed))
        hold = self.model.holds[hold_id]

        def close(session: AsyncSession) -> Awaitable[bool]:
            if hold.state == "captured":
                return ledger.release(session, hold_id)
            return ledger.capture(session, hold_id, hold.amount)

        with pytest.raises(ledger.HoldClosed):
            self.do(close)

    @rule(reference=REFERENCES, units=st.none() | UNITS, void=st.booleans())
    def take_back(self, reference: str, units: int | None, void: bool) -> None:
        key = str(ids.new())

        def verb(session: AsyncSession) -> Awaitable[int]:
            return ledger.take_back(session, self.organization, key, reference, units, void=void)

        expected = self.model.take_back(reference, units, void=void)
        assert self.do(verb) == expected
        self.repeats.append((verb, expected))

    @rule(owner=OWNERS, units=st.integers(-120, 120).filter(bool))
    def post(self, owner: int, units: int) -> None:
        key, who = str(ids.new()), self.owners[owner]
        entries = [
            Entry(Account(AccountKind.CUSTOMER_WALLET, "RUB", who), units),
            Entry(Account(AccountKind.REVENUE, "RUB"), -units),
        ]

        def verb(session: AsyncSession) -> Awaitable[bool]:
            return ledger.post(session, self.organization, key, "payment", "order:1", entries)

        after = self.model.wallets.get(who, 0) + units
        if after < 0:
            with pytest.raises(ledger.InsufficientFunds):
                self.do(verb)
            return
        assert self.do(verb) is True
        self.model.wallets[who] = after
        self.repeats.append((verb, False))

    @rule()
    def expire(self) -> None:
        while self.do(lambda session: ledger.expire(session, 3)):
            pass
        self.model.expire(clock.now())

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        clock.move(timedelta(days=days))
        self.moved += timedelta(days=days)

    @precondition(lambda self: self.repeats)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        verb, expected = data.draw(st.sampled_from(self.repeats))
        assert self.do(verb) == expected

    @invariant()
    def says_what_the_model_says(self) -> None:
        for owner in self.owners:
            found = self.do(lambda session, owner=owner: ledger.balance(session, self.organization, owner))  # type: ignore[misc]
            assert (found.available, found.held) == (self.model.available(owner, clock.now()), self.model.held(owner))

    @invariant()
    def every_check_is_green(self) -> None:
        assert [check for check in self.do(ledger.run_checks) if not check.is_ok] == []

    def teardown(self) -> None:
        clock.move(-self.moved)
        self.runner.run(self.database.close())
        self.runner.close()

    def _open(self) -> list[UUID]:
        return [key for key, hold in self.model.holds.items() if hold.state == "open"]


def test_the_ledger_agrees_with_its_model(database_url: str) -> None:
    """LED-1, LED-2, LED-3, LED-4: any order of posts, grants, holds, captures, releases, expiry, taking back and
    repeats; after each step balances equal the model's and each check is green."""
    machine: Any = partial(LedgerMachine, database_url)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
