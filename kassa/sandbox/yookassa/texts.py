"""The words of the payment page."""

from kassa.kit.money import Money, to_decimal_string

TEXTS: dict[str, dict[str, str]] = {
    "ru": {
        "sandbox": "Песочница: деньги не спишутся",
        "title": "Оплата",
        "shop": "Магазин",
        "bank_card": "Банковская карта",
        "sbp": "СБП",
        "sbp_hint": "Приложение банка откроется само",
        "yoo_money": "Кошелёк ЮMoney",
        "sberbank": "SberPay",
        "tinkoff_bank": "T-Pay",
        "card_number": "Номер карты",
        "valid_till": "Срок",
        "code": "Код",
        "save": "Магазин сможет списывать деньги с этого способа оплаты без вашего участия",
        "pay": "Заплатить",
        "tools": "Что ещё может случиться",
        "decline": "Отклонить",
        "decline_reason": "Причина отказа",
        "later": "Заплатить позже",
        "seconds": "Через сколько секунд",
        "leave": "Вернуться без оплаты",
        "waiting": "Ждём ответа банка",
        "waiting_hint": "Страница обновится сама.",
        "succeeded": "Оплата прошла",
        "canceled": "Оплата не прошла",
        "back": "Вернуться в магазин",
        "number": "Номер платежа",
        "not_found": "Такого платежа нет",
        "not_found_hint": "Ссылка устарела или введена с ошибкой.",
    },
    "en": {
        "sandbox": "Sandbox: no money will be charged",
        "title": "Payment",
        "shop": "Shop",
        "bank_card": "Bank card",
        "sbp": "SBP (Faster Payments)",
        "sbp_hint": "Your bank's app will open by itself",
        "yoo_money": "YooMoney wallet",
        "sberbank": "SberPay",
        "tinkoff_bank": "T-Pay",
        "card_number": "Card number",
        "valid_till": "Valid till",
        "code": "Code",
        "save": "The shop will be able to charge this payment method without you",
        "pay": "Pay",
        "tools": "What else may happen",
        "decline": "Decline",
        "decline_reason": "Reason",
        "later": "Pay later",
        "seconds": "In how many seconds",
        "leave": "Return without paying",
        "waiting": "Waiting for the bank",
        "waiting_hint": "This page refreshes by itself.",
        "succeeded": "Payment successful",
        "canceled": "Payment failed",
        "back": "Return to the shop",
        "number": "Payment number",
        "not_found": "No such payment",
        "not_found_hint": "The link is out of date or mistyped.",
    },
}

DECLINES: dict[str, dict[str, str]] = {
    "insufficient_funds": {"ru": "Не хватает денег", "en": "Insufficient funds"},
    "general_decline": {"ru": "Банк отказал без причины", "en": "Declined without a reason"},
    "3d_secure_failed": {"ru": "Не пройдена проверка 3-D Secure", "en": "3-D Secure failed"},
    "call_issuer": {"ru": "Нужно позвонить в банк", "en": "Call the bank"},
    "card_expired": {"ru": "Карта просрочена", "en": "Card expired"},
    "country_forbidden": {"ru": "Карты этой страны не принимаются", "en": "Country not allowed"},
    "fraud_suspected": {"ru": "Подозрение в мошенничестве", "en": "Fraud suspected"},
    "identification_required": {"ru": "Нужно подтвердить личность", "en": "Identification required"},
    "invalid_card_number": {"ru": "Неверный номер карты", "en": "Invalid card number"},
    "invalid_csc": {"ru": "Неверный код карты", "en": "Invalid card code"},
    "issuer_unavailable": {"ru": "Банк недоступен", "en": "Bank unavailable"},
    "payment_method_limit_exceeded": {"ru": "Превышен лимит", "en": "Limit exceeded"},
    "payment_method_restricted": {"ru": "Карта заблокирована", "en": "Payment method restricted"},
}

_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€"}


def money_text(amount: Money, language: str) -> str:
    """An amount for people: "1 299,00 ₽" or "1,299.00 ₽"."""
    whole, _, rest = to_decimal_string(amount).partition(".")
    grouped = f"{int(whole):,}"
    text = f"{grouped}.{rest}" if language == "en" else f"{grouped.replace(',', ' ')},{rest}"
    return f"{text} {_SIGNS.get(amount.asset, amount.asset)}"
