"""Billing: what is for sale, orders, payments through providers, refunds, and what a purchase gives.

Owns the tables `billing_*`. Follow one payment: api.py (webhook) → inbox.record_event → jobs.apply_event →
settlement.apply_payment → ledger.
"""

from . import figures, reviews, sales
from .checks import BILLING_CHECKS, tell_checked
from .facts import OWNED_PLANS
from .jobs import Providers, check_payment, give_back, open_payment
from .levels import Level, Levels
from .orders import entitlements, get_order, list_orders, place_order
from .plans import change_plan, get_plan, list_plans, read_catalogue, seed_plans, visible_plans
from .ports import (
    EventSubject,
    Outcome,
    PaymentProvider,
    PaymentRequest,
    ProviderEvent,
    ProviderPayment,
    ProviderRefund,
    RefundRequest,
    StatementLine,
)
from .refunds import foresee_refund, read_amount, request_refund
from .statements import compare_statements
from .types import (
    Entitlement,
    LedgerChecked,
    Order,
    OrderPaid,
    OrderStatus,
    Payment,
    PaymentRefunded,
    PaymentStatus,
    Plan,
    PlanKind,
    PlanTerms,
    Refund,
    RefundFailed,
    RefundStatus,
    ReviewOpened,
)

__all__ = [
    "BILLING_CHECKS",
    "OWNED_PLANS",
    "Entitlement",
    "EventSubject",
    "LedgerChecked",
    "Level",
    "Levels",
    "Order",
    "OrderPaid",
    "OrderStatus",
    "Outcome",
    "Payment",
    "PaymentProvider",
    "PaymentRefunded",
    "PaymentRequest",
    "PaymentStatus",
    "Plan",
    "PlanKind",
    "PlanTerms",
    "ProviderEvent",
    "ProviderPayment",
    "ProviderRefund",
    "Providers",
    "Refund",
    "RefundFailed",
    "RefundRequest",
    "RefundStatus",
    "ReviewOpened",
    "StatementLine",
    "change_plan",
    "check_payment",
    "compare_statements",
    "entitlements",
    "figures",
    "foresee_refund",
    "get_order",
    "get_plan",
    "give_back",
    "list_orders",
    "list_plans",
    "open_payment",
    "place_order",
    "read_amount",
    "read_catalogue",
    "request_refund",
    "reviews",
    "sales",
    "seed_plans",
    "tell_checked",
    "visible_plans",
]
