"""The background edge of billing: asks providers with no transaction open, then applies what they say."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import i18n
from kassa.core.access import Actor
from kassa.kit import clock, ids, jobs
from kassa.kit.app import App
from kassa.kit.db import Database
from kassa.kit.errors import AppError, Invalid, Kind, NotFound, Unavailable
from kassa.kit.failpoints import failpoint
from kassa.kit.money import Money

from . import inbox, refunds, settlement
from .models import BillingOrder, BillingPayment, BillingPlanVersion, BillingRefund
from .notices import show_opening_failed, show_payment_link
from .ports import EventSubject, Outcome, PaymentProvider, PaymentRequest, ProviderPayment, RefundRequest
from .types import PaymentStatus, PlanTerms, Refund, RefundStatus

logger = structlog.get_logger(__name__)

OPENING_WINDOW = timedelta(hours=24)
"""How long a provider remembers our idempotency key; after that a call that nobody saw answered is not repeated."""


@dataclass(frozen=True, slots=True)
class Providers:
    """The providers that are set up, by name, and whether test payments count (sandbox mode only)."""

    by_name: dict[str, PaymentProvider]
    accept_test: bool
    return_url: str
    """Where customers land after paying when nothing else is asked."""

    def get(self, name: str) -> PaymentProvider:
        """One provider. Raises NotFound `billing.provider_not_configured`."""
        if name not in self.by_name:
            raise NotFound("billing.provider_not_configured", "This provider is not set up", provider=name[:40])
        return self.by_name[name]

    def assets_of(self, name: str) -> tuple[str, ...]:
        """In what a provider collects. Raises Invalid `billing.provider_unknown`."""
        if name not in self.by_name:
            raise Invalid("billing.provider_unknown", "No such way to pay", provider=name[:40],
                          allowed=sorted(self.by_name))  # fmt: skip
        return self.by_name[name].assets


async def open_payment(app: App, payment_id: str) -> None:
    """Job: open a payment at its provider and give the customer the link. Safe to repeat: the key is our id."""
    database, wanted = app.get(Database), UUID(payment_id)
    async with database.transaction() as session:
        request, provider_name, status, has_link = await _opening(session, wanted)
    if status is not PaymentStatus.PENDING:
        return
    if not has_link:
        failpoint("billing.before_create")
        try:
            seen = await app.get(Providers).get(provider_name).create_payment(request)
        except AppError as error:
            await _opening_refused(app, wanted, error)
            raise
        failpoint("billing.after_create")
        if seen.outcome is Outcome.UNKNOWN:
            async with database.transaction() as session:
                await show_opening_failed(session, app.get(i18n.Texts), wanted)
            raise Unavailable("billing.outcome_unknown", "The provider did not answer; it is asked again")
        await _apply(app, wanted, seen)
    async with database.transaction() as session:
        await show_payment_link(session, app.get(i18n.Texts), wanted)


async def apply_event(app: App, event_id: str) -> None:
    """Job: an event is a hint; ask the provider what is true and apply that."""
    database, wanted = app.get(Database), UUID(event_id)
    async with database.transaction() as session:
        provider_name, subject, ref, state = await inbox.read_event(session, wanted)
    if state != "new":
        return
    provider = app.get(Providers).get(provider_name)
    outcome = "ignored"
    if subject is EventSubject.PAYMENT:
        outcome = await _apply_payment_event(app, provider, ref)
    elif subject is EventSubject.REFUND:
        outcome = await _apply_refund_event(app, provider, ref)
    failpoint("billing.before_event_closed")
    async with database.transaction() as session:
        await inbox.close_event(session, wanted, outcome)


async def check_payments(app: App) -> None:
    """Job: put a check of every due payment and refund on the queue: what repairs lost webhooks."""
    async with app.get(Database).transaction() as session:
        payments = await session.scalars(
            select(BillingPayment.id)
            .where(BillingPayment.next_check_at <= clock.now())
            .order_by(BillingPayment.next_check_at)
            .limit(200)
        )
        for payment_id in payments:
            await jobs.enqueue(session, "billing.check_payment", key=f"check:{payment_id}", payment_id=str(payment_id))
        due = await session.scalars(
            select(BillingRefund.id).where(BillingRefund.next_check_at <= clock.now()).limit(200)
        )
        for refund_id in due:
            await jobs.enqueue(session, "billing.send_refund", key=f"check:{refund_id}", refund_id=str(refund_id))


async def check_payment(app: App, payment_id: str) -> None:
    """Job: ask the provider about one undecided payment; one that was never opened is opened again."""
    database, wanted = app.get(Database), UUID(payment_id)
    async with database.transaction() as session:
        if not await settlement.plan_next_check(session, wanted):
            return
        payment = await session.get_one(BillingPayment, wanted)
        provider_name, ref, created_at = payment.provider, payment.provider_ref, payment.created_at
    if ref is None:
        if clock.now() - created_at < OPENING_WINDOW:
            await open_payment(app, payment_id)
        return
    seen = await app.get(Providers).get(provider_name).fetch_payment(ref)
    failpoint("billing.after_fetch")
    await _apply(app, wanted, seen)


async def send_refund(app: App, refund_id: str) -> None:
    """Job: send a refund to its provider, or ask what became of it. Safe to repeat: the key is our id."""
    database, wanted = app.get(Database), UUID(refund_id)
    async with database.transaction() as session:
        row = await session.get(BillingRefund, wanted)
        if row is None or row.status != RefundStatus.PENDING.value:
            return
        payment = await session.get_one(BillingPayment, row.payment_id)
        request = RefundRequest(wanted, payment.provider_ref or "", Money(row.units, payment.asset), row.reason)
        provider_name, ref = payment.provider, row.provider_ref
        await refunds.plan_next_check(session, wanted)
    provider = app.get(Providers).get(provider_name)
    failpoint("billing.before_refund")
    seen = await (provider.fetch_refund(ref) if ref else provider.refund(request))
    failpoint("billing.after_refund")
    async with database.transaction() as session:
        await refunds.apply_refund(session, app.get(i18n.Texts), wanted, seen)


async def give_back(
    app: App, actor: Actor, payment_id: UUID, units: int | None, reason: str, idempotency_key: str | None
) -> Refund:
    """Request a refund and try to finish it at once; when the provider is slow, the job goes on.

    Raises as `refunds.request_refund` does.
    """
    database = app.get(Database)
    key = idempotency_key or str(ids.new())
    async with database.transaction() as session:
        refund, _ = await refunds.request_refund(session, actor, payment_id, units, reason, key)
    try:
        await send_refund(app, str(refund.id))
    except AppError as error:
        logger.warning("refund_not_sent_yet", refund_id=str(refund.id), code=error.code)
    async with database.transaction() as session:
        again, _ = await refunds.request_refund(session, actor, payment_id, None, reason, key)
    return again


async def _opening(session: AsyncSession, payment_id: UUID) -> tuple[PaymentRequest, str, PaymentStatus, bool]:
    payment = await session.get(BillingPayment, payment_id)
    if payment is None:
        raise NotFound("billing.payment_not_found", "No such payment")
    order = await session.get_one(BillingOrder, payment.order_id)
    terms = PlanTerms(**(await session.get_one(BillingPlanVersion, order.plan_version_id)).terms)
    request = PaymentRequest(
        payment_id=payment.id, order_id=order.id, amount=Money(payment.units, payment.asset),
        description=f"№{order.number}: {terms.name(order.locale)}"[:128], return_url=order.return_url,
        customer_ref=str(order.customer_id),
    )  # fmt: skip
    return request, payment.provider, PaymentStatus(payment.status), bool(payment.confirmation_url)


async def _opening_refused(app: App, payment_id: UUID, error: AppError) -> None:
    """A refusal for good ends the payment; a provider that is down only tells the customer to be patient."""
    logger.error("payment_not_opened", payment_id=str(payment_id), code=error.code, reason=error.message)
    async with app.get(Database).transaction() as session:
        if error.kind is Kind.UNAVAILABLE:
            await show_opening_failed(session, app.get(i18n.Texts), payment_id)
            return
        failed = ProviderPayment("", Outcome.FAILED, reason="refused_by_provider")
        await settlement.apply_payment(session, app.get(i18n.Texts), payment_id, failed, accept_test=True)


async def _apply(app: App, payment_id: UUID, seen: ProviderPayment) -> None:
    async with app.get(Database).transaction() as session:
        await settlement.record_opened(session, payment_id, seen)
        await settlement.apply_payment(
            session, app.get(i18n.Texts), payment_id, seen, accept_test=app.get(Providers).accept_test
        )


async def _apply_payment_event(app: App, provider: PaymentProvider, ref: str) -> str:
    seen = await provider.fetch_payment(ref)
    failpoint("billing.after_fetch")
    async with app.get(Database).transaction() as session:
        found = await inbox.find_payment(session, provider.name, ref, seen.our_payment_id)
    if found is None:
        # Somebody else's payment in the same shop, or one whose row was never written: nothing of ours to change.
        logger.error("payment_event_unmatched", provider=provider.name, ref=ref)
        return "unmatched"
    await _apply(app, found, seen)
    return "done"


async def _apply_refund_event(app: App, provider: PaymentProvider, ref: str) -> str:
    seen = await provider.fetch_refund(ref)
    texts = app.get(i18n.Texts)
    async with app.get(Database).transaction() as session:
        found = await inbox.find_refund(session, ref)
        if found is None and seen.our_refund_id:
            found = await refunds.find_ours(session, seen.our_refund_id)
        if found is None and seen.outcome is Outcome.SUCCEEDED:
            found = await refunds.record_outside_refund(session, texts, seen)
        if found is None:
            logger.error("refund_event_unmatched", provider=provider.name, ref=ref)
            return "unmatched"
        await refunds.apply_refund(session, texts, found, seen)
    return "done"
