"""Who is in a room of tanks, and who was."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "bank_inside",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("in_ms", NUMBER, nullable=False),
        sa.Column("out_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_inside_turn", "bank_inside", ["turn"], unique=False)
    op.create_index("bank_inside_out", "bank_inside", ["out_ms"], unique=False)
