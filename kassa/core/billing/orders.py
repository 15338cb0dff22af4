"""Placing orders, and reading them."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core.access import Actor
from kassa.kit import clock, ids, jobs
from kassa.kit.errors import Conflict, NotFound
from kassa.kit.money import Money

from .levels import Perks
from .models import BillingEntitlement, BillingOrder, BillingPayment, BillingPlanVersion
from .plans import get_plan
from .types import Entitlement, Order, OrderStatus, Payment, PaymentStatus, PlanTerms

FIRST_CHECK = timedelta(seconds=30)
NO_PERKS = Perks()


async def place_order(
    session: AsyncSession,
    actor: Actor,
    plan_slug: str,
    provider: str,
    assets: Sequence[str],
    *,
    idempotency_key: str,
    return_url: str,
    locale: str,
    perks: Perks = NO_PERKS,
    bot_id: UUID | None = None,
    chat_id: int | None = None,
    message_id: int | None = None,
) -> tuple[Order, bool]:
    """Write an order and its payment, to be opened at the provider after the commit; False for a repeat.

    `assets` are what the provider collects in, the preferred first; `perks` are those of the customer's level now.
    Raises NotFound `billing.plan_not_found`, Conflict `billing.price_unavailable`, `billing.idempotency_conflict`.
    """
    plan = await get_plan(session, actor.organization_id, plan_slug)
    asset = price_asset(plan.terms, assets)
    if asset is None:
        raise Conflict("billing.price_unavailable", "This plan has no price in this currency", plan=plan.slug,
                       asset=assets[0], available=sorted(plan.terms.prices))  # fmt: skip
    full = plan.terms.prices[asset]
    discount = perks.discount(full)
    units = full - discount
    digest = hashlib.sha256(orjson.dumps([plan_slug, provider, return_url])).hexdigest()
    now = clock.now()
    order_id = await session.scalar(
        insert(BillingOrder)
        .values(
            id=ids.new(), organization_id=actor.organization_id, customer_id=actor.id, plan_slug=plan.slug,
            plan_version_id=plan.version_id, asset=asset, units=units, discount_units=discount,
            bonus_tokens=perks.bonus(plan.terms.tokens), status=OrderStatus.PENDING.value,
            idempotency_key=idempotency_key, input_hash=digest, bot_id=bot_id, chat_id=chat_id, message_id=message_id,
            locale=locale, return_url=return_url, created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["customer_id", "idempotency_key"])
        .returning(BillingOrder.id)
    )  # fmt: skip
    if order_id is None:
        earlier = (
            await session.scalars(
                select(BillingOrder).where(
                    BillingOrder.customer_id == actor.id, BillingOrder.idempotency_key == idempotency_key
                )
            )
        ).one()
        if earlier.input_hash != digest:
            raise Conflict("billing.idempotency_conflict", "This Idempotency-Key was used for another order")
        return await get_order(session, actor, earlier.id), False
    payment = BillingPayment(
        id=ids.new(), organization_id=actor.organization_id, order_id=order_id, provider=provider, asset=asset,
        units=units, refunded_units=0, status=PaymentStatus.PENDING.value, confirmation_url="", reason="",
        is_test=False, checks=0, next_check_at=now + FIRST_CHECK, created_at=now,
    )  # fmt: skip
    session.add(payment)
    await session.flush()
    await jobs.enqueue(session, "billing.open_payment", payment_id=str(payment.id))
    return await get_order(session, actor, order_id), True


def price_asset(terms: PlanTerms, assets: Sequence[str]) -> str | None:
    """In which of a provider's assets a plan is paid; None when it has a price in none of them."""
    return next((asset for asset in assets if asset in terms.prices), None)


async def get_order(session: AsyncSession, actor: Actor, order_id: UUID) -> Order:
    """One of the customer's orders. Raises NotFound `billing.order_not_found`."""
    found = await _orders(session, [BillingOrder.id == order_id, BillingOrder.customer_id == actor.id], limit=1)
    if not found:
        raise NotFound("billing.order_not_found", "No such order")
    return found[0]


async def list_orders(
    session: AsyncSession, actor: Actor, limit: int, before: tuple[datetime, UUID] | None = None
) -> list[Order]:
    """The customer's orders, newest first, from a position on."""
    conditions = [BillingOrder.customer_id == actor.id]
    if before is not None:
        moment, last_id = before
        conditions.append(
            or_(BillingOrder.created_at < moment, and_(BillingOrder.created_at == moment, BillingOrder.id < last_id))
        )
    return await _orders(session, conditions, limit)


async def entitlements(session: AsyncSession, customer_id: UUID) -> list[Entitlement]:
    """What the customer may use now beside tokens."""
    rows = await session.scalars(
        select(BillingEntitlement)
        .where(
            BillingEntitlement.customer_id == customer_id, BillingEntitlement.starts_at <= clock.now(),
            BillingEntitlement.ends_at > clock.now(), BillingEntitlement.revoked_at.is_(None),
        )
        .order_by(BillingEntitlement.ends_at)
    )  # fmt: skip
    return [Entitlement(row.kind, row.model, row.plan_slug, row.ends_at) for row in rows]


async def _orders(session: AsyncSession, conditions: list[ColumnElement[bool]], limit: int) -> list[Order]:
    rows = await session.execute(
        select(BillingOrder, BillingPayment, BillingPlanVersion.terms)
        .join(BillingPayment, BillingPayment.order_id == BillingOrder.id)
        .join(BillingPlanVersion, BillingPlanVersion.id == BillingOrder.plan_version_id)
        .where(*conditions)
        .order_by(BillingOrder.created_at.desc(), BillingOrder.id.desc())
        .limit(limit)
    )
    return [order_of(order, payment, terms) for order, payment, terms in rows]


def order_of(order: BillingOrder, payment: BillingPayment, terms: dict[str, Any]) -> Order:
    """Rows as an order leaves the module."""
    return Order(
        order.id, order.number, order.customer_id, order.plan_slug, PlanTerms(**terms),
        OrderStatus(order.status), Money(order.units, order.asset), order.created_at, order.paid_at,
        payment_of(payment),
    )  # fmt: skip


def payment_of(row: BillingPayment) -> Payment:
    """A row as a payment leaves the module."""
    return Payment(
        row.id, row.order_id, row.provider, PaymentStatus(row.status), Money(row.units, row.asset),
        row.refunded_units, row.confirmation_url, row.provider_ref, row.reason, row.created_at,
    )  # fmt: skip
