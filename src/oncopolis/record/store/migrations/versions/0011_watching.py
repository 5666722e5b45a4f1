"""Sensors of tanks and rooms: readings as they come, and a line an hour of those that are old."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOUBLE = sa.Float(53)  # structure: bits of a double


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "watch_sensor",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "kind"),
    )
    op.create_table(
        "watch_reading",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("sensor", sa.Integer(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("value", DOUBLE, nullable=True),
        sa.Column("doubt", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("watch_reading_sensor", "watch_reading", ["sensor", "at_ms"], unique=False)
    op.create_index("watch_reading_at", "watch_reading", ["at_ms"], unique=False)
    op.create_table(
        "watch_hour",
        sa.Column("sensor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour_ms", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("n_doubted", NUMBER, nullable=False),
        sa.Column("low", DOUBLE, nullable=True),
        sa.Column("mean", DOUBLE, nullable=True),
        sa.Column("high", DOUBLE, nullable=True),
        sa.PrimaryKeyConstraint("sensor", "hour_ms"),
    )
