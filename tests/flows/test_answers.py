"""Answers that are long, or written into a group."""

import re

import aiohttp

from kassa.sandbox.ai import answers as emulated
from kassa.sandbox.ai import given
from tests.flows.installation import Installation
from tests.flows.phone import Json, Phone, text_of
from tests.flows.steps import answers, buy, choose, eventually, last_id, tokens


def _letters(text: str) -> str:
    """The words without their marks and spaces; the name of a code's language is shown as no word."""
    return re.sub(r"\W|python", "", text)


async def _whole(checked: Installation, http: aiohttp.ClientSession, characters: int) -> list[Json]:
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone)
    await phone.fault("openai", "slow", times=1, match="gpt-4o", chunk_delay_s=0)
    # In English, because the model's own limit of its answers is one of bytes.
    question = f"Write an overview of {characters} characters: code, a table, a formula. {phone.person}"
    sent = await phone.say(question)
    wanted = emulated.answer(given.of(question), "gpt-4o").strip()
    assert len(wanted) >= characters - 2
    await eventually(lambda: tokens(checked, phone, http), (149_000, 0))
    await checked.until("select not exists (select 1 from channel_message where state = 'pending')")
    found = [message for message in await phone.from_bot() if message["message_id"] > sent["message_id"]]
    assert _letters("\n".join(text_of(message) for message in found)) == _letters(wanted)
    return found


async def test_an_answer_of_20000_characters_arrives_whole(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-3: code, tables and formulas of a long answer come as one rich message, and nothing of it is cut."""
    (message,) = await _whole(checked, http, 20_000)
    blocks = str(message["rich_message"])
    for kind in ("'table'", "'pre'", "'mathematical_expression'"):
        assert kind in blocks, kind


async def test_an_answer_longer_than_a_message_arrives_in_parts(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """CHN-3: what does not fit into one message goes on in the next, no word lost and none twice."""
    assert len(await _whole(checked, http, 50_000)) >= 2


async def test_a_group_sees_the_answer_by_edits(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-3: a group has no drafts: one message is edited, not more often than allowed, with a Stop button."""
    owner = await checked.meet(http)
    await buy(owner)
    group = await owner.post("/groups", {"title": "Совет", "owner": owner.person, "bots": [owner.bot["id"]]})
    chat = Phone(http, checked.base, owner.person, owner.bot)
    chat.key = group["key"]
    await chat.fault("openai", "slow", times=1, match="gpt-4o-mini", chunk_delay_s=0.12)
    sent = await chat.say("@neuro_demo_bot Сравни чай и кофе")
    await chat.wait("Ответила модель", timeout_s=40)
    (answer,) = await answers(chat)
    assert answer["reply_to_message"]["message_id"] == sent["message_id"]
    await eventually(lambda: tokens(checked, owner, http), (149_750, 0))
    assert len([m for m in await chat.from_bot() if m["message_id"] > sent["message_id"]]) == 1
    methods = [
        call["method"] for call in await _calls(checked, http) if str(call["params"].get("chat_id")) == group["key"]
    ]
    assert not [method for method in methods if "Draft" in method]
    assert methods.count("editMessageText") >= 2
    assert await last_id(owner) < 100  # nothing of it came into the private chat


async def _calls(place: Installation, http: aiohttp.ClientSession) -> list[Json]:
    async with http.get(f"{place.base}/sandbox/api/requests", params={"limit": 5000}) as answer:
        return list(await answer.json())
