"""Events of the WebSocket, and their log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kassa.kit.migrate import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_event",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_live_event")),
    )
    op.create_index("ix_live_event_created", "live_event", ["created_at"], unique=False)
    op.create_table(
        "live_stream",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_live_stream")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(op.f("ix_live_stream_organization_id"), "live_stream", ["organization_id"], unique=False)
    run_script(op.get_bind(), "live.sql")
    op.execute(
        "create trigger live_session_closed after update of revoked_at on access_session for each row"
        " when (old.revoked_at is null and new.revoked_at is not null) execute function live_session_closed()"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
