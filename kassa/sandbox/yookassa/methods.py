"""What a payer pays with, as the API shows it."""

import secrets
from datetime import timedelta
from typing import Any

from kassa.kit import clock


def new_method(kind: str, method_id: str) -> dict[str, Any]:
    """A method that has just been used: the card, the bank or the wallet of a made-up payer."""
    method: dict[str, Any] = {"type": kind, "id": method_id, "saved": False, "status": "inactive"}
    if kind == "bank_card":
        expires = clock.now() + timedelta(days=3 * 365)
        card = {
            "first6": "555555",
            "last4": "4444",
            "expiry_year": f"{expires.year}",
            "expiry_month": f"{expires.month:02d}",
            "card_type": "MasterCard",
            "card_product": {"code": "E"},
            "issuer_country": "RU",
            "issuer_name": "Sandbox Bank",
        }
        return {**method, "title": "Bank card *4444", "card": card}
    if kind == "sbp":
        bank = {"bank_id": "100000000111", "bic": "044525225"}
        operation = secrets.token_hex(16).upper()
        return {**method, "title": "SBP", "sbp_operation_id": operation, "payer_bank_details": bank}
    if kind == "yoo_money":
        return {**method, "title": "YooMoney wallet 410011758831136", "account_number": "410011758831136"}
    return {**method, "title": {"sberbank": "SberPay", "tinkoff_bank": "T-Pay"}.get(kind, kind)}


def authorization() -> dict[str, Any]:
    """What the bank said yes with."""
    digits = f"{secrets.randbelow(10**12):012d}"
    return {"rrn": digits, "auth_code": digits[:6], "three_d_secure": {"applied": True, "method_completed": True}}
