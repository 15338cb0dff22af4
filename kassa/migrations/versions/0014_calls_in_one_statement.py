"""Calls of customers' programs begin and end in one statement each."""

from alembic import op

from kassa.kit.migrate import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script(op.get_bind(), "api_access.sql")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
