"""DSK-4, CHN-4: the protocol of the WebSocket: who may open it, what may be followed, what a client can do wrong."""

import asyncio
import json
import logging
import random
from contextlib import AsyncExitStack

import aiohttp
import pytest
from structlog.testing import capture_logs

from kassa.core import live
from kassa.core.live import limits
from kassa.kit.db import Database
from tests.core.live.nodes import Client, Node, connected, posted, revoke


async def test_a_wrong_or_late_hello_closes_the_socket(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """DSK-4: no token, no events: 4401 for a wrong token, 4400 for another first frame, 4408 for none."""
    for first, code in (
        ({"type": "hello", "token": "nonsense"}, 4401),
        ({"type": "hello"}, 4401),
        ({"type": "subscribe", "stream": "own:1"}, 4400),
    ):
        async with connected(node, None) as client:
            await client.send(**first)
            assert await client.closed() == code
    monkeypatch.setattr(limits, "HELLO_S", 0.3)
    async with connected(node, None) as client:
        assert await client.closed() == 4408


async def test_a_closed_session_closes_its_sockets_in_every_process(node: Node, other: Node) -> None:
    """DSK-4, IDN-7: signing out, or a ban, ends the sockets at once, wherever they are; others stay."""
    token, customer = await node.guest()
    neighbour, _ = await node.guest()
    async with connected(node, token) as here, connected(other, token) as there, connected(other, neighbour) as third:
        await revoke(node, customer.id)
        assert await here.closed() == await there.closed() == 4401
        assert (await third.ask(type="ping"))["type"] == "pong"
    async with connected(node, None) as again:
        await again.send(type="hello", token=token)
        assert await again.closed() == 4401


async def test_only_who_may_hear_a_stream_follows_it(node: Node) -> None:
    """DSK-4, IDN-5: another's stream, a kind that nobody declared and a stream without an id all look the same."""
    token, customer = await node.guest()
    _, stranger = await node.guest()
    async with connected(node, token, f"own:{customer.id}") as client:
        for stream in (f"own:{stranger.id}", "own:", "nothing:1", "", "own"):
            answer = await client.ask(type="subscribe", stream=stream)
            assert (answer["type"], answer["code"]) == ("error", "live.stream_not_found"), stream
        await node.publish(stranger, 1)
        await node.publish(customer, 2)
        assert await client.numbers(1) == [2]


async def test_what_is_posted_comes_back_as_an_event(node: Node, other: Node) -> None:
    """CHN-4: a post is answered to its sender with the sender's id, and reaches followers in every process."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as one, connected(other, token, stream) as two:
        await one.send(type="post", stream=stream, id="c-1", payload={"number": 7})
        answers = {(frame := await one.read())["type"]: frame for _ in range(2)}
        assert answers["posted"]["id"] == "c-1"
        assert answers["posted"]["payload"] == {"seq": 1}
        assert answers["event"] == {
            "type": "event", "stream": stream, "seq": 1, "kind": "said", "payload": {"number": 7},
        }  # fmt: skip
        assert await two.numbers(1) == [7]
        assert posted[-1] == ("c-1", {"number": 7})
        assert (await one.ask(type="post", stream="own:x", id="2"))["code"] == "live.not_subscribed"
        assert (await one.ask(type="post", stream=stream))["code"] == "live.malformed"


async def test_what_passes_by_is_not_stored(node: Node, other: Node) -> None:
    """DSK-4: typing reaches those who listen now, of any length, with who it is from; the log does not know of it."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    long = "слово 🌍 " * 5000
    async with connected(node, token, stream) as one, connected(other, token, stream) as two:
        await one.send(type="signal", stream=stream, kind="typing", payload={"where": "here"})
        frame = await two.read()
        assert frame["payload"] == {"where": "here", "by": {"kind": "customer", "id": str(customer.id)}}
        assert "seq" not in frame
        assert (await one.read())["kind"] == "typing"
        await live.tell(node.app.get(Database), stream, "draft", {"text": long})
        assert (await two.read())["payload"]["text"] == (await one.read())["payload"]["text"] == long
        for kind, payload in (("shout", {}), ("typing", {"text": "x" * 2000})):
            answer = await one.ask(type="signal", stream=stream, kind=kind, payload=payload)
            assert answer["code"] == "live.signal_refused"
        assert (await two.ask(type="subscribe", stream=stream, after_seq=0))["seq"] == 0


async def test_unsubscribed_is_heard_no_more(node: Node) -> None:
    """DSK-4: a client hears what it follows and nothing else; following again begins where it says."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as client:
        assert (await client.ask(type="unsubscribe", stream=stream))["type"] == "unsubscribed"
        await node.publish(customer, 1)
        assert (await client.ask(type="ping"))["type"] == "pong"
        again = await client.ask(type="subscribe", stream=stream, after_seq=0)
        assert (again["seq"], again["recovered"]) == (1, True)
        assert await client.numbers(1) == [1]


async def test_a_mistake_is_told_and_a_bug_is_not(node: Node) -> None:
    """DSK-4: an error frame names the client's id; a bug of ours tells no details, and the socket lives."""
    token, customer = await node.guest()
    stream = f"own:{customer.id}"
    async with connected(node, token, stream) as client:
        with capture_logs() as logged:
            answer = await client.ask(type="post", stream=stream, id="9", payload={"fail": 1})
        assert (answer["code"], answer["id"]) == ("service.internal_error", "9")
        assert "ZeroDivision" not in json.dumps(answer)
        assert (await client.ask(type="hello", token=token))["code"] == "live.hello_twice"
        assert (await client.ask(type="ping"))["type"] == "pong"
    assert [line["event"] for line in logged] == ["frame_failed"]


NONSENSE = [
    "", "{", "[]", "1", "null", '"hello"', "{}", '{"type":1}', '{"type":"event"}', '{"type":"subscribe","stream":7}',
    '{"type":"subscribe","stream":"own:1","after_seq":-1}', '{"type":"subscribe","stream":"own:1","after_seq":1e400}',
    '{"type":"subscribe","stream":"own:1","after_seq":true}', '{"type":"post","stream":"x","payload":[]}',
    '{"type":"subscribe","stream":"' + "x" * 500 + '"}', '{"type":"post","id":"a\\u0000b","stream":"own:1"}',
    '{"type":"post","payload":{"a":' + "[" * 5000 + "]" * 5000 + "}}", "\ud7ff", "{" * 2000,
]  # fmt: skip


async def test_nonsense_is_answered_and_never_a_traceback(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    """DSK-4: whatever a client sends, it gets an error frame or a close code, and nothing is logged as our error."""
    token, customer = await node.guest()
    chance = random.Random(4)
    with caplog.at_level(logging.WARNING), capture_logs() as logged:
        for text in NONSENSE:
            async with connected(node, token, f"own:{customer.id}") as client:
                await client.socket.send_str(text)
                assert (await client.read())["type"] == "error", text
        for _ in range(40):
            async with connected(node, token if chance.random() < 0.7 else None) as client:
                raw = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 200)))
                await _throw(client, raw, chance.choice(("text", "bytes", "raw")))
        async with connected(node, token) as client:
            for _ in range(limits.MISTAKES + 1):
                await client.socket.send_str("{")
            assert await client.closed() == 4400
        async with connected(node, token) as client:
            await client.socket.send_str("x" * (live.MAX_FRAME_BYTES + 1))
            assert await client.closed() == 1009
    assert [line for line in logged if line["log_level"] in ("error", "exception")] == []
    assert [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []


async def _throw(client: Client, raw: bytes, how: str) -> None:
    if how == "text":
        await client.socket._writer.send_frame(raw, aiohttp.WSMsgType.TEXT)  # not UTF-8, most of the time
    elif how == "bytes":
        await client.socket.send_bytes(raw)
    else:
        transport = client.socket._writer.transport
        assert transport is not None
        transport.write(raw)
    await asyncio.sleep(0)


async def test_a_flood_is_read_slowly_and_nothing_of_it_is_lost(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """POL-3: frames beyond the limit wait; each is answered in the end."""
    monkeypatch.setattr(limits, "FRAMES_BURST", 20)
    monkeypatch.setattr(limits, "FRAMES_PER_S", 100.0)
    token, _ = await node.guest()
    async with connected(node, token) as client:
        began = asyncio.get_running_loop().time()
        for _ in range(100):
            await client.send(type="ping")
        for _ in range(100):
            assert (await client.read())["type"] == "pong"
        assert asyncio.get_running_loop().time() - began > 0.7


async def test_one_person_and_one_address_have_so_many_sockets(
    node: Node, other: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """POL-3: the rules say how many a customer has in all processes; one more is closed with 4429, and one that is
    closed makes room. An address has so many in a process, signed in or not."""
    token, _ = await node.guest()
    async with AsyncExitStack() as stack:
        for number in range(19):
            await stack.enter_async_context(connected(other if number % 2 else node, token))
        async with connected(node, token), connected(other, None) as one_more:
            await one_more.send(type="hello", token=token)
            assert await one_more.closed() == 4429
        async with asyncio.timeout(30):
            while not await _is_welcome(node, token):  # noqa: ASYNC110 - asked over the network
                await asyncio.sleep(0.05)
        monkeypatch.setattr(limits, "SOCKETS_PER_ADDRESS", 2)
        async with connected(node, None) as one_more:
            assert await one_more.closed() == 4429


async def _is_welcome(node: Node, token: str) -> bool:
    async with connected(node, None) as client:
        await client.send(type="hello", token=token)
        return (await client.socket.receive()).type is aiohttp.WSMsgType.TEXT


async def test_who_reads_slowly_is_closed_and_resumes(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHN-4: a full buffer is never a silent gap: the socket is closed with 4413, and the log has what is missing."""
    monkeypatch.setattr(limits, "BUFFER_FRAMES", 50)
    token, customer = await node.guest()
    stream, seen = f"own:{customer.id}", 0
    async with connected(node, token, stream) as client:
        transport = client.socket._writer.transport
        assert transport is not None
        transport.pause_reading()
        for number in range(1, 401):
            await node.publish(customer, number, filling="x" * 30_000)
        transport.resume_reading()
        while (message := await client.socket.receive(10)).type is aiohttp.WSMsgType.TEXT:
            frame = json.loads(message.data)
            assert frame["seq"] == seen + 1
            seen = frame["seq"]
        assert message.data == 4413
        assert seen < 400
    monkeypatch.undo()
    async with connected(node, token) as client:
        # Too much to be replayed into a buffer: read anew. A few are replayed.
        assert (await client.ask(type="subscribe", stream=stream, after_seq=seen))["recovered"] is False
        assert (await client.ask(type="subscribe", stream=stream, after_seq=390))["recovered"] is True
        assert await client.numbers(10) == list(range(391, 401))
