"""The journal of the centre: what was done, refused or put off, a line each."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "journal",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("pathway", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=True),
        sa.Column("resource", sa.String(), nullable=True),
        sa.Column("planned_ms", NUMBER, nullable=True),
        sa.Column("asked_ms", NUMBER, nullable=True),
        sa.Column("start_ms", NUMBER, nullable=True),
        sa.Column("end_ms", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("journal_case", "journal", ["case_id"], unique=False)
    op.create_index("journal_end", "journal", ["end_ms", "seq"], unique=False)
