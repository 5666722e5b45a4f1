"""Who is on duty for the tanks of the biobank, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "bank_duty",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("rung", NUMBER, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("from_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_duty_turn", "bank_duty", ["turn"], unique=False)
    op.create_index("bank_duty_until", "bank_duty", ["until_ms"], unique=False)
