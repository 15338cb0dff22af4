"""What a customer's level takes off a price and adds to a purchase."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "billing_order", sa.Column("discount_units", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "billing_order", sa.Column("bonus_tokens", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
