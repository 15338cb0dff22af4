"""Files of questions and of what pages send."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kassa.kit.migrate import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ai_access_request",
        sa.Column(
            "attachments", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
    )
    run_script(op.get_bind(), "channels_attachments.sql")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
