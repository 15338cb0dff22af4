"""What policies may ask about a customer's purchases."""

OWNED_PLANS = """
select coalesce(json_agg(json_build_object('id', p.order_id, 'slug', p.plan_slug, 'starts_at', p.starts_at,
    'ends_at', p.ends_at, 'tier', p.tier)), '[]')
from (
    select e.order_id, e.plan_slug, min(e.starts_at) as starts_at, max(e.ends_at) as ends_at,
        coalesce(max(v.terms->>'rate_tier'), 'basic') as tier
    from billing_entitlement e
    join billing_order o on o.id = e.order_id
    join billing_plan_version v on v.id = o.plan_version_id
    where e.customer_id = $1 and e.organization_id = $2 and e.revoked_at is null
        and e.starts_at <= $3 and e.ends_at > $3
    group by e.order_id, e.plan_slug
) p
"""
"""The plans that customer $1 of organization $2 owns at $3, as JSON: a part of the one statement that reads facts."""
