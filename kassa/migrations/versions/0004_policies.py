"""What is allowed and how often: rules, counters, blocks, refusals, flags, experiments, word lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kassa.kit.migrate import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policies_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("network", postgresql.CIDR(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(customer_id is null) <> (network is null)", name=op.f("ck_policies_block_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies_block")),
    )
    op.create_index(
        "ix_policies_block_created", "policies_block", ["organization_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_policies_block_customer",
        "policies_block",
        ["customer_id"],
        unique=False,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_index(
        "ix_policies_block_network",
        "policies_block",
        ["network"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={"network": "inet_ops"},
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "policies_counter",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_policies_counter")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_policies_counter_closes_at", "policies_counter", ["closes_at"], unique=False)
    op.create_table(
        "policies_experiment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("variants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies_experiment")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_policies_experiment_organization_id_name")),
    )
    op.create_table(
        "policies_flag",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_policies_flag")),
    )
    op.create_table(
        "policies_head",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("rules_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_policies_head")),
    )
    op.create_table(
        "policies_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "key", name=op.f("pk_policies_place")),
    )
    op.create_index(op.f("ix_policies_place_key"), "policies_place", ["key"], unique=False)
    op.create_table(
        "policies_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("window_key", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("subject", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("limit_value", sa.BigInteger(), nullable=False),
        sa.Column("reset_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies_refusal")),
        sa.UniqueConstraint(
            "organization_id", "window_key", name=op.f("uq_policies_refusal_organization_id_window_key")
        ),
    )
    op.create_index("ix_policies_refusal_customer", "policies_refusal", ["customer_id", "last_at"], unique=False)
    op.create_index("ix_policies_refusal_last", "policies_refusal", ["organization_id", "last_at", "id"], unique=False)
    op.create_table(
        "policies_rules",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "number", name=op.f("pk_policies_rules")),
    )
    op.create_table(
        "policies_words",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "name", name=op.f("pk_policies_words")),
    )
    op.create_table(
        "policies_exposure",
        sa.Column("experiment_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("exposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("converted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["policies_experiment.id"], name=op.f("fk_policies_exposure_experiment_id")
        ),
        sa.PrimaryKeyConstraint("experiment_id", "subject_id", name=op.f("pk_policies_exposure")),
    )
    run_script(op.get_bind(), "policies.sql")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
