"""Links by which patients and carers open the page of a journey."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "journey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("patient", sa.String(), nullable=False),
        sa.Column("carer", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("first_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("bound_ms", NUMBER, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("locked_ms", NUMBER, nullable=True),
        sa.Column("ended_ms", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("journey_patient", "journey", ["patient"], unique=False)
    op.create_index("journey_device", "journey", ["device"], unique=False)
    op.create_index("journey_locked", "journey", ["locked_ms"], unique=False)
