"""A record of every request to a model."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("is_cached", sa.Boolean(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=True),
        sa.Column("output_tokens", sa.BigInteger(), nullable=True),
        sa.Column("charged_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=True),
        sa.Column("latency_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_record")),
    )
    op.create_index("ix_usage_record_customer", "usage_record", ["customer_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_usage_record_organization", "usage_record", ["organization_id", "created_at", "id"], unique=False
    )
    # What was asked so far counts too: until now it all came from Telegram.
    op.execute("""
        insert into usage_record (id, organization_id, customer_id, bot_id, channel, kind, model, status, error_code,
                                  is_cached, input_tokens, output_tokens, charged_tokens, cost_micro_usd, latency_ms,
                                  created_at)
        select id, organization_id, customer_id, bot_id, 'telegram', 'text', model, status, error_code, is_cached,
               input_tokens, output_tokens, charged_tokens, cost_micro_usd, latency_ms, finished_at
        from ai_access_request where finished_at is not null
    """)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
