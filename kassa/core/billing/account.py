"""A customer's account in one statement, as the text of the answer: the read that every screen begins with (NFR-1)."""

from uuid import UUID

from kassa.core import ledger
from kassa.kit import clock
from kassa.kit.db import Database

_ENTITLEMENTS = """
select coalesce(json_agg(json_build_object('kind', e.kind, 'plan', e.plan_slug, 'model', e.model, 'ends_at', e.ends_at)
    order by e.ends_at), '[]')
from billing_entitlement e
where e.customer_id = $2 and e.organization_id = $1 and e.revoked_at is null and e.starts_at <= $3 and e.ends_at > $3
"""
ACCOUNT = f"""
select json_build_object('balances', ({ledger.BALANCES_AS_JSON}), 'entitlements', ({_ENTITLEMENTS}))::text as account
"""


async def account(database: Database, organization_id: UUID, customer_id: UUID) -> bytes:
    """Balances, the grants behind them, and what the customer may use beside tokens, as JSON."""
    rows = await database.call(ACCOUNT, organization_id, customer_id, clock.now())
    text: str = rows[0]["account"]
    return text.encode()
