"""The web as a channel: its messages, what pages send, and the site that each organization has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kassa.kit.migrate import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("channel_web_update", start=1 << 60)))
    op.create_table(
        "channel_web_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("buttons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("attachments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("delivery", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_web_message")),
    )
    op.create_index("ix_channel_web_message_chat", "channel_web_message", ["bot_id", "chat_id", "id"], unique=False)
    op.create_index(
        "uq_channel_web_message_delivery",
        "channel_web_message",
        ["delivery"],
        unique=True,
        postgresql_where=sa.text("delivery is not null"),
    )
    op.add_column("channel_bot", sa.Column("kind", sa.Text(), server_default=sa.text("'telegram'"), nullable=False))
    op.alter_column("channel_bot", "telegram_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_index(
        "uq_channel_bot_site",
        "channel_bot",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'site'"),
    )
    op.add_column("channel_update", sa.Column("client_id", sa.Text(), nullable=True))
    op.create_index(
        "uq_channel_update_client",
        "channel_update",
        ["bot_id", "chat_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("client_id is not null"),
    )
    run_script(op.get_bind(), "channels_web.sql")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
