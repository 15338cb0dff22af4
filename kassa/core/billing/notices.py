"""What customers are told about their payments, by the bot they bought from."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import channels, i18n, ledger
from kassa.core.channels import Button, Outgoing
from kassa.kit.money import Money

from .models import BillingOrder, BillingPayment
from .types import PlanTerms


async def notify(
    session: AsyncSession,
    texts: i18n.Texts,
    order: BillingOrder,
    payment: BillingPayment,
    key: str,
    *,
    terms: PlanTerms | None = None,
    reason: str = "",
    units: int | None = None,
    suffix: str = "",
) -> None:
    """Store one message about the payment, sent after the commit; a second call with the same key says nothing."""
    if order.bot_id is None or order.chat_id is None:
        return
    locale = order.locale
    overrides = await i18n.load_overrides(session, order.bot_id)
    facts: dict[str, Any] = {
        "number": str(order.number),
        "amount": i18n.money(Money(units if units is not None else payment.units, payment.asset), locale),
        "plan": terms.name(locale) if terms else order.plan_slug,
        "reason": texts.text(f"billing-reason-{reason.replace('_', '-')}", locale, overrides) if reason else "",
    }
    if facts["reason"].startswith("billing-reason-"):
        facts["reason"] = texts.text("billing-reason-unknown", locale, overrides)
    if key in ("billing-paid", "billing-refunded"):
        balance = await ledger.balance(session, order.organization_id, order.customer_id)
        facts["balance"] = i18n.number(balance.available, locale)
    buttons: list[list[Button]] = []
    if key == "billing-failed":
        buttons = [[Button(texts.text("billing-button-try-again", locale, overrides), f"plan:{order.plan_slug}")]]
    text = "billing-paid-api" if key == "billing-paid" and terms is not None and terms.api else key
    message = Outgoing(texts.text(text, locale, overrides, **facts), buttons)
    await channels.send_later(session, order.bot_id, order.chat_id, message, key=f"{key}:{payment.id}{suffix}")


async def show_payment_link(session: AsyncSession, texts: i18n.Texts, payment_id: UUID) -> None:
    """Give the customer the button that leads to the payment page."""
    payment = await session.get_one(BillingPayment, payment_id)
    order = (await session.scalars(select(BillingOrder).where(BillingOrder.id == payment.order_id))).one()
    if order.bot_id is None or order.chat_id is None or not payment.confirmation_url:
        return
    overrides = await i18n.load_overrides(session, order.bot_id)
    amount = i18n.money(Money(payment.units, payment.asset), order.locale)
    text = texts.text("billing-link", order.locale, overrides, number=str(order.number), amount=amount)
    button = Button(texts.text("billing-button-pay-amount", order.locale, overrides, amount=amount),
                    url=payment.confirmation_url)  # fmt: skip
    message = Outgoing(text, [[button]], edit_message_id=order.message_id)
    await channels.send_later(session, order.bot_id, order.chat_id, message, key=f"billing-link:{payment.id}")


async def close_payment_link(
    session: AsyncSession, texts: i18n.Texts, order: BillingOrder, payment: BillingPayment, status: str
) -> None:
    """Take the button to the payment page away once there is nothing to pay: `status` is paid or failed."""
    if order.bot_id is None or order.chat_id is None or order.message_id is None:
        return
    overrides = await i18n.load_overrides(session, order.bot_id)
    text = texts.text(
        "billing-link-closed", order.locale, overrides, number=str(order.number),
        amount=i18n.money(Money(payment.units, payment.asset), order.locale),
        status=texts.text(f"billing-order-{status}", order.locale, overrides),
    )  # fmt: skip
    message = Outgoing(text, edit_message_id=order.message_id)
    await channels.send_later(
        session, order.bot_id, order.chat_id, message, key=f"billing-link-closed:{payment.id}:{status}"
    )


async def show_opening_failed(session: AsyncSession, texts: i18n.Texts, payment_id: UUID) -> None:
    """Tell the customer that the payment page cannot be opened now, once."""
    payment = await session.get_one(BillingPayment, payment_id)
    order = await session.get_one(BillingOrder, payment.order_id)
    await notify(session, texts, order, payment, "billing-provider-unavailable")
