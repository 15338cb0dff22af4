"""Drafts, groups, blocking, payments and what survives a restart."""

import asyncio
import time
from pathlib import Path

from aiogram.utils.web_app import safe_parse_webapp_init_data

from tests.sandbox.telegram_stand import TOKEN, Json, Stand, stand

_OTHER = "4200000002:BBtestTokenForTheSandboxOfKassa12345"


async def _updates(place: Stand, token: str = TOKEN) -> list[Json]:
    """What waits for the bot; all of it is confirmed."""
    found: list[Json] = (await place.call("getUpdates", token))["result"]
    if found:
        await place.call("getUpdates", token, offset=found[-1]["update_id"] + 1)
    return found


async def test_a_draft_is_shown_stopped_and_replaced_by_the_message() -> None:
    async with stand() as place:
        person, key = await place.started()
        await _updates(place)
        assert (await place.call("sendMessageDraft", chat_id=person, draft_id=5, text=""))["result"] is True
        rich = {"blocks": [{"type": "thinking", "text": "…"}, {"type": "paragraph", "text": "part"}]}
        await place.call("sendRichMessageDraft", chat_id=person, draft_id=5, rich_message=rich, can_stop=True)
        shown = (await place.ask("GET", f"/chats/{key}/messages"))["draft"]
        assert shown["can_stop"] is True
        assert shown["rich_message"]["blocks"][1]["text"] == "part"

        assert (await place.ask("POST", f"/chats/{key}/stop", draft_id=5))["stopped"] is True
        assert (await place.ask("POST", f"/chats/{key}/stop", draft_id=5))["stopped"] is False
        [update] = await _updates(place)
        assert update["stopped_message_generation"]["draft_id"] == 5
        assert update["stopped_message_generation"]["chat"]["id"] == person

        await place.call("sendMessageDraft", chat_id=person, draft_id=6, text="next")
        await place.call("sendMessage", chat_id=person, text="final")
        history = await place.ask("GET", f"/chats/{key}/messages")
        assert history["draft"] is None
        assert history["messages"][-1]["text"] == "final"


async def test_drafts_are_for_private_chats_and_need_an_id() -> None:
    async with stand() as place:
        person, _ = await place.started()
        bot = int(TOKEN.partition(":")[0])
        group = await place.ask("POST", "/groups", title="G", owner=person, bots=[bot])
        refused = await place.call("sendMessageDraft", chat_id=group["id"], draft_id=1, text="x")
        assert refused["description"] == "Bad Request: TEXTDRAFT_PEER_INVALID"
        assert not (await place.call("sendMessageDraft", chat_id=person, draft_id=0, text="x"))["ok"]


async def test_a_bot_in_a_group_sees_what_concerns_it() -> None:
    async with stand() as place:
        person, _ = await place.started()
        bot = (await place.call("getMe"))["result"]
        group = await place.ask("POST", "/groups", title="Team", owner=person, bots=[bot["id"]])
        added = await _updates(place)
        assert [next(iter(set(item) - {"update_id"})) for item in added] == ["message", "my_chat_member", "message"]
        said = (await place.call("sendMessage", chat_id=group["id"], text="hello"))["result"]
        for text in ("chatter", "/help", "/help@someone_bot", f"/help@{bot['username']}", f"hey @{bot['username']}"):
            await place.say(group["key"], person, text)
        await place.say(group["key"], person, "an answer", said["message_id"])
        texts = [item["message"]["text"] for item in await _updates(place)]
        assert texts == ["/help", f"/help@{bot['username']}", f"hey @{bot['username']}", "an answer"]
        await place.ask("PATCH", f"/bots/{bot['id']}", privacy=False)
        await place.say(group["key"], person, "chatter again")
        assert [item["message"]["text"] for item in await _updates(place)] == ["chatter again"]


async def test_a_group_becomes_a_supergroup() -> None:
    async with stand() as place:
        person, _ = await place.started()
        bot = int(TOKEN.partition(":")[0])
        group = await place.ask("POST", "/groups", title="Team", owner=person, bots=[bot])
        await _updates(place)
        new = await place.ask("POST", f"/groups/{group['key']}/migrate")
        assert str(new["id"]).startswith("-100")
        old, fresh = [item["message"] for item in await _updates(place)]
        assert old["migrate_to_chat_id"] == new["id"]
        assert fresh["migrate_from_chat_id"] == group["id"]
        refused = await place.call("sendMessage", chat_id=group["id"], text="x")
        assert refused["error_code"] == 400
        assert refused["parameters"] == {"migrate_to_chat_id": new["id"]}
        assert (await place.call("sendMessage", chat_id=new["id"], text="x"))["ok"]


