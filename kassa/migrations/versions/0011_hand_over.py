"""The ledger hands what one account of a person has over to another."""

from alembic import op

from kassa.kit.migrate import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script(op.get_bind(), "merge.sql")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
