"""Flags and experiments: stable shares, sticky variants, honest result tables (POL-5)."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.core import policies as module
from kassa.core.access import Actor
from kassa.core.policies import Facts, OwnedPlan, Policies, Subject, SubjectKind, Variant, experiments, flags
from kassa.core.policies.audience import Audience, share
from kassa.core.policies.experiments import chance, wilson
from kassa.kit import clock, ids
from kassa.kit.db import Database

from .conftest import KnownFacts


def people(organization: UUID, count: int) -> list[Subject]:
    """So many customers."""
    return [Subject(organization, SubjectKind.CUSTOMER, ids.new(), bot="shop_bot") for _ in range(count)]


@given(st.uuids(), st.sampled_from(["a", "b"]), st.floats(0, 100), st.floats(0, 100))
def test_a_share_only_grows(customer: UUID, name: str, low: float, high: float) -> None:
    """POL-5: who is in at 10 % is in at 20 %."""
    low, high = sorted((low, high))
    subject = Subject(customer, SubjectKind.CUSTOMER, customer)
    assert not Audience(percent=low).has(subject, name) or Audience(percent=high).has(subject, name)
    assert 0 <= share(name, customer) < 1


def test_shares_are_even_and_independent() -> None:
    """POL-5: 30 % are about 30 %, and the same 30 % are not in every flag."""
    subjects = people(ids.new(), 4000)
    first, second = ({n for n, s in enumerate(subjects) if Audience(percent=30).has(s, name)} for name in ("a", "b"))
    assert 1050 < len(first) < 1350
    assert 270 < len(first & second) < 450


async def test_for_whom_a_flag_is_on(
    policies: Policies, known: KnownFacts, database: Database, organization: UUID, system: Actor
) -> None:
    """POL-5: by customer, bot and plan; unknown flags and flags of others are off; a change is seen at once."""
    anna, boris = people(organization, 2)
    assert anna.customer_id is not None
    assert boris.customer_id is not None
    other = Policies(database, known)
    now = clock.now()
    known.by_customer[boris.customer_id] = Facts(plans=(OwnedPlan(ids.new(), "gold", now, now),))

    async def turn(audience: Audience, *, is_on: bool = True) -> list[bool]:
        async with database.transaction() as session:
            await flags.save_flag(session, system, "new", is_on=is_on, audience=audience)
        return [await engine.flag("new", subject) for engine in (policies, other) for subject in (anna, boris)]

    assert not await policies.flag("new", anna)
    assert await turn(Audience()) == [True] * 4
    assert await turn(Audience(), is_on=False) == [False] * 4
    assert await turn(Audience(customers=[anna.customer_id], percent=0)) == [True, False] * 2
    assert await turn(Audience(plans=["gold"])) == [False, True] * 2
    assert await turn(Audience(bots=["other_bot"])) == [False] * 4
    assert await turn(Audience(bots=["shop_bot"])) == [True] * 4
    assert not await policies.flag("new", replace(anna, organization_id=ids.new()))


async def test_a_rule_may_ask_for_a_flag(
    policies: Policies, database: Database, organization: UUID, system: Actor
) -> None:
    """POL-1, POL-5: one engine decides: a rule in force for the audience of a flag."""
    (anna,) = people(organization, 1)
    async with database.transaction() as session:
        rules = "rules: [{name: strict, actions: [x.go], when: {flag: strict}, deny: not you}]"
        await module.save_rules(session, system, rules, "")
    assert isinstance(await policies.decide("x.go", anna), module.Allowed)
    async with database.transaction() as session:
        await flags.save_flag(session, system, "strict", is_on=True, audience=Audience())
    assert isinstance(await policies.decide("x.go", anna), module.Refused)


async def test_a_variant_sticks(policies: Policies, database: Database, organization: UUID, system: Actor) -> None:
    """POL-5: what a customer was shown first they see until the end, whatever the shares are; a goal counts once."""
    subjects = people(organization, 300)
    async with database.transaction() as session:
        variants = [Variant(name="plain", weight=2), Variant(name="warm", weight=1)]
        made = await experiments.add_experiment(
            session, system, "greeting", goal="paid", variants=variants, audience=Audience(bots=["shop_bot"])
        )
        assert await module.variant_of(session, policies, "greeting", subjects[0]) is None
        await experiments.start(session, system, made.id)
    async with database.transaction() as session:
        shown = [await module.variant_of(session, policies, "greeting", subject) for subject in subjects]
        stranger = replace(subjects[0], customer_id=ids.new(), bot="other_bot")
        assert await module.variant_of(session, policies, "greeting", stranger) is None
    assert 160 < shown.count("plain") < 240
    await database.call('update policies_experiment set variants = \'[{"name": "warm", "weight": 1}]\'::jsonb')
    again = Policies(database)
    async with database.transaction() as session:
        assert [await module.variant_of(session, again, "greeting", subject) for subject in subjects] == shown
        for subject in subjects[:50] * 2:
            assert subject.customer_id is not None
            await module.convert(session, organization, subject.customer_id, "paid", 100)
            assert await module.convert(session, organization, subject.customer_id, "other") == 0
    await database.call(
        "update policies_experiment set variants = "
        '\'[{"name": "plain", "weight": 2}, {"name": "warm", "weight": 1}]\'::jsonb'
    )
    async with database.transaction() as session:
        table = {row.variant: row for row in await experiments.results(session, system, made.id)}
        await experiments.stop(session, system, made.id)
    async with database.transaction() as session:
        assert await module.variant_of(session, again, "greeting", subjects[0]) is None
    for name in ("plain", "warm"):
        assert table[name].exposed == shown.count(name)
        assert table[name].converted == shown[:50].count(name)
        assert table[name].value == 100 * table[name].converted
        assert table[name].low < table[name].rate < table[name].high


def test_what_the_table_says() -> None:
    """POL-5: intervals and chances as textbooks have them."""
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == pytest.approx(1.0)
    assert chance(120, 1000, 100, 1000) == pytest.approx(0.1530, abs=0.0005)
    assert chance(1, 0, 1, 1) is None
    assert chance(5, 5, 5, 5) is None
