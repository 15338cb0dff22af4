"""Checks that the ledger is whole: each is a query that must return no row (LED-5)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kassa.kit import db, metrics


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; `examples` are the first rows that break it."""

    name: str
    is_ok: bool
    examples: tuple[dict[str, Any], ...]


LEDGER_CHECKS = {
    "transactions_sum_to_zero": """
        select transaction_id, asset, sum(amount) as total from ledger_entry
        group by transaction_id, asset having sum(amount) <> 0 limit 5""",
    "transactions_have_entries": """
        select t.id from ledger_transaction t where t.kind <> 'take_back'
        and not exists (select 1 from ledger_entry e where e.transaction_id = t.id) limit 5""",
    "balances_equal_entries": """
        select b.account_id, b.posted, coalesce(e.total, 0) as entries from ledger_balance b
        left join (select account_id, sum(amount) as total from ledger_entry group by account_id) e using (account_id)
        where b.posted <> coalesce(e.total, 0) limit 5""",
    "held_equals_open_holds": """
        select b.account_id, b.held, coalesce(h.total, 0) as holds from ledger_balance b
        left join (select account_id, sum(amount) as total from ledger_hold where state = 'open' group by account_id) h
        using (account_id) where b.held <> coalesce(h.total, 0) limit 5""",
    "balances_equal_grants": """
        select b.account_id, b.posted, coalesce(g.total, 0) as grants from ledger_balance b
        join ledger_account a on a.id = b.account_id and a.kind = 'customer_tokens'
        left join (select account_id, sum(remaining) as total from ledger_grant group by account_id) g
        using (account_id)
        where b.posted <> coalesce(g.total, 0) limit 5""",
    "grants_held_equals_hold_allocations": """
        select g.id, g.held, coalesce(h.total, 0) as allocated from ledger_grant g
        left join (select hg.grant_id, sum(hg.amount) as total from ledger_hold_grant hg
                   join ledger_hold h on h.id = hg.hold_id and h.state = 'open' group by hg.grant_id) h
        on h.grant_id = g.id
        where g.held <> coalesce(h.total, 0) limit 5""",
    "grants_equal_their_spending": """
        select g.id, g.amount, g.remaining, coalesce(s.total, 0) as spent from ledger_grant g
        left join (select grant_id, sum(amount) as total from ledger_grant_spend group by grant_id) s
        on s.grant_id = g.id
        where g.amount - g.remaining <> coalesce(s.total, 0) limit 5""",
}


async def run_checks(session: AsyncSession, checks: dict[str, str] | None = None) -> list[Check]:
    """Run every check (the ledger's own unless others are given) and set the metric of each."""
    results = []
    for name, query in (checks or LEDGER_CHECKS).items():
        rows = await db.fetch(session, query)
        metrics.ledger_check_ok.labels(name).set(0 if rows else 1)
        results.append(Check(name, not rows, tuple(rows)))
    return results
