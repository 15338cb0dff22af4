"""ADM-2: what staff do from Telegram, by the panel's verbs: customers, tokens, money, the installation."""

import asyncio
import json

import aiohttp

from kassa.kit import ids
from tests.flows.desk import force, number_of, staff
from tests.flows.installation import Installation
from tests.flows.phone import Phone, text_of
from tests.flows.steps import (
    ask,
    at_shop,
    buttons,
    buy,
    choose,
    eventually,
    has_button,
    last_id,
    order,
    orders,
    press,
    ref_of,
    tokens,
)  # fmt: skip


async def test_a_customer_is_found_in_every_way(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: by number, Telegram id, username, e-mail and a part of the name; several are offered; none is said so."""
    name = f"Ираида {ids.new().hex[-6:]}"
    one, two = await checked.meet(http, name=name), await checked.meet(http, name=f"{name} младшая")
    number = await number_of(checked, one)
    email = f"{ids.new().hex[-8:]}@example.com"
    await checked.rows(
        "update identity_customer set username = $2, email = $3 where number = $1", number, f"u{one.person}", email
    )
    desk = await staff(checked, http, "support_agent")
    for words in (f"№ {number}", str(one.person), f"@u{one.person}", email):
        await desk.press(await desk.menu(), "adm:search", has_button("adm:cancel"))
        card = await desk.say(words, "👛")
        assert f"№ {number}" in text_of(card), words
        assert "@neuro_demo_bot" in text_of(card)
    await desk.press(await desk.menu(), "adm:search", has_button("adm:cancel"))
    found = await desk.say(name[:12], "нашлись")
    assert {f"№ {await number_of(checked, phone)}" in str(buttons(found)) for phone in (one, two)} == {True}
    await desk.press(await desk.menu(), "adm:search", has_button("adm:cancel"))
    await desk.say("такого человека нет", "никого нет")
    await desk.say(str(number), "👛")


async def test_tokens_are_given_and_taken_once(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: with a reason, after a confirmation; a second press does nothing; more than there is cannot be taken."""
    customer = await checked.meet(http)
    number = await number_of(checked, customer)
    desk = await staff(checked, http, "finance_admin")
    card = await desk.card(number)
    give, take = await desk.button(card, "adm:give:"), await desk.button(card, "adm:take:")
    asked = await desk.deed(card, give, "10 000 на 30 дней", "Извинение за сбой")
    assert "10\u00a0000 токенов" in text_of(asked)
    assert "30 дней" in text_of(asked)
    assert "Извинение за сбой" in text_of(asked)
    do = await desk.button(asked, "adm:do:")
    await asyncio.gather(desk.phone.press_action(asked, do), desk.phone.press_action(asked, do))
    await desk.phone.wait("Готово", after=asked["message_id"] - 1)
    await force(desk.phone, http, do)
    await eventually(lambda: tokens(checked, customer, http), (10_000, 0))
    term = await checked.value(
        "select round(extract(epoch from g.expires_at - g.created_at) / 86400) from ledger_grant g"
        " join ledger_account a on a.id = g.account_id join identity_customer c on c.id = a.owner_id"
        " where c.number = $1", number,
    )  # fmt: skip
    assert term == 30
    before = await last_id(desk.phone)
    await press(desk.phone, card, take)
    await desk.phone.wait(has_button("adm:cancel"), after=before)
    for wrong in ("много", "0", "-5", "1.5", "10001"):
        await desk.say(wrong, lambda shown: "целое число" in text_of(shown) or "доступно" in text_of(shown))
    await desk.say("4000", "Почему списываем")
    asked = await desk.say("Ошиблись", lambda shown: "adm:do:" in str(buttons(shown)))
    await desk.confirm(asked, "осталось")
    assert await tokens(checked, customer, http) == (6000, 0)
    taken, given = await desk.audited("tokens.adjusted")
    assert (json.loads(given["after"]), given["reason"]) == ({"units": 10_000, "days": 30}, "Извинение за сбой")
    assert (json.loads(taken["after"]), taken["reason"]) == ({"units": -4000, "days": None}, "Ошиблись")


async def test_a_step_is_left_by_cancel_by_a_button_and_by_a_command(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """ADM-2: what was begun does not catch the next words, and a confirmation that was left is none."""
    number = await number_of(checked, await checked.meet(http))
    desk = await staff(checked, http)
    card = await desk.card(number)
    ban = await desk.button(card, "adm:ban:")
    for leave in ("cancel", "menu", "command"):
        asked = await desk.deed(card, ban, "Спам")
        do = await desk.button(asked, "adm:do:")
        if leave == "cancel":
            await desk.press(asked, "adm:cancel", "ничего не изменилось")
        elif leave == "menu":
            await force(desk.phone, http, "adm:menu")
            await desk.phone.wait(has_button("adm:role"), after=asked["message_id"])
        else:
            await desk.say("/balance", "На балансе")
        await force(desk.phone, http, do)
        before = await last_id(desk.phone)
        await press(desk.phone, card, ban)
        await desk.phone.wait(has_button("adm:cancel"), after=before)
        await desk.say("/balance", "На балансе")
        await desk.say("Просто вопрос", lambda shown: "токенов" in text_of(shown) or "/buy" in text_of(shown))
    assert await desk.audited("policies.blocked") == []


async def test_a_ban_is_told_once_and_lifted(checked: Installation, http: aiohttp.ClientSession) -> None:
    """IDN-7, ADM-2: /ban by number, for a week; the customer reads the reason once and gets no service; unban;
    signed out."""
    customer = await checked.meet(http)
    number = await number_of(checked, customer)
    headers = await checked.customer(customer, http)
    desk = await staff(checked, http, "moderator")
    await desk.say("/ban", has_button("adm:cancel"))
    await desk.say(str(number), "За что")
    asked = await desk.say("Рассылает рекламу", lambda shown: "adm:do:" in str(buttons(shown)))
    assert [item["text"] for item in buttons(asked)][:4] == [
        "⛔️ На 1 день", "⛔️ На 7 дней", "⛔️ На 30 дней", "⛔️ Без срока"
    ]  # fmt: skip
    do = (await desk.button(asked, "adm:do:")).rpartition(":")[0]
    await force(desk.phone, http, f"{do}:2")  # this was not offered, and does nothing
    done = await desk.press(asked, f"{do}:7", "больше не обслуживается, до")
    assert await checked.value("select round(extract(epoch from until - created_at) / 3600) from policies_block") == 168
    before = await last_id(customer)
    await customer.say("Привет")
    await customer.wait("Рассылает рекламу", after=before)
    await customer.say("Привет ещё раз")
    await asyncio.sleep(1)
    assert len([m for m in await customer.from_bot() if "Рассылает" in text_of(m)]) == 1
    who = await desk.button(done, "adm:customer:")
    card = await desk.press(done, who, "Заблокирован")
    asked = await desk.deed(card, await desk.button(card, "adm:unban:"), "Разобрались")
    await desk.confirm(asked, "снова обслуживается")
    before = await last_id(customer)
    await customer.say("/balance")
    await customer.wait("На балансе", after=before)
    card = await desk.card(number)
    asked = await desk.deed(card, await desk.button(card, "adm:signout:"), "Просит")
    await desk.confirm(asked, "завершены")
    async with http.get(f"{checked.base}/api/v1/billing/account", headers=headers) as answer:
        assert answer.status == 401
    for action, reason in (("policies.blocked", "Рассылает рекламу"), ("policies.unblocked", "Разобрались"),
                           ("customer.signed_out", "Просит")):  # fmt: skip
        assert [entry["reason"] for entry in await desk.audited(action)] == [reason]


async def test_a_refund_in_part_and_the_rest(checked: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-6, ADM-2: what is shown before the press is what happens; the answer of the provider is told; in the end
    everything is given back and every check is green."""
    customer = await checked.meet(http)
    await buy(customer)
    await choose(customer)
    await ask(customer, "Что такое сальдо?")
    (bought,) = await orders(checked, customer, http)
    desk = await staff(checked, http, "finance_admin")
    listed = await desk.press(await desk.menu(), "adm:orders:", has_button("adm:findorder"))
    await desk.press(listed, "adm:orders:paid", lambda shown: "● Оплачены" in str(buttons(shown)))
    opened = await desk.say(f"/refund {bought['number']}", "Можно вернуть до 98")
    asked = await desk.deed(opened, f"adm:refundpart:{bought['number']}", "49", "Часть")
    assert "75\u00a0000" in text_of(asked)
    do = await desk.button(asked, "adm:do:")
    await asyncio.gather(desk.phone.press_action(asked, do), desk.phone.press_action(asked, do))
    told = await desk.phone.wait("Деньги возвращены", after=asked["message_id"])
    assert "49" in text_of(told)
    await customer.wait("Возврат")
    assert await tokens(checked, customer, http) == (74_000, 0)
    ref = await checked.value("select provider_ref from billing_payment where order_id = $1::uuid", bought["id"])
    assert (await at_shop(checked, http, ref))["refunded_amount"]["value"] == "49.00"
    card = await desk.press(told, f"adm:order:{bought['number']}", "возвращена часть")
    opened = await desk.press(card, f"adm:refund:{bought['number']}", "Можно вернуть до 49")
    before = await last_id(desk.phone)
    await press(desk.phone, opened, f"adm:refundpart:{bought['number']}")
    await desk.phone.wait("Сколько вернуть", after=before)
    for wrong in ("50", "0", "сорок"):
        await desk.say(wrong, lambda shown: "нельзя" in text_of(shown) or "цифрами" in text_of(shown))
    asked = await desk.deed(opened, f"adm:refundall:{bought['number']}", "Остаток")
    await desk.confirm(asked, "отправлен")
    await desk.phone.wait("Деньги возвращены", after=asked["message_id"])
    await eventually(lambda: tokens(checked, customer, http), (0, 0))
    assert (await at_shop(checked, http, ref))["refunded_amount"]["value"] == "98.00"
    await desk.say(f"/refund {bought['number']}", "возвращать нечего")
    assert [entry["reason"] for entry in await desk.audited("payment.refunded")] == ["Остаток", "Часть"]
    assert await checked.value("select count(*) from admin_bot_refund") == 0


async def test_a_refund_that_the_provider_refuses_is_told(checked: Installation, http: aiohttp.ClientSession) -> None:
    """BIL-6, ADM-2: who asked learns that it failed, and the customer keeps the tokens."""
    customer = await checked.meet(http)
    await buy(customer)
    (bought,) = await orders(checked, customer, http)
    desk = await staff(checked, http)
    await customer.fault("yookassa", "refund_canceled", times=1)
    opened = await desk.say(f"/refund {bought['number']}", "Можно вернуть")
    asked = await desk.deed(opened, f"adm:refundall:{bought['number']}", "Просит")
    await desk.confirm(asked, "отправлен")
    await desk.phone.wait("Возврат не прошёл", after=asked["message_id"])
    assert await tokens(checked, customer, http) == (150_000, 0)


async def test_money_that_does_not_fit_is_told_and_decided(checked: Installation, http: aiohttp.ClientSession) -> None:
    """PAY-1, ADM-2: who may decide is told once, who does not want to know is not; the decision is the panel's."""
    customer = await checked.meet(http)
    desk, quiet = await staff(checked, http, "finance_admin"), await staff(checked, http, "finance_admin")
    analyst = await staff(checked, http, "analyst")
    wishes = await quiet.press(await quiet.menu(), "adm:alerts", has_button("adm:alerts:review"))
    await quiet.press(wishes, "adm:alerts:review", lambda shown: "🔕 Платёж" in str(buttons(shown)))
    number = await _underpaid(checked, customer)
    alert = await desk.phone.wait("Платёж ждёт решения")
    assert f"№ {number}" in text_of(alert)
    assert "пришло меньше" in text_of(alert)
    menu = await desk.menu()
    assert "На проверке · 1" in str(buttons(menu))
    listed = await desk.press(menu, "adm:cases", "Платежи на проверке")
    case = await desk.press(listed, await desk.button(listed, "adm:case:"), "Пришло")
    asked = await desk.deed(case, await desk.button(case, "adm:decide:give:"), "Разница наша")
    assert "98" in text_of(asked)
    await desk.confirm(asked, "выдана")
    assert await tokens(checked, customer, http) == (150_000, 0)
    assert [entry["reason"] for entry in await desk.audited("review.resolved")] == ["Разница наша"]
    for phone in (quiet.phone, analyst.phone):
        assert not [m for m in await phone.from_bot() if "ждёт решения" in text_of(m)]
    assert len([m for m in await desk.phone.from_bot() if "ждёт решения" in text_of(m)]) == 1
    looks = await analyst.press(await analyst.menu(), "adm:cases", has_button("adm:menu"))
    assert "решать нечего" in text_of(looks)


async def test_figures_come_as_a_picture(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: a picture with the figures below it; another period takes its place; in the member's language."""
    await buy(await checked.meet(http))
    desk = await staff(checked, http, "analyst", language="en")
    shown = await desk.say("/stats", lambda message: "photo" in message)
    (size,) = shown["photo"]
    assert (size["width"], size["height"]) == (1080, 1330)
    assert "Revenue" in shown["caption"]
    assert "Active:" in shown["caption"]
    assert len(shown["caption"]) <= 1024
    month = await desk.press(shown, "adm:stats:30", lambda message: "● 30 days" in str(buttons(message)))
    assert (month["message_id"], "photo" in month) == (shown["message_id"], True)
    assert month["photo"][0]["file_unique_id"] != size["file_unique_id"]
    await desk.press(month, "adm:menu", has_button("adm:role"))


async def test_health_checks_and_what_has_failed(checked: Installation, http: aiohttp.ClientSession) -> None:
    """ADM-2: every dependency, every check, and a failed job that is tried again and audited."""
    desk = await staff(checked, http, "admin")
    seen = await desk.press(await desk.menu(), "adm:health", "Всё отвечает")
    parts = ("База данных ответ за ", "Диск свободно ", "Очередь заданий старейшее ждёт ", "Боты", "Telegram",
             "Хранилище файлов", "ЮKassa")  # fmt: skip
    assert all(f"🟢 {part}" in text_of(seen) for part in parts), text_of(seen)
    seen = await desk.press(seen, "adm:ledger", "Сверка сходится")
    seen = await desk.press(seen, "adm:health:all", "PostgreSQL")
    assert "Секреты" in text_of(seen)
    job = await _failed_job(checked)
    listed = await desk.press(await desk.menu(), "adm:errors", has_button(f"adm:job:{job}"))
    card = await desk.press(listed, f"adm:job:{job}", "billing.open_payment")
    assert "No such payment" in text_of(card)
    tried = await checked.value("select updated from pgqueuer where id = $1", job)
    await press(desk.phone, card, f"adm:rejob:{job}")
    await checked.until("select status = 'failed' and updated > $2 from pgqueuer where id = $1", job, tried)
    (entry,) = await desk.audited("job.replayed")
    assert entry["subject_id"] == str(job)
    await checked.rows("delete from pgqueuer where id = $1", job)


async def test_alerts_come_once_and_tell_when_it_is_over(
    place_alone: Installation, http: aiohttp.ClientSession
) -> None:
    """ADM-2, OPS-1: what stays red is told once, to who may know; when it is whole again that is told too; failures of
    jobs come in one message."""
    place = place_alone
    desk, support = await staff(place, http), await staff(place, http, "support_agent")
    phone = desk.phone
    await _failed_job(place)
    await phone.fault("yookassa", "429", match="/me")
    for _ in range(3):
        await _run(place, "admin_bot.watch")
    await phone.wait("Не отвечает: ЮKassa")
    failed = await phone.wait("не выполнилось")
    assert "billing.open_payment" in text_of(failed)
    await phone.no_faults()
    await _run(place, "admin_bot.watch")
    await phone.wait("ЮKassa снова отвечает")

    await buy(await place.meet(http))
    await place.rows("update billing_payment set refunded_units = 1 where status = 'succeeded'")
    for _ in range(3):
        await _run(place, "ledger.check")
    await phone.wait("Сверка не сошлась: «Возвраты равны записям»")
    seen = await desk.press(await desk.menu(), "adm:health", has_button("adm:ledger"))
    await desk.press(seen, "adm:ledger", "проверок: ")
    await place.rows("update billing_payment set refunded_units = 0")
    await desk.press(await desk.menu(), "adm:health", has_button("adm:ledger"))
    await force(phone, http, "adm:ledger")
    await phone.wait("Сверка снова сходится")
    await place.until("select count(*) = 0 from pgqueuer where status <> 'failed' and entrypoint like 'admin_bot%'")
    told = [text_of(message) for message in await phone.from_bot()]
    for words in ("Не отвечает: ЮKassa", "снова отвечает", "не выполнилось", "не сошлась:", "снова сходится"):
        assert len([text for text in told if words in text]) == 1, words
    assert not [m for m in await support.phone.from_bot() if "🔴" in text_of(m) or "🧯" in text_of(m)]


async def test_unlinking_ends_it_in_the_bot_and_in_the_panel(
    checked: Installation, http: aiohttp.ClientSession
) -> None:
    """ADM-2: after unlinking the Telegram is a customer's like any other, and may be linked again."""
    desk = await staff(checked, http)
    mine = await desk.press(await desk.menu(), "adm:role", has_button("adm:unlink"))
    assert "возвращать деньги" in text_of(mine)
    asked = await desk.press(mine, "adm:unlink", lambda shown: "adm:do:" in str(buttons(shown)))
    await desk.confirm(asked, "Отвязано")
    await desk.say("/admin", "Такой команды нет")
    await desk.tie()
    assert (await desk.call("DELETE", "/me/telegram"))[0] == 204
    await desk.say("/admin", "Такой команды нет")
    assert (await desk.call("DELETE", "/me/telegram"))[1]["code"] == "identity.telegram_not_set"
    assert len(await desk.audited("staff.telegram_unlinked")) == 1


async def _underpaid(place: Installation, phone: Phone) -> int:
    """An order that asks for more than its payment page does; its number."""
    url = await order(phone)
    await place.rows("update billing_payment set units = 9900 where provider_ref = $1", ref_of(url))
    assert await phone.pay(url) == 303
    await place.until("select status = 'review' from billing_payment where provider_ref = $1", ref_of(url))
    return int(
        await place.value(
            "select o.number from billing_order o join billing_payment p on p.order_id = o.id"
            " where p.provider_ref = $1",
            ref_of(url),
        )
    )


async def _failed_job(place: Installation) -> int:
    """A job that can only fail: it asks for a payment that is none; its number."""
    payload = json.dumps({"payment_id": str(ids.new())}).encode()
    await place.rows("select jobs_enqueue('billing.open_payment', $1, interval '0', null, '{}')", payload)
    found = "select id from pgqueuer where payload = $1 and status = 'failed'"
    return int(await place.until(found, payload))


async def _run(place: Installation, job: str) -> None:
    """Let a scheduled job run now, and wait until it has."""
    await place.until("select count(*) = 0 from pgqueuer where entrypoint = $1 and status <> 'failed'", job)
    await place.rows("update jobs_schedule set next_run_at = now() where job = $1", job)
    await place.until("select next_run_at > now() + interval '1 second' from jobs_schedule where job = $1", job)
    await place.until("select count(*) = 0 from pgqueuer where entrypoint = $1 and status <> 'failed'", job)
