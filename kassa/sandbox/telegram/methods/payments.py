"""Telegram Stars: invoices, the pre-checkout question, refunds, the bot's balance."""

import secrets
import time

from kassa.kit import clock
from kassa.sandbox.telegram.call import Call
from kassa.sandbox.telegram.emulator import Emulator, Method
from kassa.sandbox.telegram.errors import Json, bad_request

PRE_CHECKOUT_S = 10.0
_SUBSCRIPTION_PERIOD_S = 2_592_000


def _invoice(call: Call, *, is_link: bool) -> Json:
    title, description, payload = call.text("title"), call.text("description"), call.text("payload")
    if not 1 <= len(title) <= 32:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(description) <= 255:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(payload.encode()) <= 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if call.text("currency") != "XTR":
        # Other currencies need a payment provider, which the sandbox plays elsewhere.
        raise bad_request("PAYMENT_PROVIDER_INVALID" if call.text("currency") else "CURRENCY_INVALID")
    prices = call.array("prices") or []
    if len(prices) != 1 or not str(prices[0].get("label") or "") or int(prices[0].get("amount", 0)) <= 0:
        raise bad_request("STARS_INVOICE_INVALID")
    period = call.integer("subscription_period")
    if period and (not is_link or period != _SUBSCRIPTION_PERIOD_S):
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    amount = int(prices[0]["amount"])
    return {"title": title, "description": description, "payload": payload, "amount": amount, "period": period}


async def send_invoice(emulator: Emulator, call: Call) -> Json:
    """A message with a Pay button."""
    chat = emulator.chat_of(call)
    facts = _invoice(call, is_link=False)
    parameter = call.text("start_parameter")
    invoice = {
        "title": facts["title"],
        "description": facts["description"],
        "start_parameter": parameter,
        "currency": "XTR",
        "total_amount": facts["amount"],
    }
    number = secrets.token_hex(8)
    message = emulator.send(call, chat, {"invoice": invoice})
    if not message.get("reply_markup"):
        pay = {"inline_keyboard": [[{"text": f"Pay ⭐️{facts['amount']}", "pay": True}]]}
        message["reply_markup"] = pay
        emulator.changed(chat, message)
    name = f"{chat.key}|{message['message_id']}"
    _keep(emulator, name, {"kind": "invoice", "bot": call.bot.id, "number": number, **facts})
    return message


async def create_invoice_link(emulator: Emulator, call: Call) -> str:
    """A link that opens the payment form."""
    facts = _invoice(call, is_link=True)
    slug = secrets.token_urlsafe(16)
    _keep(emulator, slug, {"kind": "invoice", "bot": call.bot.id, "number": slug, **facts})
    return f"https://t.me/${slug}"


def _keep(emulator: Emulator, key: str, body: Json) -> None:
    emulator.payments[key] = body
    emulator.world.put("telegram_payments", key, body)


async def answer_pre_checkout_query(emulator: Emulator, call: Call) -> bool:
    """Yes or no to a payment, within ten seconds."""
    query = emulator.queries.get(call.text("pre_checkout_query_id"))
    if query is None or "invoice" not in query or query["bot"] != call.bot.id or "answer" in query:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if time.monotonic() - query["at"] > PRE_CHECKOUT_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if not call.flag("ok") and not call.text("error_message"):
        raise bad_request("error message is empty")
    query["answer"] = {"ok": call.flag("ok"), "error": call.text("error_message")}
    if call.flag("ok"):
        complete(emulator, query)
    emulator.hub.publish("payment", chat=query["chat"], query=query["id"], answer=query["answer"])
    return True


