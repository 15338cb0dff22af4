"""ADM-1, ADM-3: what the panel reads and changes, over HTTP with real processes behind it."""

import uuid
from typing import Any

import aiohttp
import pytest

from tests.flows.installation import Installation
from tests.flows.phone import Phone, meet
from tests.flows.steps import ask, buy, choose, eventually, tokens
from tests.runtime.test_staff import hired
from tests.runtime.web import Caller


@pytest.fixture
async def anna(site: Installation, http: aiohttp.ClientSession) -> Phone:
    return await meet(http, site.base, "neuro_demo_bot", name=f"Анна {uuid.uuid4().hex[:6]}")


async def card_of(owner: Caller, phone: Phone) -> dict[str, Any]:
    """The customer behind a phone, as staff find them."""
    found: list[dict[str, Any]] = (await owner.get(f"/admin/customers?q={phone.person}"))["items"]
    return found[0]


async def test_every_list_answers_with_a_page_and_a_file(owner: Caller, http: aiohttp.ClientSession) -> None:
    """ADM-1: every list of the panel has paging and an export; a role without the permission is refused by the API."""
    async with http.get("/api/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    support, _ = await hired(owner, "support_agent")
    exports = [path for path in paths if path.startswith("/api/v1/admin/") and path.endswith("/export")]
    assert len(exports) > 15
    refused = 0
    for path in exports:
        if "{" in path:
            continue
        base = path.removeprefix("/api/v1").removesuffix("/export")
        page = await owner.get(f"{base}?limit=2")
        assert len(page["items"]) <= 2 or page["next_cursor"] is None, base
        for kind in ("csv", "xlsx", "pdf"):
            status, file = await owner.call("GET", f"{base}/export?format={kind}")
            assert (status, len(file) > 10) == (200, True), (base, kind)
        refused += (await support.call("GET", base))[0] == 403
        assert (await support.call("GET", f"{base}/export"))[0] == 403, base
    assert refused > 5


async def test_an_order_is_found_and_refunded(
    site: Installation, owner: Caller, anna: Phone, http: aiohttp.ClientSession
) -> None:
    """ADM-1, BIL-6: the order by number, by payment id and by the provider's; what happened to it; a refund."""
    await buy(anna)
    card = await card_of(owner, anna)
    sale = (await owner.get(f"/admin/orders?customer_id={card['id']}"))["items"][0]
    assert (sale["status"], sale["amount"], sale["customer_name"]) == (
        "paid", {"units": 9800, "asset": "RUB"}, card["name"],
    )  # fmt: skip
    for q in (str(sale["number"]), sale["payment_id"], sale["provider_ref"], sale["id"]):
        assert [item["id"] for item in (await owner.get(f"/admin/payments?q={q}"))["items"]] == [sale["id"]], q
    body = {"amount": "49.00", "reason": "half is enough"}
    analyst, _ = await hired(owner, "analyst")
    path = f"/admin/payments/{sale['payment_id']}/refund"
    assert await analyst.refused("POST", path, body) == (403, "access.permission_denied")
    made = await owner.post(path, body)
    assert made["amount"]["units"] == 4900
    detail = await owner.get(f"/admin/orders/{sale['id']}")
    assert [item["reason"] for item in detail["refunds"]] == ["half is enough"]
    assert "payment.succeeded" in {item["kind"] for item in detail["events"]}
    entry = (await owner.get("/admin/audit?action=payment.refunded&limit=1"))["items"][0]
    assert (entry["reason"], entry["after"]["units"]) == ("half is enough", 4900)
    await site.check()


async def test_customers_are_found_by_level_and_levels_have_names(owner: Caller, anna: Phone) -> None:
    """IDN-6, I18-1: staff read a level in their language and find who has it; the key is what is kept."""
    levels = (await owner.get("/admin/levels?locale=ru"))["items"]
    assert [(level["key"], level["name"]) for level in levels][:2] == [("Newcomer", "Новичок"), ("Regular", "Свой")]
    assert (await owner.get("/admin/levels?locale=en"))["items"][0]["name"] == "Newcomer"
    await buy(anna)
    await eventually(lambda: _level_of(owner, anna), "Newcomer")
    assert len((await owner.get(f"/admin/customers?q={anna.person}&level=Newcomer"))["items"]) == 1
    assert (await owner.get(f"/admin/customers?q={anna.person}&level=Regular"))["items"] == []


async def _level_of(owner: Caller, phone: Phone) -> Any:
    return (await card_of(owner, phone))["level"]


async def test_tokens_are_given_and_taken_with_a_reason(
    site: Installation, owner: Caller, anna: Phone, http: aiohttp.ClientSession
) -> None:
    """ADM-2, LED-2: adjusted once per key, never below zero, audited, and the ledger stays whole."""
    await anna.say("/start")
    await anna.wait("/balance")
    card = await card_of(owner, anna)
    path = f"/admin/customers/{card['id']}/tokens"
    gift = {"units": 500, "reason": "sorry for yesterday", "days": 7}
    for _ in range(2):
        status, balance = await owner.call("POST", path, gift, **{"Idempotency-Key": "gift-1"})
        assert (status, balance["available"]) == (201, 500)
    too_much = {"units": -501, "reason": "mistake"}
    status, answer = await owner.call("POST", path, too_much, **{"Idempotency-Key": "take-1"})
    assert (status, answer["code"]) == (409, "ledger.insufficient_funds")
    taken = {"units": -200, "reason": "mistake"}
    status, balance = await owner.call("POST", path, taken, **{"Idempotency-Key": "take-2"})
    assert (status, balance["available"]) == (201, 300)
    assert (await tokens(site, anna, http))[0] == 300
    moves = (await owner.get(f"/admin/customers/{card['id']}/movements"))["items"]
    assert [(item["kind"], item["units"]) for item in moves] == [("adjustment", -200), ("grant", 500)]
    logged = (await owner.get(f"/admin/audit?subject_id={card['id']}&action=tokens"))["items"]
    assert [item["after"]["units"] for item in logged] == [-200, 500]
    await site.check()


async def test_a_plan_changes_by_a_version(owner: Caller) -> None:
    """BIL-1: other terms from now on, the history kept, mistakes refused with the key they are in."""
    slug = f"test-{uuid.uuid4().hex[:8]}"
    terms = {"kind": "tokens", "names": {"en": "Test", "ru": "Тест"}, "tokens": 10, "prices": {"RUB": 100}}
    made = await owner.post("/admin/plans", {"slug": slug, "terms": terms})
    assert (made["version"], made["is_active"]) == (1, True)
    assert await owner.refused("POST", "/admin/plans", {"slug": slug, "terms": terms}) == (409, "billing.plan_exists")
    changed = await owner.put(f"/admin/plans/{slug}", {"terms": {"prices": {"RUB": 150}}, "reason": "inflation"})
    assert (changed["version"], changed["terms"]["prices"]) == (2, {"RUB": 150})
    status, answer = await owner.call("PUT", f"/admin/plans/{slug}", {"terms": {"prices": {"RUB": -1}}})
    assert (status, answer["code"]) == (422, "billing.plan_invalid")
    assert "prices.RUB" in answer["message"]
    await owner.put(f"/admin/plans/{slug}", {"is_active": False})
    assert slug not in {item["slug"] for item in (await owner.get("/plans"))["items"]}
    history = (await owner.get(f"/admin/plans/{slug}/versions"))["items"]
    assert [item["terms"]["prices"]["RUB"] for item in history] == [150, 100]


async def test_the_catalogue_of_models_is_changed_by_staff(owner: Caller) -> None:
    """AI-2, ADM-1: models, prices with history, keys whose secret never comes back, routes; all audited."""
    models = (await owner.get("/admin/ai/models?q=claude-sonnet"))["items"]
    slug, price = models[0]["slug"], models[0]["price"]
    made = await owner.post(f"/admin/ai/models/{slug}/prices", {"price": price, "reason": "the same again"})
    history = (await owner.get(f"/admin/ai/models/{slug}/prices"))["items"]
    assert history[0]["version"] == made["version"] == models[0]["price_version"] + 1
    hidden = await owner.put(f"/admin/ai/models/{slug}", {"visible": False, "reason": "too dear"})
    assert not hidden["is_sellable"]
    await owner.put(f"/admin/ai/models/{slug}", {"visible": True})
    secret = f"sk-{uuid.uuid4().hex}"
    key = await owner.post("/admin/ai/keys", {"endpoint": "anthropic", "secret": secret, "title": "second"})
    assert secret not in str(await owner.get("/admin/ai/keys"))
    off = await owner.put(f"/admin/ai/keys/{key['id']}", {"is_enabled": False, "reason": "leaked"})
    assert (off["state"], off["reason"]) == ("disabled", "leaked")
    await owner.call("DELETE", f"/admin/ai/keys/{key['id']}?reason=gone")
    assert secret not in str(await owner.get("/admin/audit?action=provider_key."))
    route = (await owner.get(f"/admin/ai/routes?q={slug}"))["items"][0]
    await owner.put(f"/admin/ai/routes/{route['id']}", {"priority": route["priority"]})
    bad = {"price": {"unit": "nonsense"}, "reason": "x"}
    assert (await owner.call("POST", f"/admin/ai/models/{slug}/prices", bad))[0] == 422


async def test_operations_are_seen_and_failures_tried_again(site: Installation, owner: Caller) -> None:
    """ADM-1, LED-5: health, ledger checks, schedules, failed jobs and updates with replay."""
    assert (await owner.get("/admin/health"))["status"] == "ok"
    checks = (await owner.post("/admin/ledger/checks"))["items"]
    assert {check["ok"] for check in checks} == {True}
    assert "billing.check_payments" in {item["job"] for item in (await owner.get("/admin/schedules"))["items"]}
    bot_id = (await owner.get("/admin/bots"))["items"][0]["id"]
    await site.rows(
        "insert into pgqueuer (status, priority, entrypoint, payload) values ('failed', 0, 'channels.sweep', '{}'), "
        "('failed', 0, 'identity.send_mail', $1)", b'{"token": "hidden words"}',
    )  # fmt: skip
    failed = (await owner.get("/admin/jobs?status=failed&q=sweep"))["items"][0]
    await owner.post(f"/admin/jobs/{failed['id']}/replay")
    await site.until("select true where not exists (select 1 from pgqueuer where id = $1)", failed["id"])
    assert "hidden words" not in str(await owner.get("/admin/jobs?status=failed"))
    await site.rows("delete from pgqueuer where status = 'failed'")
    assert await owner.refused("POST", f"/admin/jobs/{failed['id']}/replay") == (404, "jobs.not_failed")
    assert await owner.refused("POST", f"/admin/inbox/updates/{bot_id}/1/replay") == (404, "channels.update_not_found")
    shown = await owner.get("/admin/settings")
    assert shown["effective"]["secret_keys"] == "set"
    changed = await owner.put("/admin/settings", {"name": "Лавка", "default_locale": "ru"})
    assert changed["organization"]["name"] == "Лавка"
    assert (await owner.get("/admin/me"))["organization"]["name"] == "Лавка"


async def test_figures_and_dialogs_follow_what_happens(
    site: Installation, owner: Caller, anna: Phone, http: aiohttp.ClientSession
) -> None:
    """USE-1, USE-2, USE-3: a purchase and a question appear in the figures, the records and the dialogs at once."""
    before = await owner.get("/admin/stats?days=7")
    await buy(anna)
    await choose(anna, "chatgpt-4-omni-mini")
    await ask(anna, "Почему небо синее?")
    card = await card_of(owner, anna)
    after = await owner.get("/admin/stats?days=7")
    assert after["totals"]["revenue"]["RUB"] - before["totals"]["revenue"].get("RUB", 0) == 9800
    assert after["totals"]["requests"] == before["totals"]["requests"] + 1
    assert after["days"][-1]["active_customers"] >= 1
    assert len(after["days"]) == 7
    assert {"tokens-7d-150k"} <= {item["plan"] for item in after["plans"]}
    usage = (await owner.get(f"/admin/usage?customer_id={card['id']}"))["items"]
    assert [(item["channel"], item["status"]) for item in usage] == [("telegram", "answered")]
    assert usage[0]["charged_tokens"] > 0
    asked = (await owner.get(f"/admin/dialogs?customer_id={card['id']}"))["items"][0]
    assert (asked["question"], asked["answer"]) == (None, None)
    words = (await owner.get(f"/admin/dialogs/{asked['dialog_id']}"))["items"]
    assert words[0]["question"] == "Почему небо синее?"
    assert words[0]["answer"]
    support, _ = await hired(owner, "support_agent")
    assert "items" in await support.get("/admin/dialogs?limit=1")
    refused = (403, "access.permission_denied")
    assert await support.refused("GET", f"/admin/dialogs/{asked['dialog_id']}") == refused
    assert await support.refused("GET", "/admin/dialogs?q=небо") == refused
    assert (await owner.get(f"/admin/audit?subject_id={card['id']}"))["items"][0]["action"] == "dialog.read"
    own = Caller(http, (await site.customer(anna, http))["Authorization"].removeprefix("Bearer "))
    mine = await own.get("/billing/usage")
    assert (mine["requests"], mine["charged_tokens"]) == (1, usage[0]["charged_tokens"])
    assert len((await own.get("/billing/usage/requests"))["items"]) == 1
