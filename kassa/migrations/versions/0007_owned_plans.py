"""Every purchase is a plan that its customer owns: rules and flags ask for it."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        insert into billing_entitlement
            (id, organization_id, customer_id, order_id, kind, plan_slug, starts_at, ends_at)
        select gen_random_uuid(), o.organization_id, o.customer_id, o.id, 'plan', o.plan_slug, o.paid_at,
            o.paid_at + coalesce((v.terms->>'days')::int, 36500) * interval '1 day'
        from billing_order o join billing_plan_version v on v.id = o.plan_version_id
        where o.status in ('paid', 'partially_refunded') and o.paid_at is not null
        on conflict (order_id, kind) do nothing
    """)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
