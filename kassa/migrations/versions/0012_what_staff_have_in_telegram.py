"""What staff have in Telegram: their account, their chats, what they do not want to hear and what has been told."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin_bot_chat",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "telegram_id", name=op.f("pk_admin_bot_chat")),
    )
    op.create_index(op.f("ix_admin_bot_chat_organization_id"), "admin_bot_chat", ["organization_id"], unique=False)
    op.create_table(
        "admin_bot_refund",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_admin_bot_refund")),
    )
    op.create_table(
        "admin_bot_silence",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "kind", name=op.f("pk_admin_bot_silence")),
    )
    op.create_table(
        "admin_bot_trouble",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_admin_bot_trouble")),
    )
    op.add_column("identity_staff", sa.Column("telegram_id", sa.BigInteger(), nullable=True))
    op.add_column("identity_staff", sa.Column("telegram_name", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("identity_staff", sa.Column("telegram_linked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint(op.f("uq_identity_staff_telegram_id"), "identity_staff", ["telegram_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
