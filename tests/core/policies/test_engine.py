"""The engine on a real database: limits to the last request, all or nothing, and who is asked for what."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from uuid import UUID

import pytest

from kassa.core import policies as module
from kassa.core.access import Actor
from kassa.core.policies import Allowed, Facts, OwnedPlan, Policies, Reason, Refused, Subject, SubjectKind
from kassa.kit import clock, ids
from kassa.kit.db import Database
from kassa.kit.errors import Denied, Invalid, LimitReached

from .conftest import KnownFacts


def customer(organization: UUID, **more: object) -> Subject:
    """A customer of the organization."""
    return replace(Subject(organization, SubjectKind.CUSTOMER, ids.new()), **more)  # type: ignore[arg-type]


async def save(database: Database, actor: Actor, source: str) -> None:
    """Put rules in force."""
    async with database.transaction() as session:
        await module.save_rules(session, actor, source, "")


async def admitted(policies: Policies, action: str, subject: Subject, times: int) -> int:
    """How many of so many requests at once are allowed."""
    decisions = await asyncio.gather(*(policies.decide(action, subject) for _ in range(times)))
    return sum(isinstance(decision, Allowed) for decision in decisions)


@pytest.mark.parametrize(("tier", "most"), [("free", 5), ("basic", 100), ("premium", 500)])
async def test_a_tier_allows_exactly_so_many_in_an_hour(
    policies: Policies, known: KnownFacts, organization: UUID, tier: str, most: int
) -> None:
    """POL-2: 5, 100 and 500 an hour, not one more and not one less, and again when the hour is over."""
    subject = customer(organization)
    assert subject.customer_id is not None
    known.by_customer[subject.customer_id] = Facts(tier=tier)
    began = clock.now()
    assert await admitted(policies, "api.request", subject, most + 20) == most
    refused = await policies.decide("api.request", subject)
    passed_s = (clock.now() - began).total_seconds()
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.rule, refused.limit) == (Reason.LIMIT, f"api-{tier}", most)
    assert 3599 - passed_s < refused.retry_after_s <= 3600
    with clock.moved(timedelta(seconds=refused.retry_after_s - 5)):
        assert isinstance(await policies.decide("api.request", subject), Refused)
    with clock.moved(timedelta(seconds=refused.retry_after_s)):
        assert await admitted(policies, "api.request", subject, most + 1) == most


@pytest.mark.parametrize(
    ("slug", "most", "days"),
    [("api-daily", 100, 1), ("api-weekly", 1000, 7), ("api-monthly", 10_000, 30), ("api-yearly", 150_000, 365)],
)
async def test_an_api_plan_gives_what_was_bought(
    policies: Policies, known: KnownFacts, organization: UUID, database: Database, slug: str, most: int, days: int
) -> None:
    """POL-2: 100 a day, 1,000 a week, 10,000 a month, 150,000 a year, from the purchase on."""
    subject = customer(organization)
    assert subject.customer_id is not None
    start = clock.now() - timedelta(hours=1)
    owned = OwnedPlan(ids.new(), slug, start, start + timedelta(days=days))
    known.by_customer[subject.customer_id] = Facts(plans=(owned,))
    first = await policies.decide("api.request", subject)
    assert isinstance(first, Allowed)
    assert [(budget.rule, budget.limit, budget.remaining) for budget in first.budgets] == [
        (slug.replace("api-", "api-plan-"), most, most - 1)
    ]
    assert abs((first.budgets[0].reset_at - start).days - days) <= 1
    await database.call("update policies_counter set count = ceiling - 3")
    assert await admitted(policies, "api.request", subject, 8) == 3
    refused = await policies.decide("api.request", subject)
    assert isinstance(refused, Refused)
    with clock.moved(timedelta(seconds=refused.retry_after_s)):
        assert isinstance(await policies.decide("api.request", subject), Allowed)


async def test_plans_are_spent_one_after_another(policies: Policies, known: KnownFacts, organization: UUID) -> None:
    """POL-2: who bought a daily plan twice has 200 requests, and the one that ends first is spent first."""
    subject = customer(organization)
    assert subject.customer_id is not None
    now = clock.now()
    plans = [OwnedPlan(ids.new(), "api-daily", now - timedelta(hours=h), now + timedelta(hours=24 - h)) for h in (1, 6)]
    known.by_customer[subject.customer_id] = Facts(plans=tuple(plans))
    assert await admitted(policies, "api.request", subject, 210) == 200
    refused = await policies.decide("api.request", subject)
    assert isinstance(refused, Refused)
    assert refused.reset_at is not None
    assert abs((refused.reset_at - plans[1].ends_at).total_seconds()) < 1


async def test_addresses_and_registrations(policies: Policies, organization: UUID) -> None:
    """POL-2: 1,000 an hour and 10 registrations an hour for an address; staff are not counted; IPv6 by network."""
    anybody = Subject(organization, ip=ip_address("203.0.113.5"))
    assert await admitted(policies, "http.request", anybody, 1010) == 1000
    assert await admitted(policies, "http.register", anybody, 12) == 10
    assert await admitted(policies, "http.request", replace(anybody, kind=SubjectKind.STAFF), 3) == 3
    six = [Subject(organization, ip=ip_address(f"2001:db8:1:2::{n}")) for n in range(1, 12)]
    decisions = [await policies.decide("http.register", subject) for subject in six]
    assert sum(isinstance(decision, Allowed) for decision in decisions) == 10
    mapped = Subject(organization, ip=ip_address("::ffff:203.0.113.5"))
    assert isinstance(await policies.decide("http.register", mapped), Refused)


async def test_all_or_nothing(policies: Policies, database: Database, organization: UUID, system: Actor) -> None:
    """POL-1: a request that one limit refuses is counted by none of the others."""
    await save(
        database,
        system,
        """
        rules:
          - {name: wide, actions: [x.go], limits: ["3/hour", "10/day"]}
          - {name: narrow, actions: [x.go], per: organization, limits: ["5/hour"]}
        """,
    )
    anna, boris = customer(organization), customer(organization)
    assert await admitted(policies, "x.go", anna, 10) == 3
    assert await admitted(policies, "x.go", boris, 10) == 2
    counts = await database.call("select count, ceiling from policies_counter order by ceiling, count")
    assert [tuple(row) for row in counts] == [(2, 3), (3, 3), (5, 5), (2, 10), (3, 10)]


async def test_a_request_of_two_actions(policies: Policies, organization: UUID) -> None:
    """POL-3: only attempts to sign in that fail are counted."""
    subject = Subject(organization, ip=ip_address("203.0.113.9"))
    for _ in range(40):
        decision = await policies.decide("http.request", subject, also=["http.login"])
        assert isinstance(decision, Allowed)
        await policies.forget(decision)
    assert await admitted(policies, "http.login", subject, 35) == 30


async def test_inside_a_transaction(policies: Policies, database: Database, organization: UUID) -> None:
    """POL-2: what is rolled back was not counted."""
    subject = customer(organization)
    for _ in range(7):
        try:
            async with database.transaction() as session:
                assert isinstance(await policies.decide("ai.request", subject, session=session), Allowed)
                raise InterruptedError
        except InterruptedError:
            continue
    async with database.transaction() as session:
        for _ in range(5):
            await policies.require("ai.request", subject, session=session)
    with pytest.raises(LimitReached) as refused:
        async with database.transaction() as session:
            await policies.require("ai.request", subject, session=session)
    assert refused.value.code == "policies.limit_reached"
    assert refused.value.facts["retry_after_s"] > 3500


async def test_forbidden_and_too_large(
    policies: Policies, database: Database, organization: UUID, system: Actor
) -> None:
    """POL-1, POL-3: `deny` gives its reason, `max_size` the size."""
    await save(
        database,
        system,
        """
        rules:
          - {name: no-video, actions: [video.*], unless: {tier: premium}, deny: "Video is for premium"}
          - {name: small, actions: [file.upload], max_size: 10 MB}
        """,
    )
    subject = customer(organization)
    with pytest.raises(Denied) as denied:
        await policies.require("video.make", subject)
    assert (denied.value.code, denied.value.message) == ("policies.denied", "Video is for premium")
    premium = replace(subject, facts=Facts(tier="premium"))
    assert isinstance(await policies.decide("video.make", premium), Allowed)
    assert isinstance(await policies.decide("file.upload", replace(subject, size=10 * 1024 * 1024)), Allowed)
    with pytest.raises(Invalid) as large:
        await policies.require("file.upload", replace(subject, size=10 * 1024 * 1024 + 1))
    assert large.value.facts["limit"] == 10 * 1024 * 1024


async def test_a_saved_rule_is_in_force_at_once(
    policies: Policies, database: Database, organization: UUID, system: Actor
) -> None:
    """POL-1: a process that still holds the old rules is told by the statement that counts."""
    other = Policies(database)
    subject = customer(organization)
    assert await admitted(policies, "ai.request", subject, 6) == 5
    assert isinstance(await other.decide("ai.request", subject), Refused)
    raised = "rules: [{name: ai-free, actions: [ai.request], limits: [7/hour]}]"
    await save(database, system, raised)
    # The counts of the same rule go on.
    assert await admitted(other, "ai.request", subject, 5) == 2
    await save(database, system, "rules: []")
    assert await admitted(policies, "ai.request", subject, 5) == 5
    async with database.transaction() as session:
        back = await module.roll_back(session, system, 1, "")
    assert (back.number, back.source) == (3, raised)
    assert isinstance(await policies.decide("ai.request", subject), Refused)


async def test_facts_are_read_only_for_rules_that_ask(
    policies: Policies, known: KnownFacts, organization: UUID
) -> None:
    """NFR-1: the hot path of HTTP asks nobody about the customer."""
    subject = customer(organization, ip=ip_address("203.0.113.7"))
    await policies.decide("http.request", subject)
    assert known.asked == 0
    await policies.decide("ai.request", subject)
    assert known.asked == 1


@pytest.mark.parametrize(("tier", "most"), [("free", 5), ("basic", 100), ("premium", 500)])
async def test_four_processes_together(database_url: str, organization: UUID, tier: str, most: int) -> None:
    """POL-2: four processes that race for one customer let exactly as many pass as the limit says."""
    words = [database_url, str(organization), str(ids.new()), "ai.request", tier, str(most // 2 + 10)]
    racers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.core.policies.racer", *words, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    allowed = [int((await racer.communicate())[0]) for racer in racers]
    assert sum(allowed) == most, allowed
