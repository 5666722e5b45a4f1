"""Calibration and maintenance of tanks that is due, and the stock of liquid nitrogen."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOUBLE = sa.Float(53)  # structure: bits of a double


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "bank_upkeep",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("every_days", NUMBER, nullable=False),
        sa.Column("due_ms", NUMBER, nullable=False),
        sa.Column("done_ms", NUMBER, nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_upkeep_turn", "bank_upkeep", ["turn"], unique=False)
    op.create_table(
        "bank_nitrogen",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("stock_l", DOUBLE, nullable=False),
        sa.Column("delivery_l", DOUBLE, nullable=False),
        sa.Column("every_days", NUMBER, nullable=False),
        sa.Column("next_days", NUMBER, nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_nitrogen_turn", "bank_nitrogen", ["turn"], unique=False)