async def test_a_join_request_is_approved_once() -> None:
    async with stand() as place:
        owner, _ = await place.started()
        bot = int(TOKEN.partition(":")[0])
        body = {"title": "Paid", "owner": owner, "type": "channel", "bots": [bot], "bots_are_administrators": True}
        channel = await place.ask("POST", "/groups", **body)
        link = (await place.call("createChatInviteLink", chat_id=channel["id"], creates_join_request=True))["result"]
        guest = (await place.person("Boris"))["id"]
        await _updates(place)
        opened = await place.ask("POST", "/deep-links", person=guest, url=link["invite_link"])
        assert opened["outcome"] == "requested"
        [update] = await _updates(place)
        assert update["chat_join_request"]["user_chat_id"] == guest
        assert (await place.call("approveChatJoinRequest", chat_id=channel["id"], user_id=guest))["ok"]
        member = await place.call("getChatMember", chat_id=channel["id"], user_id=guest)
        assert member["result"]["status"] == "member"
        again = await place.call("approveChatJoinRequest", chat_id=channel["id"], user_id=guest)
        assert again["description"] == "Bad Request: USER_ALREADY_PARTICIPANT"


async def test_blocking_and_leaving_are_told() -> None:
    async with stand() as place:
        person, _ = await place.started()
        bot = int(TOKEN.partition(":")[0])
        await _updates(place)
        await place.ask("POST", f"/bots/{bot}/block", person=person)
        [update] = await _updates(place)
        assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
        refused = await place.call("sendMessage", chat_id=person, text="x")
        assert (refused["error_code"], refused["description"]) == (403, "Forbidden: bot was blocked by the user")
        await place.ask("POST", f"/bots/{bot}/unblock", person=person)
        assert (await place.call("sendMessage", chat_id=person, text="x"))["ok"]
        await place.ask("PATCH", f"/people/{person}", is_deactivated=True)
        gone = await place.call("sendMessage", chat_id=person, text="x")
        assert gone["description"] == "Forbidden: user is deactivated"
        stranger = (await place.person("Vera"))["id"]
        unknown = await place.call("sendMessage", chat_id=stranger, text="x")
        assert unknown["description"] == "Bad Request: chat not found"


async def test_flood_control_says_how_long_to_wait() -> None:
    async with stand() as place:
        person, _ = await place.started()
        answers = [await place.call("sendMessage", chat_id=person, text=str(number)) for number in range(7)]
        refused = [answer for answer in answers if not answer["ok"]]
        assert len(refused) == 2
        assert refused[0]["error_code"] == 429
        assert refused[0]["parameters"] == {"retry_after": 1}
        assert refused[0]["description"] == "Too Many Requests: retry after 1"
        await place.ask("PATCH", "/settings", limits=False)
        assert all([(await place.call("sendMessage", chat_id=person, text="x"))["ok"] for _ in range(40)])


async def test_one_bot_sends_thirty_a_second_to_all() -> None:
    async with stand() as place:
        people = (await place.person(count=40))["ids"]
        await place.ask("PATCH", "/settings", open_to_all=True)
        began = time.monotonic()
        answers = await asyncio.gather(*(place.call("sendMessage", chat_id=person, text="x") for person in people))
        took_s = time.monotonic() - began
        assert 30 <= sum(answer["ok"] for answer in answers) <= 31 + 30 * took_s


async def test_faults_of_calls() -> None:
    async with stand() as place:
        person, key = await place.started()
        for kind, code in (("429", 429), ("500", 500), ("blocked", 403)):
            await place.ask("POST", "/faults", target="telegram", kind=kind, match="sendMessage", times=1)
            assert (await place.call("sendMessage", chat_id=person, text="x"))["error_code"] == code
        await place.ask("POST", "/faults", target="telegram", kind="lost", match="sendMessage", times=1)
        assert (await place.call("sendMessage", chat_id=person, text="lost"))["ok"]
        history = await place.ask("GET", f"/chats/{key}/messages")
        assert [message["text"] for message in history["messages"]] == ["/start"]
        await place.ask("POST", "/faults", target="telegram", kind="timeout", times=1, options={"seconds": 0.2})
        assert (await place.call("sendMessage", chat_id=person, text="x"))["error_code"] == 504


