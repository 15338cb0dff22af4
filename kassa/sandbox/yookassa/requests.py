"""Reading request bodies as strictly as the real API reads them."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from kassa.kit.errors import Invalid
from kassa.kit.money import Money, from_decimal_string, to_decimal_string

from .errors import ApiError, invalid

CURRENCIES = ("RUB", "USD", "EUR")  # of those that the real API knows, the ones the product counts in
METHODS = ("bank_card", "sbp", "yoo_money", "sberbank", "tinkoff_bank")
CONFIRMATIONS = ("redirect", "embedded", "qr", "external", "mobile_application")
KEY = re.compile(r"[0-9a-zA-Z+\-_.]{1,64}")
_URL = re.compile(r"(https?|tg)://\S{1,2000}")


def amount_of(body: dict[str, Any], parameter: str = "amount") -> Money:
    """A positive amount of a known currency."""
    value = body.get("amount")
    if not isinstance(value, dict):
        raise invalid(parameter, f"Incorrect parameter value. Value not specified: {parameter}")
    currency = value.get("currency")
    if currency not in CURRENCIES:
        raise invalid(f"{parameter}.currency", "Incorrect currency. Specify a supported currency code")
    try:
        amount = from_decimal_string(value.get("value") or "", currency)
    except Invalid as error:
        raise invalid(f"{parameter}.value", "Invalid amount format. Specify the amount as 10.00") from error
    if amount.units <= 0:
        raise invalid(f"{parameter}.value", "Amount must be greater than zero")
    return amount


def written(amount: Money) -> dict[str, str]:
    """An amount as the API writes it."""
    return {"value": to_decimal_string(amount), "currency": amount.asset}


def read(written_amount: dict[str, str]) -> Money:
    """An amount that the emulator wrote before."""
    return from_decimal_string(written_amount["value"], written_amount["currency"])


def text_of(body: dict[str, Any], name: str, limit: int) -> str | None:
    """An optional text of at most so many characters."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > limit:
        raise invalid(name, f"Incorrect parameter length: {name}. It must not exceed {limit} characters")
    return value


def flag_of(body: dict[str, Any], name: str) -> bool:
    """An optional boolean, false when absent."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise invalid(name, f"Incorrect parameter type: {name}. Specify true or false")
    return value


def metadata_of(body: dict[str, Any]) -> dict[str, str]:
    """At most 16 texts of at most 512 characters with names of at most 32."""
    value = body.get("metadata") or {}
    if not isinstance(value, dict) or len(value) > 16:
        raise invalid("metadata", "Incorrect metadata. No more than 16 keys are allowed")
    for name, text in value.items():
        if len(name) > 32 or not isinstance(text, str) or len(text) > 512:
            raise invalid("metadata", "Incorrect metadata. Keys: 32 characters, values: strings of 512 characters")
    return value


def confirmation_of(body: dict[str, Any]) -> dict[str, Any]:
    """How the payer will confirm; needed unless a saved method is charged."""
    value = body.get("confirmation")
    if not isinstance(value, dict):
        raise invalid("confirmation", "Incorrect parameter value. Value not specified: confirmation")
    if value.get("type") not in CONFIRMATIONS:
        raise invalid("confirmation.type", "Incorrect confirmation scenario")
    return_url = value.get("return_url")
    if return_url is None and value["type"] in {"redirect", "mobile_application"}:
        raise invalid("confirmation.return_url", "Value not specified: confirmation.return_url")
    if return_url is not None and not (isinstance(return_url, str) and _URL.fullmatch(return_url)):
        raise invalid("confirmation.return_url", "Incorrect URL format: confirmation.return_url")
    return value


def method_of(body: dict[str, Any]) -> str | None:
    """The method that the shop chose for the payer, if any."""
    value = body.get("payment_method_data")
    if value is None:
        return None
    if not isinstance(value, dict) or value.get("type") not in METHODS:
        raise invalid("payment_method_data.type", "This payment method is not available in your store")
    return str(value["type"])


def check_receipt(body: dict[str, Any], amount: Money) -> bool:
    """Whether there is a receipt for the tax office; refuses one that does not add up to the amount."""
    receipt = body.get("receipt")
    if receipt is None:
        return False
    items = receipt.get("items") if isinstance(receipt, dict) else None
    if not isinstance(items, list) or not items:
        raise invalid("receipt.items", "Receipt is missing or illegal: specify the items")
    customer = receipt.get("customer") or {}
    if not any(customer.get(name) for name in ("email", "phone")):
        raise invalid("receipt.customer", "Receipt is missing or illegal: specify the customer's email or phone")
    if sum(_item_units(item, amount.asset) for item in items) != amount.units:
        raise invalid("receipt.items", "The sum of the receipt's items differs from the amount")
    return True


def _item_units(item: Any, currency: str) -> int:
    if not isinstance(item, dict) or not item.get("description") or len(str(item["description"])) > 128:
        raise invalid("receipt.items.description", "Receipt is missing or illegal: the item's description")
    if item.get("vat_code") not in range(1, 13):
        raise invalid("receipt.items.vat_code", "Receipt is missing or illegal: the item's VAT code")
    price = amount_of(item, "receipt.items.amount")
    if price.asset != currency:
        raise invalid("receipt.items.amount.currency", "The receipt's currency differs from the payment's")
    try:
        quantity = Decimal(str(item.get("quantity")))
    except InvalidOperation as error:
        raise invalid("receipt.items.quantity", "Receipt is missing or illegal: the item's quantity") from error
    if not quantity.is_finite() or quantity <= 0:
        raise invalid("receipt.items.quantity", "Receipt is missing or illegal: the item's quantity")
    return int((price.units * quantity).to_integral_value(ROUND_HALF_UP))


def key_of(header: str | None) -> str:
    """The idempotence key, which every POST must carry."""
    if not header:
        raise invalid("Idempotence-Key", "Idempotence key is missing. Specify the Idempotence-Key header")
    if not KEY.fullmatch(header):
        raise invalid("Idempotence-Key", "Incorrect idempotence key. Up to 64 characters: letters, digits, + - _ .")
    return header


def page_of(query: dict[str, str]) -> int:
    """How many items a list may answer."""
    text = query.get("limit", "10")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100:
        raise invalid("limit", "Incorrect limit. Specify a number from 1 to 100")
    return int(text)


def unsupported_media() -> ApiError:
    """The body is not JSON by its own header."""
    return ApiError(415, "unsupported_media_type", "Content-Type must be application/json")
