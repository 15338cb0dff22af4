"""What the panel asks of policies: why something was refused, trials of drafts, flags, experiments, word lists."""

from typing import Any

import aiohttp

from tests.flows.installation import Installation
from tests.flows.steps import buy, choose, has_button, last_id, tokens
from tests.flows.test_chat_limits import customer_of, give_tokens

Json = dict[str, Any]
Headers = dict[str, str]


async def call(
    http: aiohttp.ClientSession, place: Installation, headers: Headers, method: str, path: str, body: Json | None = None
) -> tuple[int, Json]:
    """A request to the panel's REST."""
    url = f"{place.base}/api/v1{path}"
    async with http.request(method, url, headers=headers, json=body) as answer:
        return answer.status, (await answer.json() if answer.status != 204 else {})


async def test_why_was_this_refused(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-1: a refusal is explained rule by rule, and a draft shows what it would change, counting nothing."""
    phone = await checked.meet(http)
    customer, _ = await customer_of(checked, phone)
    owner = await checked.owner(http)
    trial: Json = {"action": "ai.request", "subject": {"customer_id": str(customer)}}
    status, told = await call(http, checked, owner, "POST", "/admin/policies/trial", trial)
    assert (status, told["verdict"]) == (200, "allowed")
    await give_tokens(checked, phone, 100_000)
    await choose(phone, "chatgpt-4-omni-mini")
    for number in range(6):
        before = await last_id(phone)
        await phone.say(f"вопрос {number}")
        await phone.wait(lambda message: "Ответила" in str(message) or "Следующий" in str(message), after=before)
    status, page = await call(http, checked, owner, "GET", f"/admin/policies/refusals?customer_id={customer}")
    refusal = page["items"][0]
    assert (refusal["action"], refusal["rule"], refusal["reason"]) == ("ai.request", "ai-free", "limit_reached")
    assert refusal["subject"]["facts"]["tier"] == "free"
    status, told = await call(http, checked, owner, "POST", "/admin/policies/trial", {"refusal_id": refusal["id"]})
    assert (told["verdict"], told["rule"]) == ("limit_reached", "ai-free")
    rules = {rule["rule"]: rule for rule in told["rules"]}
    free = rules["ai-free"]["counters"][0]
    assert (free["limit"], free["used"], free["is_full"]) == ("5/hour", 5, True)
    assert told["retry_at"] == free["closes_at"]
    assert rules["ai-premium"]["why"] == "when.tier: premium is not free"
    source = "rules: [{name: ai-free, actions: [ai.request], limits: [9/hour]}]"
    body = {"refusal_id": refusal["id"], "source": source}
    for _ in range(6):
        status, told = await call(http, checked, owner, "POST", "/admin/policies/trial", body)
        assert (told["verdict"], told["rules"][0]["counters"][0]["used"]) == ("allowed", 5)
    status, told = await call(http, checked, owner, "POST", "/admin/policies/trial", body | {"source": "rules: 5"})
    assert (status, told["code"]) == (422, "policies.rules_invalid")
    trial = {"action": "ai.request", "subject": {"customer_id": str(customer), "tier": "premium"}}
    assert (await call(http, checked, owner, "POST", "/admin/policies/trial", trial))[1]["verdict"] == "allowed"
    wrong = {"action": "ai.request", "subject": {"ip": "x"}}
    assert (await call(http, checked, owner, "POST", "/admin/policies/trial", wrong))[1]["code"] == (
        "policies.subject_invalid"
    )


async def test_rules_are_checked_before_they_are_saved(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-1: what is wrong is told by line, key, value and what is allowed; an analyst reads and does not write."""
    owner = await checked.owner(http)
    source = "rules:\n  - name: a\n    actions: [x.go]\n    limits: [5/fortnight]\n"
    status, told = await call(http, checked, owner, "POST", "/admin/policies/check", {"source": source})
    assert (status, told["valid"], told["problems"][0]["line"]) == (200, False, 4)
    assert "10 minutes" in told["problems"][0]["problem"]
    status, told = await call(http, checked, owner, "PUT", "/admin/policies", {"source": source})
    assert (status, told["code"], told["details"]["problems"][0]["line"]) == (422, "policies.rules_invalid", 4)
    body = {"email": "analyst@example.com", "password": "a long password", "role": "analyst"}
    assert (await call(http, checked, owner, "POST", "/admin/staff", body))[0] == 201
    login = {"email": body["email"], "password": body["password"]}
    status, pair = await call(http, checked, {}, "POST", "/auth/login", login)
    analyst = {"Authorization": f"Bearer {pair['access_token']}"}
    assert (await call(http, checked, analyst, "GET", "/admin/policies"))[0] == 200
    changes: list[tuple[str, str, Json]] = [
        ("PUT", "/admin/policies", {"source": "rules: []"}),
        ("PUT", "/admin/flags/x", {"is_on": True}),
        ("POST", "/admin/blocks", {"network": "10.0.0.1", "reason": "x"}),
        ("PUT", "/admin/moderation/words/x", {"words": ["слово"]}),
    ]
    for method, path, change in changes:
        status, told = await call(http, checked, analyst, method, path, change)
        assert (status, told["code"]) == (403, "access.permission_denied"), path


async def test_a_plan_is_on_sale_for_whom_its_flag_is_on(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-5, BIL-1: in the bot and over HTTP, from the moment the flag is changed."""
    owner = await checked.owner(http)
    anna, boris = await checked.meet(http, name="Анна"), await checked.meet(http, name="Борис")
    customer, _ = await customer_of(checked, anna)
    change = {"terms": {"flag": "new-pack"}, "reason": "проба"}
    assert (await call(http, checked, owner, "PUT", "/admin/plans/eternal-500k", change))[0] == 200

    async def sees(headers: Headers) -> bool:
        _, page = await call(http, checked, headers, "GET", "/plans")
        return "eternal-500k" in [plan["slug"] for plan in page["items"]]

    people = [await checked.customer(phone, http) for phone in (anna, boris)]
    assert [await sees(headers) for headers in people] == [False, False]
    audience: Json = {"customers": [str(customer)], "percent": 0}
    assert (await call(http, checked, owner, "PUT", "/admin/flags/new-pack", {"is_on": True, "audience": audience}))[
        0
    ] == 200
    assert [await sees(headers) for headers in people] == [True, False]
    for phone, is_there in ((anna, True), (boris, False)):
        before = await last_id(phone)
        await phone.say("/buy")
        listed = await phone.wait(has_button("plan:eternal-150k"), after=before)
        assert has_button("plan:eternal-500k")(listed) is is_there
    everybody: Json = {"is_on": True, "audience": {"bots": [], "percent": 100}}
    await call(http, checked, owner, "PUT", "/admin/flags/new-pack", everybody)
    assert [await sees(headers) for headers in people] == [True, True]
    assert (await call(http, checked, owner, "DELETE", "/admin/flags/new-pack?reason=x"))[0] == 204
    assert [await sees(headers) for headers in people] == [False, False]
    log = await checked.rows("select action from audit_entry where subject_kind = 'flag' order by id")
    assert [row["action"] for row in log] == ["policies.flag_saved"] * 2 + ["policies.flag_removed"]


async def test_a_forbidden_word_costs_nothing(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-4: a question with a listed word, in any form and disguise, is refused before anything is held."""
    owner = await checked.owner(http)
    phone = await checked.meet(http)
    await buy(phone)
    left = await tokens(checked, phone, http)
    body: Json = {"words": ["взрывчатка", "сделать бомбу"], "reason": "Это запрещено законом."}
    assert (await call(http, checked, owner, "PUT", "/admin/moderation/words/danger", body))[0] == 200
    for question in ("как хранят взрывчатку?", "Как СДЕЛАТЬ бoмбy дома", "в з р ы в ч а т к а"):
        sent = await phone.say(question)
        await phone.wait("Это запрещено законом", after=sent["message_id"])
    assert await tokens(checked, phone, http) == left
    assert await checked.value("select count(*) from ledger_hold where state = 'open'") == 0
    body = {"words": ["взрывчатка"], "is_on": False}
    assert (await call(http, checked, owner, "PUT", "/admin/moderation/words/danger", body))[0] == 200
    sent = await phone.say("как хранят взрывчатку?")
    await phone.wait(lambda message: "Ответила" in str(message), after=sent["message_id"])
    tried = {"text": "пишите взрывчаткой", "words": ["взрывчатка"]}
    assert (await call(http, checked, owner, "POST", "/admin/moderation/try", tried))[1] == {"entry": "взрывчатка"}
    status, told = await call(http, checked, owner, "PUT", "/admin/moderation/words/x", {"words": ["я"]})
    assert (status, told["code"]) == (422, "policies.words_invalid")


async def test_an_experiment_from_exposure_to_purchase(checked: Installation, http: aiohttp.ClientSession) -> None:
    """POL-5: written, started, stopped over HTTP; a purchase counts for the variant its buyer was shown."""
    owner = await checked.owner(http)
    body: Json = {
        "name": "greeting", "variants": [{"name": "plain"}, {"name": "warm"}], "goal": "order_paid",
    }  # fmt: skip
    status, made = await call(http, checked, owner, "POST", "/admin/experiments", body)
    assert (status, made["status"]) == (201, "draft")
    assert (await call(http, checked, owner, "POST", "/admin/experiments", body))[1]["code"] == (
        "policies.experiment_exists"
    )
    path = f"/admin/experiments/{made['id']}"
    assert (await call(http, checked, owner, "POST", f"{path}/start"))[1]["status"] == "running"
    phone = await checked.meet(http)
    customer, _ = await customer_of(checked, phone)
    await checked.rows("insert into policies_exposure values ($1, $2, 'warm', now(), null, 0)", made["id"], customer)
    await buy(phone)
    status, table = await call(http, checked, owner, "GET", f"{path}/results")
    rows = {row["variant"]: row for row in table["items"]}
    assert (rows["warm"]["exposed"], rows["warm"]["converted"], rows["warm"]["value"]) == (1, 1, 9800)
    assert (rows["plain"]["exposed"], rows["plain"]["low"], rows["plain"]["high"]) == (0, 0.0, 1.0)
    assert (await call(http, checked, owner, "POST", f"{path}/stop"))[1]["status"] == "stopped"
    assert (await call(http, checked, owner, "POST", f"{path}/start"))[1]["code"] == "policies.experiment_state"


async def test_rules_on_the_command_line(checked: Installation) -> None:
    """POL-1: shown, checked with what is wrong, and put in force by `kassa policy`."""
    shown = await checked.command("policy", "show")
    assert "http-per-ip" not in shown["source"]  # lifted for the flows
    path = checked.folder / "rules.yaml"
    path.write_text("rules:\n  - {name: a, actions: [x.go], limits: [5/fortnight]}\n")
    found = await checked.command("policy", "check", str(path), code=1)
    assert (found["ok"], found["problems"][0].split(",")[0]) == (False, "line 2")
    path.write_text(shown["source"])
    assert (await checked.command("policy", "check", str(path)))["ok"]
    saved = await checked.command("policy", "set", str(path), "--note", "from a file")
    assert saved["number"] == shown["number"] + 1
