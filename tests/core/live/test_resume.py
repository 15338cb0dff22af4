"""CHN-4, DSK-4: every event once and in order, over lost connections, lost listeners and a log that has forgotten."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from kassa.core import live
from kassa.core.live import hub, log
from kassa.kit import clock
from kassa.kit.db import Database
from tests.core.live.nodes import Client, Node, connected, serving


async def _lose_listeners(node: Node) -> None:
    """PostgreSQL ends every connection that listens."""
    await node.app.get(Database).call(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and"
        " (query ilike 'listen%' or query = 'select 1') and pid <> pg_backend_pid()"
    )


async def test_numbers_follow_commits_and_have_no_gaps(node: Node) -> None:
    """DSK-4: twenty publishers at once, some of which roll back: the numbers are 1 to n and come in that order."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    database = node.app.get(Database)

    async def publish(number: int) -> None:
        try:
            async with database.transaction() as session:
                await live.publish(session, customer.organization_id, stream, "said", {"number": number})
                if number % 3 == 0:
                    raise RuntimeError
        except RuntimeError:
            pass

    async with connected(node, token, stream) as client:
        await asyncio.gather(*(publish(number) for number in range(60)))
        frames = [await client.read() for _ in range(40)]
        assert [frame["seq"] for frame in frames] == list(range(1, 41))
        assert sorted(frame["payload"]["number"] for frame in frames) == [n for n in range(60) if n % 3]


async def test_who_was_away_gets_what_was_missed(node: Node, other: Node) -> None:
    """CHN-4: after a drop the client names its number, in whatever process it lands, and gets the rest once."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as client:
        await node.publish(customer, 1)
        assert await client.numbers(1) == [1]
    for number in range(2, 8):
        await node.publish(customer, number, large="x" * (9000 if number == 4 else 1))
    async with connected(other, token) as client:
        answer = await client.ask(type="subscribe", stream=stream, after_seq=1)
        assert answer == {"type": "subscribed", "stream": stream, "seq": 7, "recovered": True}
        await node.publish(customer, 8)
        assert await client.numbers(7) == [2, 3, 4, 5, 6, 7, 8]


async def test_a_gap_that_is_not_kept_is_told(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHN-4: when the log has forgotten, or is too long to replay, or is of another history, the client reads anew."""
    monkeypatch.setattr(log, "MOST_REPLAYED", 5)
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    for number in range(1, 9):
        await node.publish(customer, number)
    async with connected(node, token) as client:
        for after, recovered in ((0, True), (3, True), (8, True), (9, False), (1000, False)):
            answer = await client.ask(type="subscribe", stream=stream, after_seq=after)
            assert (answer["seq"], answer["recovered"]) == (8, recovered), after
            if recovered:
                assert await client.numbers(8 - after) == list(range(after + 1, 9))
        await node.app.get(Database).call("update live_event set created_at = now() - interval '3 days' where seq < 5")
        await log.prune(node.app)
        assert (await client.ask(type="subscribe", stream=stream, after_seq=3))["recovered"] is False
        assert (await client.ask(type="subscribe", stream=stream, after_seq=4))["recovered"] is True
        assert await client.numbers(4) == [5, 6, 7, 8]
        await node.publish(customer, 9)
        assert await client.numbers(1) == [9]


async def test_the_loss_of_the_listener_loses_nothing(node: Node, other: Node) -> None:
    """CHN-4: what is published while no process listens is read from the log when they listen again, in order."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as one, connected(other, token, stream) as two:
        for number in range(1, 61):
            if number % 15 == 1:
                await _lose_listeners(node)
            await node.publish(customer, number)
        assert await one.numbers(60) == await two.numbers(60) == list(range(1, 61))


async def test_a_notification_that_was_not_heard_is_made_up_for(node: Node) -> None:
    """CHN-4: a skipped number is seen at the next one, and read; a repeated one is not given out again."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as client:
        heard = node.app.get(hub.Hub)
        await node.publish(customer, 1)
        assert await client.numbers(1) == [1]
        hear, heard.hear = heard.hear, lambda said: None  # type: ignore[method-assign]
        await node.publish(customer, 2)
        await node.publish(customer, 3)
        await asyncio.sleep(0.2)
        heard.hear = hear  # type: ignore[method-assign]
        hear(f'e1 {stream}\n{{"type":"event","payload":{{"number":1}}}}')
        await node.publish(customer, 4)
        assert await client.numbers(3) == [2, 3, 4]


async def test_a_thousand_messages_over_a_hundred_drops(node: Node, other: Node) -> None:
    """NFR-5, CHN-4: publishers never wait, the client drops every few messages and lands here or there: each message is
    seen once, in order."""
    token, customer = await node.guest()
    stream, seen = f"own:{customer.id}", list[int]()

    async def publish() -> None:
        for number in range(1, 1001):
            await (node if number % 2 else other).publish(customer, number)

    publishing = asyncio.create_task(publish())
    drops, position = 0, 0
    while len(seen) < 1000:
        async with connected(other if drops % 2 else node, token) as client:
            answer = await client.ask(type="subscribe", stream=stream, after_seq=position)
            assert answer["recovered"] is True
            position = await _read_some(client, position, seen, 10 if drops < 100 else 1000)
        drops += 1
    await publishing
    assert seen == list(range(1, 1001))
    assert drops >= 100


async def _read_some(client: Client, position: int, seen: list[int], most: int) -> int:
    for _ in range(min(most, 1000 - len(seen))):
        frame = await client.read()
        position = frame["seq"]
        seen.append(frame["payload"]["number"])
    return position


async def test_a_stopping_process_sends_its_clients_elsewhere(node: Node, database_url: str) -> None:
    """RUN-6, CHN-4: a process that stops closes its sockets with 1012 and waits for none of them."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with AsyncExitStack() as stack:
        async with serving(database_url) as going:
            client = await stack.enter_async_context(connected(going, token, stream))
            begun = clock.now()
        assert await client.closed() == 1012
        assert (clock.now() - begun).total_seconds() < 5
    async with connected(node, token) as client:
        assert (await client.ask(type="subscribe", stream=stream, after_seq=0))["recovered"] is True