async def test_tokens_are_checked() -> None:
    async with stand() as place:
        assert (await place.call("getMe", "nonsense"))["error_code"] == 401
        assert (await place.call("getMe"))["ok"]
        wrong = await place.call("getMe", TOKEN[:-1] + "x")
        assert wrong == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        assert (await place.call("getMee"))["error_code"] == 404
        assert (await place.call("GETME"))["ok"]


async def test_stars_are_asked_paid_and_refunded() -> None:
    async with stand() as place:
        person, key = await place.started()
        await _updates(place)
        order = {"title": "Tokens", "description": "For a week", "payload": "order-1", "currency": "XTR"}
        prices = [{"label": "Tokens", "amount": 250}]
        invoice = (await place.call("sendInvoice", chat_id=person, prices=prices, **order))["result"]
        await place.ask("POST", f"/chats/{key}/pay", person=person, message_id=invoice["message_id"])
        [asked] = await _updates(place)
        question = asked["pre_checkout_query"]
        assert (question["total_amount"], question["invoice_payload"]) == (250, "order-1")
        await place.call("answerPreCheckoutQuery", pre_checkout_query_id=question["id"], ok=True)
        [paid] = await _updates(place)
        charge = paid["message"]["successful_payment"]["telegram_payment_charge_id"]
        assert (await place.call("getMyStarBalance"))["result"] == {"amount": 250}
        refund = {"user_id": person, "telegram_payment_charge_id": charge}
        assert (await place.call("refundStarPayment", **refund))["ok"]
        again = await place.call("refundStarPayment", **refund)
        assert again["description"] == "Bad Request: CHARGE_ALREADY_REFUNDED"
        assert len((await place.call("getStarTransactions"))["result"]["transactions"]) == 2
        assert (await place.call("getMyStarBalance"))["result"] == {"amount": 0}


async def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    async with stand(tmp_path) as place:
        person, key = await place.started("Анна")
        await place.call("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
        group = await place.ask("POST", "/groups", title="Team", owner=person, bots=[int(TOKEN.partition(":")[0])])
        sent = (await place.call("sendMessage", chat_id=person, text="kept"))["result"]
    async with stand(tmp_path) as place:
        history = await place.ask("GET", f"/chats/{key}/messages")
        assert [message["text"] for message in history["messages"]] == ["/start", "kept"]
        assert len((await place.call("getUpdates"))["result"]) == 3
        assert (await place.call("getMyCommands"))["result"][0]["command"] == "start"
        assert (await place.call("sendMessage", chat_id=group["id"], text="x"))["ok"]
        following = (await place.call("sendMessage", chat_id=person, text="y"))["result"]
        assert following["message_id"] == sent["message_id"] + 1


async def test_deep_links_and_signed_init_data() -> None:
    async with stand() as place:
        bot = await place.ask("POST", "/bots", name="Kassa", username="kassa_demo_bot", token=_OTHER)
        person = (await place.person("Анна", username="anna"))["id"]
        opened = await place.ask("POST", "/deep-links", person=person, url="https://t.me/kassa_demo_bot?start=ref_7")
        assert opened["message"]["text"] == "/start ref_7"
        [update] = await _updates(place, _OTHER)
        assert update["message"]["text"] == "/start ref_7"
        signed = await place.ask("POST", "/init-data", bot=bot["id"], person=person, start_param="x y&z")
        parsed = safe_parse_webapp_init_data(_OTHER, signed["init_data"])
        assert parsed.user is not None
        assert (parsed.user.id, parsed.user.first_name, parsed.start_param) == (person, "Анна", "x y&z")


async def test_events_reach_the_browser() -> None:
    async with stand() as place:
        person, key = await place.started()
        async with place.http.get(f"{place.url}/sandbox/api/events") as stream:
            await stream.content.readline()
            await place.call("sendMessage", chat_id=person, text="seen")
            async with asyncio.timeout(30):
                while b'"message"' not in (line := await stream.content.readline()):
                    pass
            assert b"seen" in line
            assert key.encode() in line