def complete(emulator: Emulator, query: Json) -> None:
    """Take the Stars and send successful_payment."""
    invoice, bot = query["invoice"], emulator.world.bots[query["bot"]]
    person = emulator.world.people[query["person"]]
    charge = f"stx{secrets.token_urlsafe(24)}"
    person.stars -= invoice["amount"]
    emulator.world.save(person)
    paid: Json = {
        "currency": "XTR",
        "total_amount": invoice["amount"],
        "invoice_payload": invoice["payload"],
        "telegram_payment_charge_id": charge,
        "provider_payment_charge_id": f"{person.id}_{query['id']}",
    }
    now = int(clock.now().timestamp())
    if invoice["period"]:
        paid |= {"subscription_expiration_date": now + invoice["period"], "is_recurring": True}
        paid["is_first_recurring"] = True
    partner = {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": person.user(),
        "invoice_payload": invoice["payload"],
    }
    transaction = {"id": charge, "amount": invoice["amount"], "date": now, "source": partner}
    body = {"kind": "charge", "bot": bot.id, "person": person.id, "is_refunded": False, "transaction": transaction}
    _keep(emulator, charge, {**body, "paid": paid})
    chat = emulator.world.private_chat(bot, person)
    emulator.service_message(chat, person.user(), {"successful_payment": paid})


async def refund_star_payment(emulator: Emulator, call: Call) -> bool:
    """Give the Stars back, all of them."""
    charge = emulator.payments.get(call.text("telegram_payment_charge_id"))
    if charge is None or charge["kind"] != "charge" or charge["bot"] != call.bot.id:
        raise bad_request("CHARGE_ID_INVALID")
    if charge["person"] != call.integer("user_id"):
        raise bad_request("USER_ID_INVALID")
    if charge["is_refunded"]:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    charge["is_refunded"] = True
    _keep(emulator, call.text("telegram_payment_charge_id"), charge)
    payment = charge["transaction"]
    refund = {"id": payment["id"], "amount": payment["amount"], "date": int(clock.now().timestamp())}
    refund["receiver"] = payment["source"]
    key = f"{payment['id']}|refund"
    _keep(emulator, key, {"kind": "refund", "bot": call.bot.id, "transaction": refund})
    person = emulator.world.people[charge["person"]]
    person.stars += payment["amount"]
    emulator.world.save(person)
    names = ("currency", "total_amount", "invoice_payload", "telegram_payment_charge_id", "provider_payment_charge_id")
    body = {name: charge["paid"][name] for name in names}
    emulator.service_message(emulator.world.private_chat(call.bot, person), call.bot.user(), {"refunded_payment": body})
    return True


def _transactions(emulator: Emulator, call: Call) -> list[Json]:
    own = [item for item in emulator.payments.values() if item["bot"] == call.bot.id and "transaction" in item]
    return sorted((item["transaction"] for item in own), key=lambda item: int(item["date"]))


async def get_star_transactions(emulator: Emulator, call: Call) -> Json:
    """Payments and refunds, the oldest first."""
    offset, limit = call.integer("offset"), min(call.integer("limit", 100), 100)
    return {"transactions": _transactions(emulator, call)[offset : offset + limit]}


async def get_my_star_balance(emulator: Emulator, call: Call) -> Json:
    """Stars that the bot has."""
    total = sum(item["amount"] if "source" in item else -item["amount"] for item in _transactions(emulator, call))
    return {"amount": total}


async def edit_user_star_subscription(emulator: Emulator, call: Call) -> bool:
    """Cancel or resume a subscription."""
    charge = emulator.payments.get(call.text("telegram_payment_charge_id"))
    if charge is None or charge["kind"] != "charge" or charge["bot"] != call.bot.id:
        raise bad_request("CHARGE_ID_INVALID")
    charge["is_canceled"] = call.flag("is_canceled")
    _keep(emulator, call.text("telegram_payment_charge_id"), charge)
    return True


METHODS: dict[str, Method] = {
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "answerPreCheckoutQuery": answer_pre_checkout_query,
    "refundStarPayment": refund_star_payment,
    "getStarTransactions": get_star_transactions,
    "getMyStarBalance": get_my_star_balance,
    "editUserStarSubscription": edit_user_star_subscription,
}
