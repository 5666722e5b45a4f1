"""The first tables of the record store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

DOUBLE = sa.Float(precision=53)  # structure: bits of a double
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "audit",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq"),
    )
    op.create_table(
        "claim",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index("claim_holder", "claim", ["holder"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_ms", NUMBER, nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("lease_until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("outbox_state_due", "outbox", ["state", "due_ms"], unique=False)
    op.create_table(
        "patient_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("patient", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_ms", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("patient"),
    )
    op.create_table(
        "request",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "resource",
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rk"),
        sa.UniqueConstraint("type", "id", name="resource_type_id"),
    )
    op.create_table(
        "writer",
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("writer"),
    )
    op.create_table(
        "index_date",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("low_ms", NUMBER, nullable=True),
        sa.Column("high_ms", NUMBER, nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("index_date_value", "index_date", ["parameter", "low_ms", "high_ms", "rk"], unique=False)
    op.create_table(
        "index_number",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("low", DOUBLE, nullable=True),
        sa.Column("high", DOUBLE, nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("index_number_value", "index_number", ["parameter", "low", "high", "rk"], unique=False)
    op.create_table(
        "index_quantity",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("low", DOUBLE, nullable=True),
        sa.Column("high", DOUBLE, nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "index_quantity_value", "index_quantity", ["parameter", "low", "high", "rk"], unique=False
    )
    op.create_table(
        "index_reference",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "index_reference_value", "index_reference", ["id", "type", "parameter", "rk"], unique=False
    )
    op.create_table(
        "index_string",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("normalised", sa.String(), nullable=True),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("index_string_value", "index_string", ["parameter", "normalised", "rk"], unique=False)
    op.create_table(
        "index_token",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("index_token_value", "index_token", ["parameter", "code", "system", "rk"], unique=False)
    op.create_table(
        "index_uri",
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("rk", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("index_uri_value", "index_uri", ["parameter", "value", "rk"], unique=False)
    op.create_table(
        "version",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("rk", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("key_id", NUMBER, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["patient_key.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rk"],
            ["resource.rk"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("rk", "version", name="version_rk_version"),
    )
    op.create_index("version_key_id", "version", ["key_id"], unique=False)
