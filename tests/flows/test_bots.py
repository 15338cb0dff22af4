"""Two bots of one installation, and the keys that their tokens are encrypted with."""

import aiohttp

from tests.flows.installation import Installation
from tests.flows.phone import text_of
from tests.flows.steps import ask, buttons, buy, choose, has_button, press, tokens


async def test_each_bot_has_its_own_plans_texts_and_languages(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """CHN-2, CHN-5, IDN-3: what one bot sells and says is not what the other does; the person is the same customer."""
    russian = await checked.meet(http, "neuro_demo_bot", "ru", "Пётр")
    other = await checked.meet(http, "tokens_demo_bot", "ru", "Пётр")
    assert "Hello" in text_of(await other.wait("Пётр"))
    offered = {}
    for phone in (russian, other):
        await phone.say("/buy")
        shop = await phone.wait(has_button("plan:eternal-150k"))
        offered[phone.bot["username"]] = {button.get("callback_data") for button in buttons(shop)}
    assert offered["tokens_demo_bot"] == {"plan:eternal-150k", "plan:eternal-500k", "plan:unlimited-1d"}
    assert offered["neuro_demo_bot"] > offered["tokens_demo_bot"] | {"plan:tokens-7d-150k"}
    await other.say("/models")
    listed = await other.wait(has_button("model:chatgpt-4-omni"))
    assert {button["callback_data"] for button in buttons(listed)} == {"model:chatgpt-4-omni", "model:claude-sonnet"}
    staff = await checked.owner(http)
    bot = await checked.value("select id::text from channel_bot where username = 'tokens_demo_bot'")
    url = f"{checked.base}/api/v1/admin/bots/{bot}/texts/en/channels-menu"
    try:
        async with http.put(url, json={"text": "**Our own menu**"}, headers=staff) as answer:
            assert answer.status == 200, await answer.text()
        await other.say("/menu")
        assert "Our own menu" in text_of(await other.wait("menu"))
        await russian.say("/menu")
        assert "Меню" in text_of(await russian.wait("📋"))
    finally:
        async with http.delete(url, headers=staff) as answer:
            assert answer.status == 204


async def test_one_person_has_one_balance_in_both_bots(checked: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-3: one customer per organization and Telegram account: what is bought in one bot is spent in the other."""
    first = await checked.meet(http, "neuro_demo_bot")
    await buy(first)
    bots = [bot for bot in await _bots(checked, http) if bot["username"] == "tokens_demo_bot"]
    first.bot, first.key = bots[0], f"{bots[0]['id']}:{first.person}"
    await first.post("/deep-links", {"person": first.person, "url": "https://t.me/tokens_demo_bot"})
    await first.wait("Вера")
    assert await tokens(checked, first, http) == (150_000, 0)


async def test_keys_are_rotated(place_alone: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-2, RUN-3: after rotate-keys the new key alone opens every token; with the old one doctor says what to do."""
    place = place_alone
    old = (place.folder / "data" / "secret-key").read_text().strip()
    new = "a-new-key-that-is-long-enough-for-it"
    phone = await place.meet(http)
    found = await place.command("rotate-keys", SECRET_KEYS=f"{new},{old}")
    assert (found["bots"], found["ai_keys"] > 0) == (2, True)
    report = await place.command("doctor", code=1, SECRET_KEYS=old)
    advice = {finding["advice"] for finding in report["findings"] if finding["name"].startswith("bot @")}
    assert any("KASSA_SECRET_KEYS" in text for text in advice)
    place.processes[0].stop()
    place.up(SECRET_KEYS=new)
    sent = await phone.say("/help")
    await phone.wait("/paysupport", after=sent["message_id"])
    await place.check()


async def _bots(place: Installation, http: aiohttp.ClientSession) -> list[dict[str, object]]:
    async with http.get(f"{place.base}/sandbox/api/bots") as answer:
        return list(await answer.json())


async def test_a_command_ends_what_the_bot_was_waiting_for(checked: Installation, http: aiohttp.ClientSession) -> None:
    """CHN-2: who was asked for a dialog's name and gives a command has thought better of it: their next words are a
    question, and no name."""
    phone = await checked.meet(http)
    await buy(phone)
    await choose(phone)
    await ask(phone, "Что такое актив?")
    await phone.say("/dialogs")
    listed = await phone.wait("диалог")
    number = next(
        button["callback_data"] for button in buttons(listed) if button["callback_data"].startswith("dialog:")
    )
    await press(phone, listed, number)
    await press(phone, await phone.wait(has_button(f"{number}:title")), f"{number}:title")
    await phone.wait("назв")
    await phone.say("/balance")
    await phone.wait("На балансе")
    await ask(phone, "Что такое пассив?")
    await phone.say("/dialogs")
    assert "Что такое пассив?" not in str(buttons(await phone.wait("диалог")))
