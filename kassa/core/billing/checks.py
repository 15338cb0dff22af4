"""Checks that money and ledger agree: each is a query that must return no row (LED-5)."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.core import ledger
from kassa.kit import events

from .types import LedgerChecked

BILLING_CHECKS = {
    "settled_payments_are_in_the_ledger": """
        select p.id from billing_payment p
        where p.status in ('succeeded', 'partially_refunded', 'refunded')
        and not exists (select 1 from ledger_transaction t where t.organization_id = p.organization_id
                        and t.idempotency_key = 'pay:' || p.provider || ':' || p.provider_ref
                        and t.kind = 'payment') limit 5""",
    "paid_orders_have_one_settled_payment": """
        select o.id, count(p.id) as payments from billing_order o
        left join billing_payment p on p.order_id = o.id and p.status in ('succeeded', 'partially_refunded', 'refunded')
        where o.status in ('paid', 'partially_refunded', 'refunded') group by o.id having count(p.id) <> 1 limit 5""",
    "paid_orders_gave_their_tokens": """
        select o.id from billing_order o join billing_plan_version v on v.id = o.plan_version_id
        where o.status in ('paid', 'partially_refunded', 'refunded') and (v.terms->>'tokens')::bigint > 0
        and (select coalesce(sum(g.amount), 0) from ledger_grant g
             where g.reference = 'order:' || o.id and g.source = 'purchase') <> (v.terms->>'tokens')::bigint limit 5""",
    "refunds_equal_the_ledger": """
        select p.id, p.refunded_units, coalesce(r.total, 0) as refunds from billing_payment p
        left join (select payment_id, sum(units) as total from billing_refund where status = 'succeeded'
                   group by payment_id) r
        on r.payment_id = p.id where p.refunded_units <> coalesce(r.total, 0) limit 5""",
    "clearing_equals_payments_and_refunds": """
        select e.asset, e.total, coalesce(m.total, 0) as expected from
        (select e.asset, sum(e.amount) as total from ledger_entry e join ledger_account a on a.id = e.account_id
         join ledger_transaction t on t.id = e.transaction_id
         where a.kind like 'clearing:%' and t.kind in ('payment', 'refund') group by e.asset) e
        left join (select asset, sum(total) as total from (
            select asset, sum(income_units) as total from billing_payment
            where status in ('succeeded', 'partially_refunded', 'refunded') group by asset
            union all
            select p.asset, -sum(r.units) from billing_refund r join billing_payment p on p.id = r.payment_id
            where r.status = 'succeeded' group by p.asset) parts group by asset) m on m.asset = e.asset
        where e.total <> coalesce(m.total, 0) limit 5""",
}


async def tell_checked(session: AsyncSession, checks: Iterable[ledger.Check]) -> None:
    """Say what checks have found, the nightly ones and those that somebody asked for alike."""
    found = list(checks)
    red = [check.name for check in found if not check.is_ok]
    await events.publish(session, LedgerChecked(red, [check.name for check in found if check.is_ok]))
